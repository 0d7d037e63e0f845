"""Rows of conferences, made plainly: each function writes what its name says and returns the row."""

from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from conferences.models import Abstract, Author, Call, Edition, Fee, Presentation, Review, Series
from schools.models import Person, School

_number = count(1)


def series(code: str = "iasl") -> Series:
    names = {f"name_{language}": f"{code.upper()} {language}" for language in ("kk", "ru", "en")}
    return Series.objects.get_or_create(code=code, defaults={"short_name": code.upper(), **names})[0]


def edition(**fields: object) -> Edition:
    """IASL of summer 2027 in Lisbon, announced; years count up where several are made of one series."""
    fields.setdefault("series", series())
    year = fields.setdefault("year", 2027)
    usual = {
        "theme": "Reading worlds",
        "city": "Lisbon",
        "country": "PT",
        "starts_on": date(year, 7, 12),
        "ends_on": date(year, 7, 16),
        "mode": "in_person",
        "state": "announced",
    }
    return Edition.objects.create(**{**usual, **fields})


def call(edition: Edition, **fields: object) -> Call:
    usual = {
        "opens_on": date(edition.year - 1, 10, 1),
        "abstract_due": date(edition.year, 1, 31),
        "outcome_on": date(edition.year, 3, 15),
        "paper_due": date(edition.year, 5, 1),
        "languages": "en",
        "formats": "paper poster",
    }
    return Call.objects.create(edition=edition, **{**usual, **fields})


def fee(edition: Edition, **fields: object) -> Fee:
    usual = {
        "name": "Members",
        "currency": "EUR",
        "amount": 45_000,
        "early_amount": 38_000,
        "early_until": date(edition.year, 4, 15),
    }
    return Fee.objects.create(edition=edition, **{**usual, **fields})


def author(
    presentation: Presentation, person: Person, *, school: School | None = None, state: str = "confirmed"
) -> Author:
    order = presentation.authors.count() + 1
    return Author.objects.create(presentation=presentation, person=person, school=school, state=state, order=order)


def presentation(*people: Person, **fields: object) -> Presentation:
    """A draft with one version of its abstract, by these people, who have confirmed."""
    text = fields.pop("text", "Pupils choose the books of their library.")
    school = fields.pop("school", None)
    fields.setdefault("title", f"Reading circles {next(_number)}")
    found = fields.pop("edition", None) or Edition.objects.first() or edition()
    row = Presentation.objects.create(edition=found, **{"format": "paper", **fields})
    for person in people:
        author(row, person, school=school)
    Abstract.objects.create(presentation=row, number=1, text=text, made_by=people[0] if people else None)
    return row


def review(presentation: Presentation, reviewer: Person, **fields: object) -> Review:
    """Asked for, due in ten days."""
    usual = {"abstract": presentation.abstracts.last(), "due_on": timezone.localdate() + timedelta(days=10)}
    return Review.objects.create(presentation=presentation, reviewer=reviewer, **{**usual, **fields})


WRITTEN = {
    **dict.fromkeys(("relevance", "novelty", "clarity", "evidence"), 4),
    "strengths": "Grown out of practice.",
    "to_improve": "Say how many pupils took part.",
    "advice": "revise",
}


def written(presentation: Presentation, reviewer: Person) -> Review:
    return review(presentation, reviewer, state="done", done_at=timezone.now(), **WRITTEN)
