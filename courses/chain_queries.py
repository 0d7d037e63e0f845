"""What a course or a run came from and what it led to, generation after generation, with the people reached.

A run that names a run comes from that run. A run that names a course comes from all that was taught in it up to
then, so it stands behind each earlier run of that course.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from courses.models import Attendance, Course, Derivation, Enrolment, Run
from courses.states import CourseState, EnrolmentState, Presence, RunState
from schools.folding import fold

MOST_GENERATIONS = 6
MOST_RUNS = 200
"""So much of a tree is shown; what lies beyond is left out, and the tree says so."""
MOST_OFFERED = 12
TAUGHT = (RunState.PUBLISHED, RunState.CLOSED)
WITH_DRAFTS = (*TAUGHT, RunState.DRAFT)


@dataclass(frozen=True, slots=True)
class Reach:
    """People who came (present at a meeting, or completed), and the schools and regions they came from."""

    people: int = 0
    schools: int = 0
    regions: int = 0


@dataclass(slots=True)
class Branch:
    """One run of a tree, what came of it alone, and the runs that it led to."""

    run: Run
    reach: Reach = field(default_factory=Reach)
    branches: list["Branch"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Tree:
    """Each run once, under the nearest it came from. `whole` counts nobody twice; `cut`: there is more."""

    branches: Sequence[Branch]
    runs: int
    generations: int
    whole: Reach
    cut: bool


def sources_of(run: Run, *, every: bool = False) -> list[Derivation]:
    """What the run names as its sources; without `every` only what was taught and not called off."""
    rows = run.sources.select_related("source_course__topic", "source_run__course", "source_run__host").order_by("id")
    return [row for row in rows if every or row.source_run is None or row.source_run.state in TAUGHT]


def led_to(root: Course | Run, *, drafts: bool = False) -> Tree:
    """The tree under a course or a run: one query a generation, two for the counts, one where there is nothing."""
    top: list[Branch] = []
    shown: dict[int, Branch] = {}
    depth, cut = 0, False
    for depth, pairs in enumerate(_generations(root, WITH_DRAFTS if drafts else TAUGHT), start=1):
        room = MOST_RUNS - len(shown) if depth <= MOST_GENERATIONS else 0
        cut = len(pairs) > room
        for parent, run in pairs[:room]:
            branch = shown[run.pk] = Branch(run)
            (shown[parent].branches if parent in shown else top).append(branch)
        if cut:
            break
    reached, whole = (_reach_by_run(shown), _reach(shown)) if shown else ({}, Reach())
    for pk, branch in shown.items():
        branch.reach = reached.get(pk, Reach())
    return Tree(top, len(shown), min(depth, MOST_GENERATIONS), whole, cut)


def descends(run: Run, source: Course | Run) -> bool:
    """True if `source` came from `run` (for a course: one of its runs, up to then), in any number of steps."""
    came = (found for pairs in _generations(run, RunState.values) for _parent, found in pairs)
    if isinstance(source, Run):
        return any(found.pk == source.pk for found in came)
    return any(found.course_id == source.pk and earlier(found, run) for found in came)


def earlier(first: Run, second: Run) -> bool:
    """True unless `first` begins after `second`; what has no dates yet comes after all that has."""
    return (first.starts_on or date.max) <= (second.starts_on or date.max)


def _generations(root: Course | Run, states: Collection[str]) -> Iterator[list[tuple[int | None, Run]]]:
    """Generation by generation the runs that were not met before, each with the run that led to it."""
    met = {root.pk} if isinstance(root, Run) else set()
    parents: list[Run] = [root] if isinstance(root, Run) else []
    rows = _naming([root]) if isinstance(root, Run) else _of_course(root)
    while True:
        pairs: list[tuple[int | None, Run]] = []
        for row in rows.filter(run__state__in=states):
            parent = _parent(row, parents)
            if row.run_id not in met and (parent or not parents):
                met.add(row.run_id)
                pairs.append((parent.pk if parent else None, row.run))
        if not pairs:
            return
        yield pairs
        parents = [run for _pk, run in pairs]
        rows = _naming(parents)


def _parent(row: Derivation, parents: Sequence[Run]) -> Run | None:
    """Which of the last generation the row goes back to: the run that it names, else the last of its course."""
    if row.source_run_id:
        return next((run for run in parents if run.pk == row.source_run_id), None)
    taught = [run for run in parents if run.course_id == row.source_course_id and earlier(run, row.run)]
    return max(taught, key=lambda run: (run.starts_on or date.max, run.pk), default=None)


def _naming(runs: Sequence[Run]) -> QuerySet[Derivation]:
    courses = {run.course_id for run in runs}
    return _rows(Q(source_run__in=[run.pk for run in runs]) | Q(source_course__in=courses))


def _of_course(course: Course) -> QuerySet[Derivation]:
    return _rows(Q(source_course=course) | Q(source_run__course=course))


def _rows(wanted: Q) -> QuerySet[Derivation]:
    """Those that name a run before those that name a course: a run stands under the one it names."""
    rows = Derivation.objects.filter(wanted).select_related("run__course", "run__host")
    return rows.order_by(F("source_course").asc(nulls_first=True), F("run__starts_on").asc(nulls_last=True), "id")


def came() -> QuerySet[Enrolment]:
    """Those who came to a run: present at a meeting, or completed."""
    there = Attendance.objects.filter(enrolment=OuterRef("pk"), presence=Presence.PRESENT)
    return Enrolment.objects.filter(Q(state=EnrolmentState.COMPLETED) | Exists(there)).order_by()


COUNTS = {
    "people": Count("person", distinct=True),
    "schools": Count("school", distinct=True),
    "regions": Count("school__region", distinct=True),
}


def _reach(runs: Collection[int]) -> Reach:
    return Reach(**came().filter(run__in=list(runs)).aggregate(**COUNTS))


def _reach_by_run(runs: Collection[int]) -> dict[int, Reach]:
    rows = came().filter(run__in=list(runs)).values("run").annotate(**COUNTS)
    return {pk: Reach(*counts) for pk, *counts in rows.values_list("run", *COUNTS)}


def courses_to_name(run: Run, *, q: str) -> QuerySet[Course]:
    """Courses that the run could come from: by words of their titles, else those of its own topic."""
    named = run.sources.filter(source_course__isnull=False).values("source_course")
    rows = Course.objects.exclude(pk=run.course_id).exclude(state=CourseState.DRAFT).exclude(pk__in=named)
    rows = rows.select_related("topic")
    if not fold(q).split():
        rows = rows.filter(topic=run.course.topic_id)
    for word in fold(q).split():
        rows = rows.filter(search_key__contains=word)
    return rows.order_by("title_kk", "id")[:MOST_OFFERED]


def runs_to_name(run: Run, *, q: str) -> QuerySet[Run]:
    """Earlier runs that it could come from, the latest first, found in the same way."""
    named = run.sources.filter(source_run__isnull=False).values("source_run")
    rows = Run.objects.filter(state__in=TAUGHT).exclude(pk=run.pk).exclude(pk__in=named)
    if run.starts_on:
        rows = rows.filter(starts_on__lte=run.starts_on)
    if not fold(q).split():
        rows = rows.filter(course__topic=run.course.topic_id)
    for word in fold(q).split():
        rows = rows.filter(Q(course__search_key__contains=word) | Q(search_key__contains=word))
    rows = rows.select_related("course", "host").prefetch_related("host__names")
    return rows.order_by("-starts_on", "-id")[:MOST_OFFERED]
