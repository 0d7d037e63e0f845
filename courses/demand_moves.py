"""The one way in which a demand changes its state."""

from django.utils.translation import gettext as _

from courses.models import Demand, Run
from courses.states import DEMAND_MOVES
from schools import audit
from schools.access import Actor
from schools.errors import Stale


def locked(demand: Demand) -> Demand:
    """The row as it is now, locked until the transaction ends. Demands are locked after runs, by pk.

    Raises Demand.DoesNotExist if it has gone.
    """
    rows = Demand.objects.select_for_update(no_key=True, of=("self",)).select_related("topic", "region", "run")
    return rows.get(pk=demand.pk)


def make(demand: Demand, name: str, *, actor: Actor, run: Run | None = None, note: str = "") -> None:
    """Make the move on a locked row and write the ledger. Raises Stale if it may not start from where it stands.

    `run` is what it is planned with; moves to an end with a run keep theirs.
    """
    move = DEMAND_MOVES[name]
    if demand.state not in move.sources:
        raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
    before = {"state": demand.state, "run": demand.run_id}
    demand.state = move.target
    if name != "meet":
        demand.run = run
    demand.save(update_fields=["state", "run"])
    changes = {"state": (before["state"], demand.state), "run": (before["run"], demand.run_id)}
    changes = {field: pair for field, pair in changes.items() if pair[0] != pair[1]}
    audit.record(actor=actor, verb=f"demand.{name}", subject=demand, changes=changes, note=note)
