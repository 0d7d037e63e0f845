"""What HQ does with places for a conference: says how many there are, and until when librarians apply."""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conferences import delegation_access as access
from conferences.delegation_queries import locked
from conferences.delegation_states import Stage
from conferences.models import Delegation, Edition
from conferences.presentation_moves import CLOSED
from conferences.standing import standing
from courses.plans import differences, facts_of
from courses.states import AllocationState
from schools import audit
from schools.access import Actor
from schools.errors import Refused, Stale


@dataclass(frozen=True, slots=True)
class Places:
    """What HQ decides: places in all, at most from one school (None: as it comes), the last day of applications."""

    places: int
    school_cap: int | None
    closes_on: date


NAMES = ("places", "school_cap", "closes_on")


@transaction.atomic
def set_places(*, edition: Edition, values: Places, actor: Actor) -> Delegation:
    """Open places for a conference, or change what was opened, as often as needed until they are given.

    With a later last day applications come in anew, and a proposal that stands is dropped.

    Raises Refused for others, for a conference that is over and for a last day in the past or after the first day
    of the conference; Stale once the places are given.
    """
    if not access.may_set_places(actor):
        raise Refused(_("Only coordinators open places for a conference."))
    edition = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    if standing(edition, timezone.localdate()) in CLOSED:
        raise Refused(_("This conference is over: there are no places to give."))
    found = Delegation.objects.filter(edition=edition).values_list("pk", flat=True).first()
    row = locked(found) if found else Delegation(edition=edition)
    if row.published_at is not None:
        raise Stale(_("The places are given already; nothing can be changed here."))
    before = facts_of(row, NAMES) if found else dict.fromkeys(NAMES)
    _refuse_days(edition, row, values)
    for name, value in asdict(values).items():
        setattr(row, name, value)
    row.save()
    if row.stage(timezone.localdate()) == Stage.OPEN:
        row.proposals.filter(state=AllocationState.DRAFT).update(state=AllocationState.DROPPED)
    if changes := differences(before, facts_of(row, NAMES)):
        verb = "delegation.change" if found else "delegation.open"
        audit.record(actor=actor, verb=verb, subject=row, changes=changes)
    return row


def _refuse_days(edition: Edition, row: Delegation, values: Places) -> None:
    moved = row.pk is None or values.closes_on != row.closes_on
    if moved and values.closes_on < timezone.localdate():
        raise Refused(_("This day is over already."))
    if edition.starts_on and values.closes_on >= edition.starts_on:
        raise Refused(_("The last day of applications must be before the conference begins."))
