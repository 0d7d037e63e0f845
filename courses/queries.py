"""Reads of courses that are used twice or more."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest

from courses.models import Enrolment, EnrolmentMove, Meeting, Run, SeatShare
from courses.states import HOLDING, LIVE, OPEN, SEATED, EnrolmentState, RunState
from schools import norms
from schools.access import Actor
from schools.agenda import Span, clashes
from schools.models import Busy, Person, School
from schools.queries import in_memberships
from schools.states import Language, Role


def _count(states: tuple[str, ...]) -> Coalesce:
    rows = Enrolment.objects.filter(run=OuterRef("pk"), state__in=states).order_by().values("run")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


def with_seats(runs: QuerySet[Run]) -> QuerySet[Run]:
    """Adds `taken` (confirmed and offered), `queue` (waiting) and `free` places, never below 0."""
    return (
        with_taken(runs)
        .annotate(queue=_count((EnrolmentState.WAITING,)))
        .annotate(free=Greatest(F("capacity") - F("taken"), 0))
    )


def with_taken(runs: QuerySet[Run]) -> QuerySet[Run]:
    """Adds `taken` places alone, for lists that need no more."""
    return runs.annotate(taken=_count(HOLDING))


REGION = Coalesce("region__iso", "host__region__iso")
"""The region that a run is for: its own where it names one, else that of the host school."""
ON_CARDS = ["uid", "state", "starts_on", "ends_on", "zone", "country", "language", "capacity", "opens_at", "closes_at"]
ON_CARDS += ["course__kind", "course__hours", "course__format", "host__code", "chain__code", "outreach"]
ON_CARDS_IN_LANGUAGES = ("place", "course__title", "region__name", "host__region__name")
ON_CARDS += [f"{field}_{language}" for field in ON_CARDS_IN_LANGUAGES for language in Language.values]


def for_cards(runs: QuerySet[Run]) -> QuerySet[Run]:
    """With everything a card of the catalogue shows, and nothing else."""
    return (
        runs.select_related("course", "host__region", "region", "chain")
        .prefetch_related("host__names", "chain__steps")
        .only(*ON_CARDS)
        .order_by()
    )


def seat_counts(run_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Of each run in which somebody takes part: places taken (confirmed and offered), and people waiting."""
    held, waiting = Count("pk", filter=Q(state__in=HOLDING)), Count("pk", filter=Q(state=EnrolmentState.WAITING))
    rows = (
        Enrolment.objects.filter(run__in=run_ids).order_by().values_list("run_id").annotate(held=held, waiting=waiting)
    )
    return {run_id: (taken, queue) for run_id, taken, queue in rows}


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
    own = Enrolment.objects.filter(person=person, run=run).order_by().values_list("pk", flat=True)
    rows = clashes(person=person, spans=Meeting.objects.filter(run=run), start="starts_at", end="ends_at")
    return rows.exclude(source__in=[busy_source(pk) for pk in own])


def spans_of(run: Run) -> list[Span]:
    """When the run meets: start and exclusive end of each meeting."""
    return [(meeting.starts_at, meeting.ends_at) for meeting in run.meetings.all()]


def busy_source(enrolment_id: int) -> str:
    """How the ledger of taken time names an enrolment."""
    return f"enrolment:{enrolment_id}"


def titles_of(sources: list[str]) -> dict[str, str]:
    """Course titles behind rows of taken time, by source; sources of other rooms are left out."""
    ids = [int(s.split(":")[1]) for s in sources if s.startswith("enrolment:")]
    rows = Enrolment.objects.filter(pk__in=ids).select_related("run__course") if ids else []
    return {busy_source(row.pk): str(row.run.course) for row in rows}


