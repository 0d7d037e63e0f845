"""Finding runs: search, facets and order. One query reads what the facets need, a second the page shown."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Collate, NullIf
from django.utils.translation import get_language

from courses import facets, queries
from courses.models import Course, Run
from courses.models.run import takes_applications
from courses.states import RunState
from schools.alphabet import COLLATION
from schools.folding import fold

COMING, PAST = "coming", "past"
BY_DATE, BY_TITLE = "date", "title"
MOST_LETTERS, MOST_WORDS = 100, 8
SOONEST_FIRST = (F("starts_on").asc(nulls_last=True), F("id").asc())
LATEST_FIRST = (F("ends_on").desc(nulls_last=True), F("id").desc())


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for. `chosen` holds the values ticked in each facet; none ticked means all.

    `outreach` asks for what is open to staff of any school alone.
    """

    text: str = ""
    when: str = COMING
    sort: str = BY_DATE
    since: date | None = None
    chosen: facets.Chosen = field(default_factory=dict)
    outreach: bool = False


def plain_words(text: str) -> str:
    """What was typed, as it is searched for: without control characters, not longer than MOST_LETTERS."""
    kept = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in text)
    return " ".join(kept.split())[:MOST_LETTERS].strip()


def search(runs: QuerySet[Run], text: str) -> QuerySet[Run]:
    """Runs that hold every word of `text`, in any order, in the course's texts or in the names of the place."""
    for word in plain_words(text).split()[:MOST_WORDS]:
        courses, places = Q(), Q()
        for spelling in spellings(word):
            courses |= Q(search_key__contains=spelling)
            places |= Q(search_key__contains=spelling)
        runs = runs.filter(places | Q(course__in=Course.objects.filter(courses).values("pk")))
    return runs


def spellings(word: str) -> set[str]:
    """The folded word, and the same read as Cyrillic where it was typed in Latin look-alikes alone."""
    beside_cyrillic = fold(f"я{word}").removeprefix("я")
    return {fold(word), beside_cyrillic}


def find(wish: Wish, *, now: datetime, today: date) -> facets.Found:
    """Runs that fit the wish: in its order, with the counts of the facets. One query."""
    runs = queries.upcoming_runs(today=today) if wish.when == COMING else past_runs(today=today)
    if wish.outreach:
        runs = runs.filter(outreach=True)
    if wish.since:
        runs = runs.filter(starts_on__gte=wish.since)
    runs = search(runs, wish.text).order_by(*(LATEST_FIRST if wish.when == PAST else SOONEST_FIRST))
    rows = list(_values(runs, now=now, today=today, seats=wish.when == COMING))
    return facets.sift(by_title(rows) if wish.sort == BY_TITLE else rows, wish.chosen)


def find_between(wish: Wish, *, first: date, last: date, now: datetime, today: date) -> facets.Found:
    """Runs with a day from `first` to `last`, whether they are over or not; in order of their days. One query."""
    runs = queries.visible_runs().exclude(state=RunState.CANCELLED)
    runs = search(runs.filter(starts_on__lte=last, ends_on__gte=first), wish.text)
    rows = list(_values(runs.order_by("starts_on", "-ends_on", "id"), now=now, today=today))
    return facets.sift(rows, wish.chosen)


def past_runs(*, today: date) -> QuerySet[Run]:
    """The archive: runs that have ended or were closed, cancelled ones apart."""
    return Run.objects.filter(Q(state=RunState.CLOSED) | Q(state=RunState.PUBLISHED, ends_on__lt=today))


def by_title(rows: list[facets.Values]) -> list[facets.Values]:
    """The rows in the Kazakh order of their courses' titles, those of one course as they came.

    Courses are ordered and not runs: there are far fewer, and a database compares every pair of letters. One query.
    """
    title = Coalesce(NullIf(F(f"title_{(get_language() or 'kk')[:2]}"), Value("")), F("title_kk"))
    keys = Course.objects.order_by(Collate(title, COLLATION), "pk").values_list("pk", flat=True)
    place = {pk: number for number, pk in enumerate(keys)}
    return sorted(rows, key=lambda row: place[row.course])


COLUMNS: list[str | Combinable] = ["pk", "course", "language", "course__format", "course__kind"]
COLUMNS += ["course__topic__code", "course__hours"]
COLUMNS += ["country", queries.REGION, "starts_on", "ends_on", "state", "opens_at", "closes_at"]


def _values(runs: QuerySet[Run], *, now: datetime, today: date, seats: bool = True) -> Iterator[facets.Values]:
    """The runs as the facets see them. Free seats and an open registration are those of runs that are not over."""
    columns = [*COLUMNS, "capacity", "taken"] if seats else COLUMNS
    rows = (queries.with_taken(runs) if seats else runs).values_list(*columns)
    for (
        pk,
        course,
        language,
        form,
        kind,
        topic,
        hours,
        country,
        region,
        start,
        end,
        state,
        opens,
        closes,
        *places,
    ) in rows:
        ahead = end is None or end >= today
        is_open = ahead and takes_applications(now, state=state, opens_at=opens, closes_at=closes)
        yield facets.Values(
            pk,
            course,
            language,
            form,
            kind,
            topic,
            place=region if country == "KZ" else facets.ABROAD,
            month=facets.month_value(start.year, start.month) if start else facets.TO_BE_ANNOUNCED,
            year=str(start.year) if start else None,
            hours=facets.hours_step(hours),
            seats=facets.FREE if ahead and places and places[0] > places[1] else None,
            open=facets.OPEN if is_open else None,
        )
