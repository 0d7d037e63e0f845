"""What the pages of this room share: tabs of its lists, the way back, how a refusal is answered."""

from django.urls import reverse
from django.utils.translation import gettext as _

from conferences import budget_access
from conferences.models import Delegation, Edition, Presentation
from schools.access import NOBODY, Actor


def room_tabs(here: str, actor: Actor = NOBODY) -> list[tuple[str, str, bool]]:
    """The parts of the room that its list pages share, as far as the reader may open them."""
    offices = budget_access.may_see_all_budgets(actor)
    parts = (
        (_("Conferences"), "editions", True),
        (_("Presentations"), "presentations", True),
        (_("Trips"), "trips", True),
        (_("Promises"), "promises", True),
        (_("Chain of effect"), "effect", True),
        (_("Reports of trips"), "written_reports", True),
        (_("Budgets"), "budgets", offices or bool(actor.schools_led())),
        (_("Exchange rates"), "rates", offices),
        (_("Per diem norms"), "norms", offices),
    )
    return [(label, reverse(f"conferences:{name}"), name == here) for label, name, shown in parts if shown]


def trail_to(edition: Edition | None = None) -> list[tuple[str, str]]:
    """The way back from a page about this conference."""
    trail = [(_("Conferences"), reverse("conferences:editions"))]
    if edition is not None:
        trail.append((str(edition), reverse("conferences:edition", args=[edition.uid])))
    return trail


def trail_to_places(delegation: Delegation) -> list[tuple[str, str]]:
    """The way back from a page about one application for a place."""
    edition = delegation.edition
    return [*trail_to(edition), (_("Places"), reverse("conferences:delegation", args=[edition.uid]))]


def presentation_trail(presentation: Presentation | None) -> list[tuple[str, str]]:
    """The way back from a page about this presentation, or from a new one."""
    trail = [(_("Presentations"), reverse("conferences:presentations"))]
    if presentation is not None:
        trail.append((presentation.title, reverse("conferences:presentation", args=[presentation.uid])))
    return trail