def to_decide(actor: Actor) -> QuerySet[Enrolment]:
    """Enrolments that wait for this actor's word, the oldest deadline first. Never the actor's own."""
    mine = Q(decider=Role.DIRECTOR, school__in=actor.schools_led())
    if actor.has(Role.HQ):
        mine |= Q(decider=Role.HQ)
    return (
        Enrolment.objects.filter(mine, state=EnrolmentState.PENDING)
        .exclude(person=actor.person_id)
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


def for_page(runs: QuerySet[Run]) -> QuerySet[Run]:
    """With everything the page of one run shows; `has_shares`: schools or regions have rules of their own."""
    return (
        with_seats(runs)
        .annotate(has_shares=Exists(SeatShare.objects.filter(run=OuterRef("pk"))))
        .select_related("course__topic", "host__region", "region", "chain", "contact", "intake")
        .prefetch_related("host__names", "chain__steps", "meetings", "trainers__person", "materials")
    )


def for_enrolment_page() -> QuerySet[Enrolment]:
    """With everything the page of one application shows."""
    return Enrolment.objects.select_related(
        "person", "school", "nominated_by", "run__course__topic", "run__host", "run__chain", "run__contact"
    ).prefetch_related("school__names", "run__host__names", "run__chain__steps", "run__meetings", "run__materials")


def place_in_queue(enrolment: Enrolment) -> int | None:
    """1 for the next in line; None where the enrolment does not wait."""
    if enrolment.state != EnrolmentState.WAITING:
        return None
    ahead = Enrolment.objects.filter(
        run_id=enrolment.run_id, state=EnrolmentState.WAITING, number__lt=enrolment.number
    ).count()
    return ahead + 1


def nominees(actor: Actor, run: Run, *, today: date, school: School | None = None) -> QuerySet[Person]:
    """Librarians (of that school alone, if given) whom the actor may propose and who are not in the run yet."""
    where: dict[str, object] = {"role": Role.LIBRARIAN}
    if school:
        where["school"] = school
    if not actor.runs_network:
        where["school__in"] = actor.schools_led()
    taken = Enrolment.objects.filter(run=run, state__in=LIVE).values("person")
    return (
        Person.objects.filter(in_memberships(today, **where), archived_at=None)
        .exclude(pk__in=[actor.person_id])
        .exclude(pk__in=taken)
        .order_by("surname", "given_name")
    )


def with_history(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Adds `finished`, the courses the applicant completed, and seats of the run, for the approver."""
    done = (
        Enrolment.objects.filter(person=OuterRef("person"), state=EnrolmentState.COMPLETED)
        .order_by()
        .values("person")
        .annotate(n=Count("pk"))
        .values("n")
    )
    held = (
        Enrolment.objects.filter(run=OuterRef("run"), state__in=HOLDING)
        .order_by()
        .values("run")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return enrolments.annotate(finished=Coalesce(Subquery(done), 0), run_taken=Coalesce(Subquery(held), 0)).annotate(
        seats_left=Greatest(F("run__capacity") - F("run_taken"), 0)
    )


def finished_count(person_id: int) -> int:
    """How many courses the person has completed."""
    return Enrolment.objects.filter(person_id=person_id, state=EnrolmentState.COMPLETED).count()


ASKED_FOR = timedelta(days=30)
"""How long after its last day a course asks what it was like."""


def to_answer(person_id: int, *, today: date) -> QuerySet[Enrolment]:
    """Courses that ended lately and about which the person has not said anything yet."""
    return (
        Enrolment.objects.filter(
            person_id=person_id,
            state__in=SEATED,
            run__ends_on__range=(today - ASKED_FOR, today - timedelta(days=1)),
            feedback_given=None,
        )
        .exclude(run__state=RunState.CANCELLED)
        .select_related("run__course")
        .order_by("-run__ends_on", "-id")
    )


def window_start(on: date) -> date:
    """First day of the moving window that ends on that day: 24.11.2023 for three years up to 23.11.2026."""
    years = norms.value("target_years", on=on)
    try:
        before = on.replace(year=on.year - years)
    except ValueError:  # 29 February
        before = on.replace(year=on.year - years, day=28)
    return before + timedelta(days=1)


def hours_in_window(person_id: int, on: date) -> int:
    """Academic hours of the courses completed in the moving window up to that day, by the last day of the run."""
    return hours_by_person([person_id], on).get(person_id, 0)


def hours_by_person(people: Collection[int], on: date) -> dict[int, int]:
    """The same for many people, by key; those without hours are left out."""
    rows = Enrolment.objects.filter(
        person__in=people, state=EnrolmentState.COMPLETED, run__ends_on__range=(window_start(on), on)
    )
    return dict(rows.order_by().values_list("person").annotate(total=Sum("run__course__hours")))


def taught_by(person_id: int, *, since: date) -> QuerySet[Run]:
    """Published runs that the person teaches and that end on that day or later, with their seats."""
    return (
        with_seats(Run.objects.filter(state=RunState.PUBLISHED, trainers__person=person_id))
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=since))
        .select_related("course", "host")
        .prefetch_related("host__names")
        .order_by(F("starts_on").asc(nulls_last=True), "id")
    )


def starting_between(first: date, last: date) -> QuerySet[Run]:
    """Published runs that begin in these days, with their seats."""
    return (
        with_seats(Run.objects.filter(state=RunState.PUBLISHED, starts_on__range=(first, last)))
        .select_related("course", "host")
        .prefetch_related("host__names")
        .order_by("starts_on", "id")
    )


def under_way(*, today: date) -> dict[str, int]:
    """What is open in the whole network: `pending` applications, `waiting` people, `undecided` results.

    Results are undecided where a run has ended and people still stand as confirmed.
    """
    return Enrolment.objects.filter(run__state=RunState.PUBLISHED, state__in=OPEN).aggregate(
        pending=Count("pk", filter=Q(state=EnrolmentState.PENDING)),
        waiting=Count("pk", filter=Q(state=EnrolmentState.WAITING)),
        undecided=Count("pk", filter=Q(state=EnrolmentState.CONFIRMED, run__ends_on__lt=today)),
    )
