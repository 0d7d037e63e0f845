"""Reads of prerequisites: what a course asks for, what a person has of it, what counts as the same."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields import BooleanField
from django.utils import timezone

from courses.models import Course, Enrolment, Equivalence, Prerequisite, PrerequisiteWaiver, Run
from courses.states import CourseState, EnrolmentState, RunState
from schools.alphabet import in_order
from schools.folding import fold

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Need:
    """A course that is asked for: `done` by it or an equivalent, or `waived` by a coordinator.

    `run` is the next one that takes applications.
    """

    course: Course
    done: bool = False
    waived: bool = False
    run: Run | None = None

    @property
    def missing(self) -> bool:
        return not (self.done or self.waived)


def needs(course_id: int, person_id: int | None) -> list[Need]:
    """What the course asks for, and whether the person has it. One query; nobody (None) has anything."""
    rows = Prerequisite.objects.filter(course=course_id).select_related("needed").order_by("id")
    never = Value(False, output_field=BooleanField())
    if person_id is None:
        rows = rows.annotate(done=never, waived=never)
    else:
        waiver = PrerequisiteWaiver.objects.filter(course=course_id, person=person_id)
        rows = rows.annotate(done=Exists(_completed(person_id)) | Exists(_alike(person_id)), waived=Exists(waiver))
    return [Need(row.needed, row.done, row.waived) for row in rows]


def _completed(person_id: int) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(
        person=person_id, state=EnrolmentState.COMPLETED, run__course=OuterRef("needed")
    ).order_by()


def _alike(person_id: int) -> QuerySet[Equivalence]:
    done = Enrolment.objects.filter(person=person_id, state=EnrolmentState.COMPLETED).order_by().values("run__course")
    return Equivalence.objects.filter(
        Q(one=OuterRef("needed"), other__in=done) | Q(other=OuterRef("needed"), one__in=done)
    ).order_by()


def missing(course_id: int, person_id: int) -> list[Course]:
    """What the person still has to complete before the course.

    Most courses ask for nothing, and this is read under a run's lock: that much is asked first.
    """
    if not Prerequisite.objects.filter(course=course_id).exists():
        return []
    return [need.course for need in needs(course_id, person_id) if need.missing]


def with_runs(found: Sequence[Need], *, now: datetime) -> list[Need]:
    """The same, each missing course with the next run of it, or of an equivalent, that takes applications."""
    wanted = [need.course.pk for need in found if need.missing]
    if not wanted:
        return list(found)
    runs = _open_runs(wanted, now)
    return [Need(one.course, one.done, one.waived, runs.get(one.course.pk)) for one in found]


def open_runs_of(courses: Sequence[Course]) -> list[Need]:
    """Courses that somebody lacks, each with the run to apply for."""
    return with_runs([Need(course) for course in courses], now=timezone.now())


def _open_runs(courses: Collection[int], now: datetime) -> dict[int, Run]:
    """By course the next run, in two queries. The course itself goes before what is equivalent to it."""
    same = {pk: [pk] for pk in courses}
    for pair in Equivalence.objects.filter(Q(one__in=courses) | Q(other__in=courses)).values_list("one", "other"):
        for mine, theirs in (pair, pair[::-1]):
            if mine in same:
                same[mine].append(theirs)
    rows = Run.objects.filter(
        Q(opens_at=None) | Q(opens_at__lte=now),
        Q(closes_at=None) | Q(closes_at__gt=now),
        state=RunState.PUBLISHED,
        course__in={pk for group in same.values() for pk in group},
    ).order_by(F("starts_on").asc(nulls_last=True), "id")
    first: dict[int, Run] = {}
    for run in rows:
        if run.is_open(now):
            first.setdefault(run.course_id, run)
    found = {pk: next((first[one] for one in group if one in first), None) for pk, group in same.items()}
    return {pk: run for pk, run in found.items() if run}


def equivalents(course_id: int) -> QuerySet[Course]:
    """Courses that count as the same as this one."""
    pairs = Equivalence.objects.filter(Q(one=course_id) | Q(other=course_id))
    others = pairs.annotate(course=Case(When(one=course_id, then=F("other")), default=F("one"))).order_by()
    return Course.objects.filter(pk__in=others.values("course")).order_by(*in_order("title_kk"), "id")


def leads_back(course_id: int, needed_id: int) -> bool:
    """True if `needed` itself asks for the course, at whatever distance. One query."""
    asks: dict[int, list[int]] = {}
    for course, needed in Prerequisite.objects.values_list("course", "needed"):
        asks.setdefault(course, []).append(needed)
    seen, ahead = set[int](), [needed_id]
    while ahead:
        one = ahead.pop()
        if one == course_id:
            return True
        if one not in seen:
            seen.add(one)
            ahead += asks.get(one, [])
    return False


def to_choose(course: Course, *, q: str) -> list[Course]:
    """Courses that may be named and are not yet: those found by the words, else those of the same topic."""
    named = Q(pk=course.pk) | Q(pk__in=course.prerequisites.values("needed")) | Q(pk__in=equivalents(course.pk))
    rows = Course.objects.exclude(named).exclude(state=CourseState.ARCHIVED).select_related("topic")
    for word in fold(q).split():
        rows = rows.filter(search_key__contains=word)
    if not q:
        rows = rows.filter(topic=course.topic_id)
    return list(rows.order_by(*in_order("title_kk"), "id")[:SHOWN])


def waivers(course: Course) -> QuerySet[PrerequisiteWaiver]:
    """Who was let off, the newest first."""
    return course.waivers.select_related("person", "by").order_by("-id")
