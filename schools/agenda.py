"""The ledger of taken time: courses and trips write it, every clash check reads it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from schools.models import Busy, Person

Span = tuple[datetime, datetime]
Titles = Callable[[list[str]], dict[str, str]]
_titles: list[Titles] = []


def take(*, person: Person, spans: Iterable[Span], source: str) -> None:
    """Write down that `source` takes these spans of the person's time (start, exclusive end; UTC)."""
    Busy.objects.bulk_create([Busy(person=person, start=start, end=end, source=source) for start, end in spans])


def release(*, source: str) -> None:
    """Give back all time that `source` took."""
    Busy.objects.filter(source=source).delete()


def retake(*, takers: Mapping[str, int], spans: Iterable[Span]) -> None:
    """Write other spans for several sources at once (source: key of the person), in place of what they took."""
    Busy.objects.filter(source__in=list(takers)).delete()
    rows = [(source, person, span) for source, person in takers.items() for span in spans]
    Busy.objects.bulk_create(
        Busy(person_id=person, start=start, end=end, source=source) for source, person, (start, end) in rows
    )


def follow(*, source: Person, target: Person) -> None:
    """Two people were one: what the one's time was taken by takes the other's."""
    Busy.objects.filter(person=source).update(person=target)


def first_clash(*, person: Person, spans: Sequence[Span], but: str = "") -> Busy | None:
    """The earliest row of the person's taken time, `but` one source's, that overlaps any of these spans. One query."""
    if not spans:
        return None
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    rows = Busy.objects.filter(person=person, end__gt=first, start__lt=last).order_by("start")
    others = (row for row in rows if row.source != but)
    return next((row for row in others if any(start < row.end and end > row.start for start, end in spans)), None)


def first_clashes(*, people: Collection[int], spans: Sequence[Span], but: Collection[str] = ()) -> dict[int, Busy]:
    """As `first_clash`, for many people in one query: by the person's key, who is free is not there."""
    if not spans:
        return {}
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    rows = Busy.objects.filter(person__in=people, end__gt=first, start__lt=last).exclude(source__in=but)
    found: dict[int, Busy] = {}
    for row in rows.order_by("start", "id"):
        if any(start < row.end and end > row.start for start, end in spans):
            found.setdefault(row.person_id, row)
    return found


def between(person_id: int, start: datetime, end: datetime) -> list[Busy]:
    """The person's taken time that touches this span, in order. One query."""
    return list(Busy.objects.filter(person=person_id, end__gt=start, start__lt=end).order_by("start", "id"))


def name_by(titles: Titles) -> None:
    """A room says what its sources are called (sources to titles; what is not its own is left out)."""
    if titles not in _titles:
        _titles.append(titles)


def titles(sources: Collection[str]) -> dict[str, str]:
    """What these sources are called in the active language, as far as the rooms know."""
    wanted = sorted(sources)
    return {source: title for room in _titles for source, title in room(wanted).items()} if wanted else {}


def clashes(*, person: Person, spans: QuerySet, start: str, end: str) -> QuerySet[Busy]:
    """Rows of the person's taken time that overlap any of `spans`, whose columns are named by `start` and `end`."""
    overlapping = spans.filter(**{f"{start}__lt": OuterRef("end"), f"{end}__gt": OuterRef("start")})
    return Busy.objects.filter(Exists(overlapping), person=person).order_by("start")
