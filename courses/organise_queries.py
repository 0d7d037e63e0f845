"""Reads of the organisers' pages: courses with their runs, the roster of a run, who may teach."""

from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from courses.from_where import with_origin
from courses.models import Course, Enrolment, Meeting, Run
from courses.queries import busy_source, upcoming_runs, with_seats
from courses.states import HOLDING, SEATED, CourseState, EnrolmentState
from schools.alphabet import in_order
from schools.folding import fold
from schools.models import Busy, Person
from schools.queries import in_memberships
from schools.states import Role

TEACHING = (Role.TRAINER, Role.HQ)
S = EnrolmentState
GROUPS: dict[str, tuple[str, ...]] = {
    "seated": HOLDING,
    "waiting": (S.WAITING,),
    "considered": (S.NOMINATED, S.PENDING, S.RETURNED, S.POOLED),
    "gone": (S.DECLINED, S.REFUSED, S.WITHDRAWN, S.CANCELLED, S.EXPIRED),
}
"""Groups of a roster, in the order of its page."""


def courses_found(*, q: str = "", state: str = "", kind: str = "", topic: str = "") -> QuerySet[Course]:
    """Courses for the organisers' list, drafts first; the archive only when it is asked for."""
    rows = Course.objects.select_related("topic").annotate(
        coming=Count("runs", filter=Q(runs__in=upcoming_runs(today=timezone.localdate()).order_by()))
    )
    rows = rows.filter(state=state) if state else rows.exclude(state=CourseState.ARCHIVED)
    if kind:
        rows = rows.filter(kind=kind)
    if topic:
        rows = rows.filter(topic__code=topic)
    for word in fold(q).split():
        rows = rows.filter(search_key__contains=word)
    return rows.order_by("state", *in_order("title_kk"), "id")


def upcoming_of(course: Course, *, today: date) -> QuerySet[Run]:
    """Published runs of the course that are not over."""
    return upcoming_runs(today=today).filter(course=course)


def runs_found(*, state: str = "", q: str = "", course: Course | None = None) -> QuerySet[Run]:
    """Runs for the organisers' list, the latest first, those without dates on top."""
    rows = with_seats(Run.objects.select_related("course", "host")).prefetch_related("host__names")
    if course:
        rows = rows.filter(course=course)
    if state:
        rows = rows.filter(state=state)
    for word in fold(q).split():
        rows = rows.filter(course__search_key__contains=word)
    return rows.order_by(F("starts_on").desc(nulls_first=True), "-id")


def for_organising(runs: QuerySet[Run]) -> QuerySet[Run]:
    """With what the organiser's pages of one run show."""
    return (
        with_seats(runs)
        .select_related("course__topic", "host__region", "region", "chain", "contact", "intake")
        .prefetch_related("host__names", "meetings", "trainers__person", "materials")
    )


def roster(run: Run, states: tuple[str, ...] | None = None) -> QuerySet[Enrolment]:
    """Who applied (in these states only, where given), in order of number, with where they come from."""
    rows = Enrolment.objects.filter(run=run, **({"state__in": states} if states is not None else {}))
    return with_origin(rows).order_by("number")


def roster_counts(run: Run) -> dict[str, int]:
    """How many applications are in each group of the roster: `GROUPS`."""
    counts = {name: Count("pk", filter=Q(state__in=states)) for name, states in GROUPS.items()}
    return Enrolment.objects.filter(run=run).aggregate(**counts)


def people_who_clash(run: Run) -> set[int]:
    """Keys of those with a seat whose time is also taken by something else while the run meets."""
    seats = Enrolment.objects.filter(run=run, state__in=SEATED).values_list("pk", "person_id")
    own = [busy_source(pk) for pk, _person in seats]
    meets = Meeting.objects.filter(run=run, starts_at__lt=OuterRef("end"), ends_at__gt=OuterRef("start"))
    rows = Busy.objects.filter(Exists(meets), person__in=[person for _pk, person in seats]).exclude(source__in=own)
    return set(rows.values_list("person_id", flat=True))


def affected(run: Run) -> dict[str, int]:
    """How many people a change of the run touches: `seated`, `waiting`, `considered`, and `all` of them."""
    counts = roster_counts(run)
    counts.pop("gone")
    return {**counts, "all": sum(counts.values())}


def teaching(*, today: date, keep: list[int]) -> QuerySet[Person]:
    """Trainers and coordinators of today, and those already named (`keep`, keys)."""
    return (
        Person.objects.filter(in_memberships(today, role__in=TEACHING) | Q(pk__in=keep))
        .filter(Q(archived_at=None) | Q(pk__in=keep))
        .order_by(*in_order("surname", "given_name"), "id")
    )
