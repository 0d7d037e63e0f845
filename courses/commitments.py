"""Places kept and not kept: who took part, who withdrew after the deadline, who did not come.

Derived from results, attendance and moves, never written down; what an organiser withdraws counts against nobody.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import Attendance, Enrolment, EnrolmentMove
from courses.queries import window_start
from courses.states import EnrolmentState, Presence, RunState, Verb


@dataclass(frozen=True, slots=True)
class Commitments:
    """How often a person took part, withdrew after the deadline, and was absent without a valid reason."""

    kept: int = 0
    late: int = 0
    absent: int = 0


NONE = Commitments()


def of_people(people: Collection[int], *, on: date) -> dict[int, Commitments]:
    """Of these people, by key, in the moving window that ends on that day; of whom nothing is known is not there.

    A place was kept by who completed the course or was at any meeting of it. Absent was who did not pass a run where
    attendance was taken, was at none of its meetings and had no valid reason for any. A run counts by its last day, a
    late withdrawal by its own day; one from a run that was called off does not count. Two queries.
    """
    since = window_start(on)
    found = {person: (kept, absent) for person, kept, absent in _results(people, since, on)}
    late = dict(_late(people, since, on))
    return {
        person: Commitments(kept, late.get(person, 0), absent)
        for person in found.keys() | late.keys()
        for kept, absent in [found.get(person, (0, 0))]
    }


def of(person_id: int, *, on: date) -> Commitments:
    """The same of one person."""
    return of_people([person_id], on=on).get(person_id, NONE)


def words(one: Commitments) -> list[tuple[str, int]]:
    """What is told of a person: label and how often, in the active language."""
    return [
        (_("Took part in courses"), one.kept),
        (_("Withdrew after the deadline"), one.late),
        (_("Did not come, without a valid reason"), one.absent),
    ]


def _results(people: Collection[int], since: date, on: date) -> list[tuple[int, int, int]]:
    def marked(presence: str) -> Exists:
        return Exists(Attendance.objects.filter(enrolment=OuterRef("pk"), presence=presence))

    done, failed = Q(state=EnrolmentState.COMPLETED), Q(state=EnrolmentState.NOT_COMPLETED)
    came, excused = Q(marked(Presence.PRESENT)), Q(marked(Presence.EXCUSED))
    taken = Q(Exists(Attendance.objects.filter(meeting__run=OuterRef("run"))))
    rows = Enrolment.objects.filter(done | failed, person__in=people, run__ends_on__range=(since, on)).order_by()
    counts = {
        "kept": Count("pk", filter=done | (failed & came)),
        "absent": Count("pk", filter=failed & taken & ~came & ~excused),
    }
    return list(rows.values_list("person").annotate(**counts))


def _late(people: Collection[int], since: date, on: date) -> list[tuple[int, int]]:
    begin, end = _midnight(since), _midnight(on + timedelta(days=1))
    rows = EnrolmentMove.objects.filter(enrolment__person__in=people, verb=Verb.LATE, at__gte=begin, at__lt=end)
    rows = rows.exclude(enrolment__run__state=RunState.CANCELLED).order_by()
    return list(rows.values_list("enrolment__person").annotate(n=Count("pk")))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
