"""The one way in which a promise changes its state."""

from django.utils import timezone
from django.utils.translation import gettext as _

from conferences.models import Promise
from conferences.sharing_states import PROMISE_MOVES
from conferences.trip_states import PromiseState
from schools import audit, outbox
from schools.access import Actor
from schools.errors import Stale


def locked(promise: Promise) -> Promise:
    """The row as it is now, locked until the transaction ends. Promises are locked after trips."""
    rows = Promise.objects.select_for_update(no_key=True, of=("self",)).select_related("trip", "person")
    return rows.get(pk=promise.pk)


def make(promise: Promise, name: str, *, actor: Actor, run_id: int | None = None, note: str = "") -> None:
    """Make the move on a locked row, write the ledger, and take back letters that are no longer true.

    Raises Stale if it may not start from where the promise stands.
    """
    move = PROMISE_MOVES[name]
    if promise.state != move.source:
        raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
    before = {"state": promise.state, "run": promise.run_id}
    promise.state, promise.run_id, promise.note = move.target, run_id, note
    promise.settled_at = None if move.target == PromiseState.OPEN else timezone.now()
    promise.save(update_fields=["state", "run", "note", "settled_at"])
    changes = {
        field: (old, getattr(promise, f"{field}_id" if field == "run" else field)) for field, old in before.items()
    }
    changes = {field: pair for field, pair in changes.items() if pair[0] != pair[1]}
    audit.record(
        actor=actor, verb=f"promise.{name}", subject=promise, changes=changes, note=note, person=promise.person
    )
    outbox.supersede(about=promise)
