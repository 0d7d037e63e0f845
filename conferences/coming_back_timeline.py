"""What happened to an account, and what comes next, as a timeline shows it."""

from django.utils.translation import gettext as _

from conferences.coming_back_states import AdvanceState, AdvanceVerb
from conferences.models import AdvanceReport

NEXT = {
    AdvanceState.DRAFT: lambda: _("The travellers write it"),
    AdvanceState.RETURNED: lambda: _("The travellers change it"),
    AdvanceState.SUBMITTED: lambda: _("Finance decides"),
}


def steps(report: AdvanceReport) -> list[dict[str, object]]:
    """Moves, oldest first, and who has it now. The report comes with its moves."""
    found: list[dict[str, object]] = [
        {
            "title": move.get_verb_display(),
            "state": "no" if move.verb == AdvanceVerb.RETURN else "done",
            "at": move.at,
            "who": move.actor.full_name if move.actor else "",
            "note": move.note,
        }
        for move in report.moves.all()
    ]
    if words := NEXT.get(AdvanceState(report.state)):
        found.append({"title": words(), "state": "now"})
    return found
