"""How a presentation is shown: its facts, its timeline, and what can be done with it now."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conferences.models import Presentation
from conferences.presentation_access import may_move
from conferences.states import PRESENTATION_MOVES, PresentationState, PresentationVerb
from schools.access import Actor

S, V = PresentationState, PresentationVerb
KINDS = {
    S.DRAFT: ("wait", "pencil"),
    S.PROPOSED: ("wait", ""),
    S.RETURNED: ("wait", "arrow-return-left"),
    S.ENDORSED: ("info", "hand-thumbs-up"),
    S.SUBMITTED: ("info", "send"),
    S.ACCEPTED: ("ok", ""),
    S.REJECTED: ("no", ""),
    S.WITHDRAWN: ("quiet", ""),
    S.PRESENTED: ("ok", "easel2"),
    S.PUBLISHED: ("ok", "book"),
    S.AWARDED: ("ok", "award"),
}
"""Kind and icon of the badge."""
DEEDS = {
    V.PROPOSE: gettext_lazy("Send for review"),
    V.ENDORSE: gettext_lazy("Endorse"),
    V.RETURN: gettext_lazy("Return for revision"),
    V.SUBMIT: gettext_lazy("Note: submitted to the conference"),
    V.ACCEPT: gettext_lazy("Note: the conference has accepted"),
    V.REJECT: gettext_lazy("Note: the conference has not accepted"),
    V.PRESENT: gettext_lazy("Note: presented"),
    V.PUBLISH: gettext_lazy("Note: published"),
    V.AWARD: gettext_lazy("Note: awarded"),
    V.REOPEN: gettext_lazy("Open again"),
    V.UNDO_OUTCOME: gettext_lazy("Take back the answer of the conference"),
    V.UNDO_PRESENTED: gettext_lazy("Take back «presented»"),
    V.UNDO_LATER: gettext_lazy("Take back «published» or «awarded»"),
    V.WITHDRAW: gettext_lazy("Withdraw the proposal"),
}
QUIET = (V.RETURN, V.REJECT, V.REOPEN, V.UNDO_OUTCOME, V.UNDO_PRESENTED, V.UNDO_LATER, V.WITHDRAW)


@dataclass(frozen=True, slots=True)
class Deed:
    """A move that the reader may make now. `asks` names the field that it needs: note, award or none."""

    verb: str
    label: str
    quiet: bool
    asks: str


def deeds(actor: Actor, presentation: Presentation) -> list[Deed]:
    asks = {V.RETURN: "note", V.AWARD: "award"}
    return [
        Deed(verb, str(label), verb in QUIET, asks.get(verb, ""))
        for verb, label in DEEDS.items()
        if verb in PRESENTATION_MOVES and may_move(actor, presentation, verb)
    ]


def facts_of(presentation: Presentation) -> list[tuple[str, object]]:
    return [
        (_("Format"), capfirst(presentation.get_format_display())),
        (capfirst(_("language")), capfirst(presentation.get_language_display())),
        (capfirst(_("keywords")), presentation.keywords),
        (capfirst(_("award")), presentation.award),
        (capfirst(_("blind review")), _("yes") if presentation.blind else None),
    ]


def steps_of(presentation: Presentation) -> list[dict[str, object]]:
    """The timeline: what happened, by whom."""
    refused = (V.REJECT, V.WITHDRAW)
    return [
        {
            "title": move.get_verb_display(),
            "state": "no" if move.verb in refused else "done",
            "at": move.at,
            "who": move.actor.full_name if move.actor else "",
            "note": move.note,
        }
        for move in presentation.moves.select_related("actor").order_by("at", "id")
    ]
