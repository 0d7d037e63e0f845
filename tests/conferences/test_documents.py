"""Papers of a trip: who may add, read and delete them, and when copies of passports go by themselves."""

from datetime import date, timedelta

import pytest

from conferences import documents
from conferences.document_access import may_add_document, may_read_document
from conferences.models import Traveller, Trip, TripDocument
from schools import files
from schools.errors import Refused
from schools.models import AuditEntry, Norm
from tests.cast import Cast
from tests.conferences import coming_back as rows

OPEN, PERSONAL = ("invitation", "programme", "other"), ("passport", "visa", "ticket", "insurance")


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def trip(cast: Cast, time_machine) -> Trip:
    time_machine.move_to("2027-07-01T10:00:00+05:00", tick=False)
    return rows.approved(cast.librarian, cast.stranger)


def add(trip: Trip, who, kind="passport", person=None) -> TripDocument:
    return documents.add(trip=trip, kind=kind, upload=rows.upload(), actor=who.actor, person=person or who.person)


def test_a_passport_copy_is_sealed_and_has_its_last_day(cast, trip):
    document = add(trip, cast.librarian)
    file = document.file
    assert (document.person, file.owner, file.restricted) == (cast.librarian.person, cast.librarian.person, True)
    assert file.delete_after == rows.ENDS + timedelta(days=30)
    assert list(AuditEntry.objects.order_by("id").values_list("verb", "person")) == [
        ("file.keep", cast.librarian.person.pk),
        ("document.add", cast.librarian.person.pk),
    ]


def test_a_paper_for_all_belongs_to_who_added_it_and_stays(cast, trip):
    document = add(trip, cast.stranger, "invitation")
    assert (document.person, document.file.restricted, document.file.delete_after) == (None, False, None)
    assert document.file.owner == cast.stranger.person


READERS = {
    "passport": {"librarian", "hq", "finance"},
    "invitation": {
        *("librarian", "colleague", "director", "deputy", "stranger", "other_director"),
        *("hq", "finance", "trainer", "auditor", "administrator"),
    },
}


@pytest.mark.parametrize("kind", READERS)
def test_who_reads_a_paper_once_the_trip_is_seen(cast, trip, kind):
    document = rows.document(trip, cast.librarian, kind)
    assert {name for name, who in cast.everyone().items() if may_read_document(who.actor, document)} == READERS[kind]


@pytest.mark.parametrize("kind", [*OPEN, *PERSONAL])
def test_who_adds_a_paper(cast, trip, kind):
    person = cast.librarian.person
    may = {name for name, who in cast.everyone().items() if may_add_document(who.actor, trip, kind, person.pk)}
    assert may == ({"librarian", "hq"} if kind in PERSONAL else {"librarian", "stranger", "hq"})
    for name in ("colleague", "director", "finance", "administrator"):
        with pytest.raises(Refused):
            add(trip, getattr(cast, name), kind, person)
    assert TripDocument.objects.count() == 0


def test_a_paper_of_one_traveller_is_a_travellers(cast, trip):
    for person in (None, cast.colleague.person):
        with pytest.raises(Refused):
            documents.add(trip=trip, kind="visa", upload=rows.upload(), actor=cast.hq.actor, person=person)
    assert add(trip, cast.hq, "visa", cast.stranger.person).person == cast.stranger.person


@pytest.mark.parametrize("state", ["declined", "withdrawn", "cancelled"])
def test_a_trip_that_does_not_take_place_needs_no_papers(cast, trip, state):
    Trip.objects.filter(pk=trip.pk).update(state=state)
    with pytest.raises(Refused):
        add(trip, cast.librarian)


def test_papers_are_not_added_without_end(cast, trip, monkeypatch):
    monkeypatch.setattr(documents, "MOST_DOCUMENTS", 1)
    first = add(trip, cast.librarian)
    with pytest.raises(Refused):
        add(trip, cast.librarian, "ticket")
    documents.drop(document=first, actor=cast.librarian.actor)
    assert add(trip, cast.librarian, "ticket")


def test_the_traveller_deletes_a_copy_early_and_nobody_elses(cast, trip):
    own, other = add(trip, cast.librarian), add(trip, cast.stranger)
    for who in (cast.stranger, cast.finance, cast.director, cast.administrator):
        with pytest.raises(Refused):
            documents.drop(document=own, actor=who.actor)
    documents.drop(document=own, actor=cast.librarian.actor)
    documents.drop(document=own, actor=cast.librarian.actor)
    own.file.refresh_from_db()
    other.file.refresh_from_db()
    assert (own.file.is_gone, other.file.is_gone) == (True, False)
    assert AuditEntry.objects.filter(verb="document.drop").count() == 1


def test_copies_go_by_themselves_after_the_trip(cast, trip, time_machine):
    passport, invitation = add(trip, cast.librarian), add(trip, cast.librarian, "invitation")
    for day, gone in ((rows.ENDS + timedelta(days=30), False), (rows.ENDS + timedelta(days=31), True)):
        time_machine.move_to(day, tick=False)
        documents.review_terms()
        files.sweep(today=day)
        passport.file.refresh_from_db()
        assert passport.file.is_gone is gone
    invitation.file.refresh_from_db()
    assert invitation.file.is_gone is False
    with pytest.raises(Refused):
        add(trip, cast.librarian)


def test_the_last_day_follows_the_trip_and_the_setting(cast, trip):
    document = add(trip, cast.librarian)
    Norm.objects.create(key="passport_days", valid_from=date(2027, 1, 1), value=10)
    Trip.objects.filter(pk=trip.pk).update(ends_on=date(2027, 8, 20))
    assert (documents.review_terms(), documents.review_terms()) == (1, 0)
    document.file.refresh_from_db()
    assert document.file.delete_after == date(2027, 8, 30)
    Trip.objects.filter(pk=trip.pk).update(state="cancelled", changed_at="2027-07-01T05:00:00Z")
    assert documents.review_terms() == 1
    document.file.refresh_from_db()
    assert document.file.delete_after == date(2027, 7, 11)


def test_who_no_longer_travels_leaves_no_copy(cast, trip):
    own, other = add(trip, cast.librarian), add(trip, cast.stranger)
    Traveller.objects.filter(trip=trip, person=cast.librarian.person).delete()
    assert (documents.review_terms(), documents.review_terms()) == (1, 0)
    own.file.refresh_from_db()
    other.file.refresh_from_db()
    assert (own.file.is_gone, other.file.is_gone) == (True, False)
