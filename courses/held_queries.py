"""Reads about seats that schools hold before names are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from courses.models import Enrolment, Run, SeatShare
from courses.states import LIVE, EnrolmentState, RunState
from schools.models import School


@dataclass(frozen=True, slots=True)
class Held:
    """A school with the seats it holds in a run, and how many of them have a name."""

    school: School
    held: int
    named: int


def held_by_schools(run: Run, schools: QuerySet[School]) -> list[Held]:
    """Each of the schools, in their own order."""
    held = dict(SeatShare.objects.filter(run=run, school__isnull=False).values_list("school_id", "held"))
    names = named(run)
    return [Held(one, held.get(one.pk, 0), names.get(one.pk, 0)) for one in schools.prefetch_related("names")]


def named(run: Run) -> dict[int, int]:
    """Of each school, how many of its held seats have a name that may still take part, or does."""
    rows = Enrolment.objects.filter(run=run, of_held=True, state__in=LIVE, school__isnull=False).order_by()
    return dict(rows.values_list("school_id").annotate(n=Count("pk")))


def names_of(run: Run, school: School) -> list[Enrolment]:
    """Who was named for the school's held seats and may still take part, or does."""
    rows = Enrolment.objects.filter(run=run, school=school, of_held=True, state__in=LIVE)
    return list(rows.select_related("person", "run").order_by("number"))


def nameless(
    *, merges_after: datetime, merges_before: datetime, states: Sequence[EnrolmentState] = LIVE
) -> QuerySet[SeatShare]:
    """Held seats, in published runs that merge in that time, for which nobody is named in one of these states.

    Adds `nameless`, how many. A name that may still take part is one before the seats go to all; afterwards one that
    has the seat.
    """
    people = Enrolment.objects.filter(
        run=OuterRef("run"), school=OuterRef("school"), of_held=True, state__in=states
    ).order_by()
    count = Subquery(people.values("run").annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    return (
        SeatShare.objects.annotate(until=Coalesce("run__merge_at", "run__closes_at"))
        .filter(
            until__gt=merges_after,
            until__lte=merges_before,
            run__state=RunState.PUBLISHED,
            held__gt=0,
        )
        .annotate(nameless=F("held") - Coalesce(count, 0))
        .filter(nameless__gt=0)
        .select_related("run__course", "run__host", "run__contact", "school")
        .prefetch_related("school__names")
        .order_by("id")
    )
