"""Reads of the demand for seminars: the board, one group, and who could meet it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from courses.models import Course, Demand, DemandVoice, Enrolment, Run, RunTrainer, Topic
from courses.states import CourseKind, CourseState, DemandState, EnrolmentState, RunState
from schools import places
from schools.models import Person, Region, School
from schools.queries import in_memberships, nis_schools
from schools.states import Role, SchoolKind

MOST_NAMED = 12
"""So many librarians and trainers are shown for one demand."""
LOOKED_AT = 300
SHOWN = (DemandState.OPEN, DemandState.PLANNED)
VERIFIED = Q(voices__verified_at__isnull=False)
D = DemandState
Row = TypeVar("Row", Enrolment, RunTrainer)


def with_voices(rows: QuerySet[Demand]) -> QuerySet[Demand]:
    """Adds `count`, the voices that count, and `schools`, from how many schools; demands without any are left out."""
    return rows.filter(_backed()).annotate(
        count=Count("voices", filter=VERIFIED, distinct=True),
        schools=Count("voices__school", filter=VERIFIED, distinct=True),
    )


def _backed() -> Exists:
    return Exists(DemandVoice.objects.filter(demand=OuterRef("pk"), verified_at__isnull=False))


def narrowed(rows: QuerySet[Demand], *, topic: Topic | None, region: Region | None, language: str) -> QuerySet[Demand]:
    """Only those of this topic, region and language, where given."""
    wanted = {"topic": topic, "region": region, "language": language}
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def board(*, topic: Topic | None = None, region: Region | None = None, language: str = "") -> QuerySet[Demand]:
    """What everybody sees, topic by topic, the most wanted of each first."""
    rows = narrowed(Demand.objects.filter(state__in=SHOWN), topic=topic, region=region, language=language)
    rows = with_voices(rows).select_related("topic", "region", "run")
    return rows.order_by("topic__order", "topic__code", F("count").desc(), "id")


def unmet_by_region(*, topic: Topic | None = None, language: str = "") -> dict[int, int]:
    """How many people of each region (by key) ask for what is not planned yet."""
    rows = narrowed(Demand.objects.filter(state=D.OPEN), topic=topic, region=None, language=language)
    voices = DemandVoice.objects.filter(verified_at__isnull=False, demand__in=rows)
    return dict(voices.order_by().values_list("demand__region").annotate(n=Count("pk")))


def like(*, topic: Topic, language: str, region: Region) -> list[Demand]:
    """The same and its neighbours: the topic in the region in any language, and in the language anywhere."""
    near = Q(region=region) | Q(language=language)
    rows = with_voices(Demand.objects.filter(near, topic=topic, state__in=SHOWN)).select_related(
        "topic", "region", "run"
    )
    found = sorted(rows, key=lambda row: (row.language != language) + (row.region_id != region.pk))
    return found[:MOST_NAMED]


def for_organisers(state: str, *, region: Region | None = None) -> QuerySet[Demand]:
    """Demands in this state, of this region where given, the most wanted first."""
    rows = narrowed(Demand.objects.filter(state=state), topic=None, region=region, language="")
    rows = with_voices(rows).select_related("topic", "region", "run__course")
    return rows.order_by(F("count").desc(), "id")


def state_counts() -> dict[str, int]:
    """How many demands somebody stands behind, by state."""
    rows = Demand.objects.filter(_backed()).order_by().values_list("state").annotate(n=Count("pk"))
    return {**dict.fromkeys(D.values, 0), **dict(rows)}


def voices_of(demand: Demand) -> QuerySet[DemandVoice]:
    """Those that count, in the order of asking."""
    rows = demand.voices.filter(verified_at__isnull=False)
    return rows.select_related("school__region", "school_request").prefetch_related("school__names").order_by("id")


def learned(topic: Topic) -> list[Enrolment]:
    """Librarians of today who completed a course of the topic, each once, the latest first."""
    librarians = Person.objects.filter(
        in_memberships(timezone.localdate(), role=Role.LIBRARIAN, school__kind=SchoolKind.NIS), archived_at=None
    )
    rows = Enrolment.objects.filter(
        state=EnrolmentState.COMPLETED, run__course__topic=topic, signup=None, person__in=librarians
    )
    rows = rows.select_related("person", "school", "run__course").prefetch_related("school__names")
    return _once(rows.order_by(F("run__ends_on").desc(nulls_last=True), "-id")[:LOOKED_AT])


def taught(topic: Topic) -> list[RunTrainer]:
    """People of the portal who taught the topic, each once, the latest first."""
    rows = RunTrainer.objects.filter(
        run__course__topic=topic,
        run__state__in=(RunState.PUBLISHED, RunState.CLOSED),
        run__starts_on__lte=timezone.localdate(),
        person__archived_at=None,
        person__isnull=False,
    )
    return _once(rows.select_related("person", "run__course").order_by("-run__starts_on", "-id")[:LOOKED_AT])


def _once(rows: Iterable[Row]) -> list[Row]:
    """Of each person the first row."""
    found: dict[int | None, Row] = {}
    for row in rows:
        found.setdefault(row.person_id, row)
    return list(found.values())[:MOST_NAMED]


def nearest_school(region: Region) -> School | None:
    """The school of NIS that lies nearest to the centre of the region."""
    centre = places.of_region(region)
    schools = [(places.of_school(school), school) for school in nis_schools().prefetch_related("names")]
    if centre is None:
        return None
    far = [(places.distance(centre, point), school.code, school) for point, school in schools if point is not None]
    return min(far)[2] if far else None


def seminar_of(topic: Topic) -> Course | None:
    """The seminar that is held on the topic: a published one before a draft, the newest first."""
    rows = Course.objects.filter(topic=topic, kind=CourseKind.SEMINAR).exclude(state=CourseState.ARCHIVED)
    return rows.order_by(F("state").desc(), "-id").first()  # «published» after «draft»


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who could meet a demand, and what the portal would put into a draft."""

    learned: Sequence[Enrolment]
    taught: Sequence[RunTrainer]
    host: School | None
    course: Course | None
    trainer: Person | None
    source: Course | None


def proposal(demand: Demand) -> Proposal:
    """The trainer taught the topic before, else learned it last, at the nearest school if anybody did there."""
    known, teachers = learned(demand.topic), taught(demand.topic)
    host, course = nearest_school(demand.region), seminar_of(demand.topic)
    at_host = [row for row in known if host and row.school_id == host.pk]
    people = [*(row.person for row in at_host), *(row.person for row in teachers), *(row.person for row in known)]
    trainer = people[0] if people else None
    own = [row for row in known if trainer and row.person_id == trainer.pk]
    sources = [row.run.course for row in [*own, *known] if course is None or row.run.course_id != course.pk]
    return Proposal(known, teachers, host, course, trainer, sources[0] if sources else None)


def announced(demand: Demand) -> Run | None:
    """The seminar that can be looked at: published or over."""
    run = demand.run
    return run if run is not None and run.state in (RunState.PUBLISHED, RunState.CLOSED) else None
