"""What the database itself refuses of conferences and presentations, whatever code may try."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from conferences.models import Abstract, Author, Call, Edition, Fee, Presentation, PresentationFile, Remark, Review
from tests.conferences import rows

pytestmark = pytest.mark.django_db
DAY, LATER = date(2027, 7, 12), date(2027, 7, 16)


def refused(model, **fields):
    """The name of no constraint matters to the caller: True if the database says no."""
    try:
        with transaction.atomic():
            model.objects.create(**fields)
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    ("fields", "no"),
    [
        ({}, False),
        ({"starts_on": DAY, "ends_on": LATER}, False),
        ({"starts_on": DAY, "ends_on": DAY}, False),
        ({"starts_on": LATER, "ends_on": DAY}, True),
        ({"starts_on": DAY}, True),
        ({"ends_on": DAY}, True),
        ({"state": "perhaps"}, True),
        ({"mode": "hybrid"}, False),
        ({"mode": "by post"}, True),
        ({"country": "PT"}, False),
        ({"country": "Pt"}, True),
        ({"year": 27}, True),
    ],
)
def test_an_edition_keeps_to_its_lists_and_dates(fields, no):
    assert refused(Edition, **{"series": rows.series(), "year": 2027, **fields}) is no


def test_one_edition_a_year_and_number_in_a_series_and_many_without_number(cast):
    edition = rows.edition(number=55)
    assert refused(Edition, series=edition.series, year=2027)
    assert refused(Edition, series=edition.series, year=2028, number=55)
    assert not refused(Edition, series=rows.series("wlic"), year=2027, number=55)
    assert not refused(Edition, series=edition.series, year=2028)
    assert not refused(Edition, series=edition.series, year=2029)


@pytest.mark.parametrize(
    ("fields", "no"),
    [
        ({}, False),
        ({"languages": "en fr zh", "formats": "paper research poster workshop talk"}, False),
        ({"languages": "en  fr"}, True),
        ({"languages": "xx"}, True),
        ({"formats": "paper,poster"}, True),
        ({"formats": "song"}, True),
        ({"opens_on": LATER, "abstract_due": DAY}, True),
        ({"abstract_due": LATER, "outcome_on": DAY}, True),
        ({"abstract_due": LATER, "paper_due": DAY}, True),
        ({"abstract_due": DAY, "outcome_on": DAY, "paper_due": DAY}, False),
    ],
)
def test_a_call_keeps_to_its_lists_and_dates(fields, no):
    assert refused(Call, edition=rows.edition(), **fields) is no


@pytest.mark.parametrize(
    ("fields", "no"),
    [
        ({}, False),
        ({"amount": -1}, True),
        ({"currency": "eur"}, True),
        ({"early_amount": 30, "early_until": DAY}, False),
        ({"early_amount": 51, "early_until": DAY}, True),
        ({"early_amount": 30}, True),
        ({"early_until": DAY}, True),
    ],
)
def test_a_fee_is_not_negative_and_cheaper_when_early(fields, no):
    assert refused(Fee, **{"edition": rows.edition(), "name": "All", "amount": 50, "currency": "EUR", **fields}) is no


@pytest.mark.parametrize(
    ("fields", "no"),
    [
        ({}, False),
        ({"title": ""}, True),
        ({"state": "sung"}, True),
        ({"format": "song"}, True),
        ({"language": "xx"}, True),
        ({"state": "awarded"}, True),
        ({"state": "awarded", "award": "Best poster"}, False),
        ({"award": "Best poster"}, True),
    ],
)
def test_a_presentation_keeps_to_its_lists_and_an_award_has_a_name(fields, no):
    usual = {"edition": rows.edition(), "title": "Reading", "format": "paper"}
    assert refused(Presentation, **{**usual, **fields}) is no


def test_nobody_is_author_twice_and_versions_have_numbers_of_their_own(cast):
    row = rows.presentation(cast.librarian.person)
    assert refused(Author, presentation=row, person=cast.librarian.person, state="invited")
    assert refused(Author, presentation=row, person=cast.colleague.person, state="ghost")
    assert not refused(Author, presentation=row, person=cast.colleague.person)
    assert refused(Abstract, presentation=row, number=1, text="Again")
    assert refused(Abstract, presentation=row, number=0, text="None")
    assert refused(Abstract, presentation=row, number=2, text="")
    assert not refused(Abstract, presentation=row, number=2, text="Second")
    assert refused(Remark, presentation=row, person=cast.hq.person, text="")
    assert refused(PresentationFile, presentation=row, title="", url="https://example.kz/")
    assert refused(PresentationFile, presentation=row, title="Slides", url="https://example.kz/", kind="film")
    assert refused(PresentationFile, presentation=row, title="Slides")  # neither file nor address


def test_a_written_review_is_complete_and_its_marks_are_1_to_5(cast):
    row = rows.presentation(cast.librarian.person)
    usual = {
        "presentation": row,
        "abstract": row.abstracts.get(),
        "reviewer": cast.trainer.person,
        "due_on": DAY,
        "relevance": 4,
        "novelty": 3,
        "clarity": 5,
        "evidence": 2,
        "to_improve": "Say how many.",
        "advice": "revise",
        "state": "done",
        "done_at": timezone.now(),
    }
    for broken in (
        {"relevance": 0},
        {"novelty": 6},
        {"clarity": None},
        {"to_improve": ""},
        {"advice": ""},
        {"advice": "burn"},
        {"done_at": None},
        {"state": "lost"},
    ):
        assert refused(Review, **{**usual, **broken}), broken
    assert not refused(Review, **usual)
    assert refused(Review, **usual)  # one a version
