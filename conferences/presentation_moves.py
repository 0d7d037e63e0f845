"""The one way in which a presentation changes its state. Each move writes its timeline row, the ledger and letters."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conferences import presentation_letters, presentation_queries
from conferences.models import Presentation, PresentationMove
from conferences.presentation_access import parts
from conferences.standing import Standing, standing
from conferences.states import PRESENTATION_MOVES, AuthorState, PresentationState, PresentationVerb, ReviewState
from schools import audit
from schools.access import Actor
from schools.errors import Refused, Stale

V = PresentationVerb
NEEDS_NOTE = (V.RETURN,)
CLOSED = (Standing.HELD, Standing.OVER, Standing.NOT_HELD)


@transaction.atomic
def make(*, presentation: Presentation, verb: str, actor: Actor, note: str = "", award: str = "") -> None:
    """Make the move for somebody who may.

    Raises Stale if it may not start from where the presentation stands, Refused for whoever plays no part in it
    and where its gate is shut (see `_gate`), ValueError for an unknown verb.
    """
    if verb not in PRESENTATION_MOVES:
        raise ValueError(f"no move is called {verb}")
    row = presentation_queries.locked(presentation)
    move = PRESENTATION_MOVES[verb]
    if not parts(actor, row) & set(move.who):
        raise Refused(_("This is not yours to decide."))
    if row.state not in move.sources:
        raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
    _gate(row, verb, note=note, award=award)
    if row.state == PresentationState.PROPOSED:
        row.reviews.filter(state=ReviewState.ASKED).update(state=ReviewState.LIFTED)
    before = {"state": row.state, "award": row.award}
    row.state, row.changed_at = move.target, timezone.now()
    row.award = award.strip() if verb == V.AWARD else ""
    row.save(update_fields=["state", "award", "changed_at"])
    write_down(row, verb, actor=actor, before=before, note=note)


def write_down(row: Presentation, verb: str, *, actor: Actor, before: Mapping[str, str | None], note: str = "") -> None:
    """The timeline row, the entry of the ledger and the letters of a move that was made."""
    move = PresentationMove.objects.create(
        presentation=row, verb=verb, state=row.state, actor_id=actor.person_id, at=row.changed_at, note=note
    )
    after = {"state": row.state, "award": row.award}
    changes = {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}
    audit.record(actor=actor, verb=f"presentation.{verb}", subject=row, changes=changes, note=note)
    presentation_letters.tell_move(row, move)


def _gate(row: Presentation, verb: str, *, note: str, award: str) -> None:
    """What a move asks for beside state and person. Raises Refused."""
    today = timezone.localdate()
    if verb in NEEDS_NOTE and not note.strip():
        raise Refused(_("Write what is to be changed: the authors read it."))
    if verb == V.AWARD and not award.strip():
        raise Refused(_("Write which award it was."))
    if verb == V.PROPOSE and standing(row.edition, today) in CLOSED:
        raise Refused(_("This conference is over: nothing can be proposed to it."))
    if verb == V.ENDORSE and row.reviews.filter(state=ReviewState.ASKED).exists():
        raise Refused(_("A review is still awaited. Wait for it, or say that it is no longer needed."))
    if verb == V.SUBMIT and any(author.state == AuthorState.INVITED for author in row.authors.all()):
        raise Refused(_("An author has not confirmed yet. Wait, or take the name out."))
    if verb == V.PRESENT and (row.edition.starts_on is None or row.edition.starts_on > today):
        raise Refused(_("The conference has not begun yet."))
