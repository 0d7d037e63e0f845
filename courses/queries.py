"""Reads of courses that are used twice or more."""

from datetime import date, datetime

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from courses.models import Enrolment, EnrolmentMove, Meeting, Run
from courses.states import HOLDING, OPEN, EnrolmentState, RunState
from schools.access import Actor
from schools.agenda import clashes
from schools.models import Busy, Person
from schools.states import Role


def _count(states: tuple[str, ...]) -> Coalesce:
    rows = Enrolment.objects.filter(run=OuterRef("pk"), state__in=states).order_by().values("run")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


def with_seats(runs: QuerySet[Run]) -> QuerySet[Run]:
    """Adds `taken` (confirmed and offered), `queue` (waiting) and `free` places, never below 0."""
    return runs.annotate(
        taken=_count(HOLDING),
        queue=_count((EnrolmentState.WAITING,)),
    ).annotate(free=F("capacity") - F("taken"))


def for_cards(runs: QuerySet[Run]) -> QuerySet[Run]:
    """With everything a card of the catalogue shows."""
    return (
        with_seats(runs)
        .select_related("course__topic", "host", "chain")
        .prefetch_related("host__names", "chain__steps")
    )


def visible_runs() -> QuerySet[Run]:
    """Runs that everyone may see."""
    return Run.objects.filter(state__in=(RunState.PUBLISHED, RunState.CANCELLED, RunState.CLOSED))


def upcoming_runs(*, today: date) -> QuerySet[Run]:
    """Published runs that have not ended, «to be announced» last."""
    return (
        Run.objects.filter(state=RunState.PUBLISHED)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
        .order_by(F("starts_on").asc(nulls_last=True), "id")
    )


def run_clashes(*, person: Person, run: Run) -> QuerySet[Busy]:
    """What already takes the person's time while the run meets; the run's own rows do not count."""
    own = Enrolment.objects.filter(person=person, run=run).values_list("pk", flat=True)
    rows = clashes(person=person, spans=Meeting.objects.filter(run=run), start="starts_at", end="ends_at")
    return rows.exclude(source__in=[busy_source(pk) for pk in own])


def busy_source(enrolment_id: int) -> str:
    """How the ledger of taken time names an enrolment."""
    return f"enrolment:{enrolment_id}"


def titles_of(sources: list[str]) -> dict[str, str]:
    """Course titles behind rows of taken time, by source; sources of other rooms are left out."""
    ids = [int(s.split(":")[1]) for s in sources if s.startswith("enrolment:")]
    rows = Enrolment.objects.filter(pk__in=ids).select_related("run__course")
    return {busy_source(row.pk): str(row.run.course) for row in rows}


def to_decide(actor: Actor) -> QuerySet[Enrolment]:
    """Enrolments that wait for this actor's word, the oldest deadline first. Never the actor's own."""
    mine = Q(decider=Role.DIRECTOR, school__in=actor.schools_led())
    if actor.has(Role.HQ):
        mine |= Q(decider=Role.HQ)
    return (
        Enrolment.objects.filter(mine, state=EnrolmentState.PENDING)
        .exclude(person_id=actor.person_id)
        .select_related("person", "run__course", "run__chain", "school")
        .prefetch_related("school__names")
        .order_by("step_due", "id")
    )


def enrolments_of(person_id: int) -> QuerySet[Enrolment]:
    """All of a person's enrolments with what lists show, the newest first."""
    return (
        Enrolment.objects.filter(person_id=person_id)
        .select_related("run__course", "run__host", "run__chain")
        .prefetch_related("run__host__names")
        .order_by("-created_at", "-id")
    )


def open_enrolments_of(person_id: int) -> QuerySet[Enrolment]:
    return enrolments_of(person_id).filter(state__in=OPEN, run__state=RunState.PUBLISHED)


def next_meetings(person_id: int, *, now: datetime) -> QuerySet[Meeting]:
    """Coming meetings of runs in which the person holds a seat."""
    seats = Enrolment.objects.filter(person_id=person_id, state=EnrolmentState.CONFIRMED).values("run")
    return (
        Meeting.objects.filter(run__in=seats, run__state=RunState.PUBLISHED, ends_at__gt=now)
        .select_related("run__course", "run__host")
        .prefetch_related("run__host__names")
        .order_by("starts_at")
    )


def with_moves(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Adds the moves with their actors, in order, for a timeline."""
    return enrolments.prefetch_related(
        Prefetch("moves", queryset=EnrolmentMove.objects.select_related("actor").order_by("id"))
    )
