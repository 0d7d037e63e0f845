"""Letters about a published allocation: every applicant hears once what it gave and why."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses import allocation_telling, calendars
from courses.letters import ALLOCATED, Words, course_facts, page_link
from courses.models import Allocation, AllocationOutcome, Enrolment, EnrolmentMove
from courses.states import EnrolmentState, Hindrance, Verb
from schools import outbox, wording

SWEEP_BATCH = 500
PLACE = Words(
    _("You have a place"),
    _("Places have been allocated, and you have one. The calendar entry is attached."),
)
SINCE = Words(
    _("Places have been allocated"),
    _("At first there was no place for you. Since then one has come free, and a letter of its own tells of it."),
)
NO_PLACE = Words(
    _("You have no place yet"),
    _("Places have been allocated, and there were too few for all. You are on the waiting list."),
    _("Look at it, or appeal"),
)
LEFT = Words(
    _("You have no place"),
    _("Places have been allocated, and none could be given to you. The reason is below."),
    _("Look at it, or appeal"),
)


def tell_allocation(*, allocation_id: int) -> int:
    """Put the letters that are still owed into the outbox, one by one; returns how many there were."""
    return _tell(AllocationOutcome.objects.filter(allocation=allocation_id, told_at=None).values_list("pk", flat=True))


def tell_untold() -> int:
    """Tell what no worker told, the oldest first."""
    owed = AllocationOutcome.objects.filter(told_at=None).order_by("pk").values_list("pk", flat=True)
    return _tell(owed[:SWEEP_BATCH])


def _tell(keys: Iterable[int]) -> int:
    owed = list(keys)
    for key in owed:
        _tell_one(key)
    return len(owed)


@transaction.atomic
def _tell_one(outcome_id: int) -> None:
    rows = AllocationOutcome.objects.select_for_update(no_key=True, of=("self",)).filter(pk=outcome_id, told_at=None)
    row = rows.select_related("allocation__intake", "enrolment__person", "edit", "run__course", "run__host").first()
    if row is None:
        return
    person = row.enrolment.person
    mine = list(
        Enrolment.objects.filter(person=person, run__intake=row.allocation.intake)
        .select_related("run__course", "run__host")
        .order_by("wish", "pk")
    )
    place = next((one for one in mine if one.run_id == row.run_id), None)
    about = place or row.enrolment
    since, left = _moved_since(row.allocation, mine), row.hindrance == Hindrance.LEFT
    for one in mine:
        if one.pk not in since:  # a place that has come free since has a letter of its own
            outbox.supersede(about=one)
    with translation.override(person.language):
        context = {
            "words": PLACE if place else SINCE if since else LEFT if left else NO_PLACE,
            "rows": _facts(row.allocation, place, [] if left else mine),
            "told": allocation_telling.told(row),
            "run": about.run if place else (mine[0].run if mine else about.run),
            "link": page_link("courses:enrolment", about.uid, language=person.language),
        }
    outbox.enqueue(
        kind=ALLOCATED,
        dedupe_key=f"allocation:{row.allocation_id}:{person.pk}",
        language=person.language,
        person=person,
        about=about,
        calendar=calendars.entry(place.run, language=person.language) if place else b"",
        context=context,
    )
    row.told_at = timezone.now()
    row.save(update_fields=["told_at"])


def _moved_since(allocation: Allocation, mine: list[Enrolment]) -> set[int]:
    """Which of these applications got or were offered a place after the allocation had been published."""
    rows = EnrolmentMove.objects.filter(enrolment__in=mine, verb__in=(Verb.OFFER, Verb.CONFIRM))
    return set(rows.filter(at__gte=allocation.published_at).values_list("enrolment", flat=True))


def _facts(allocation: Allocation, place: Enrolment | None, mine: list[Enrolment]) -> list[tuple[str, str]]:
    """The run of the place, or where the applicant waits and until when they may appeal; in the active language."""
    if place:
        return course_facts(place.run)
    until = allocation_telling.appeal_until(allocation)
    lines = [(str(one.run.course), _place_in_line(one)) for one in mine if one.state == EnrolmentState.WAITING]
    return [*lines, (gettext("Appeals until"), wording.long_date(until) if until else "")]


def _place_in_line(row: Enrolment) -> str:
    dates = wording.date_range(row.run.starts_on, row.run.ends_on) if row.run.starts_on else ""
    state = gettext("on the waiting list")
    return f"{dates}, {state}" if dates else state
