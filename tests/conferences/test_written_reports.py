"""What was learned on a trip: a draft that is kept, opened to colleagues, found by its words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conferences import coming_back_queries, written_reports
from conferences.coming_back_access import may_see_written
from conferences.coming_back_states import WRITTEN_MOVES, WrittenState, allowed
from conferences.models import Trip, TripHand, WrittenReport
from conferences.written_reports import Words
from schools.errors import Refused, Stale
from schools.models import AuditEntry
from tests.cast import Cast
from tests.conferences import coming_back as rows

WHOLE = Words("Оқу үйірмелері", "kk", "Оқушылар кітапты өздері таңдайды.", "", "Апта сайын үйірме өткізу.")
EMPTY = Words("", "kk", "", "", "")


@pytest.fixture
def trip(cast: Cast, time_machine) -> Trip:
    time_machine.move_to("2027-08-10T10:00:00+05:00", tick=False)
    return rows.approved(cast.librarian, cast.stranger)


def save(trip: Trip, who, words: Words = WHOLE, seen: str = "") -> WrittenReport:
    return written_reports.save(trip=trip, words=words, actor=who.actor, seen=seen)


def test_a_draft_may_have_gaps_and_is_the_travellers(cast, trip):
    report = save(trip, cast.librarian, EMPTY)
    assert (report.author, report.state) == (cast.librarian.person, "draft")
    for name, who in cast.everyone().items():
        assert may_see_written(who.actor, report) is (name in ("librarian", "stranger"))
        if name not in ("librarian", "stranger"):
            with pytest.raises(Refused):
                save(trip, who, WHOLE, written_reports.mark(report))
    with pytest.raises(Refused):
        written_reports.publish(report=report, actor=cast.librarian.actor)


def test_a_fellow_travellers_text_is_not_lost(cast, trip, time_machine):
    first = save(trip, cast.librarian)
    seen = written_reports.mark(first)
    time_machine.shift(timedelta(minutes=1))
    save(trip, cast.stranger, EMPTY, seen)
    for old in (seen, ""):
        with pytest.raises(Stale):
            save(trip, cast.librarian, WHOLE, old)
    assert WrittenReport.objects.get().title == ""


@pytest.mark.parametrize(
    "how", [{"state": "submitted"}, {"state": "cancelled"}, {"starts_on": "2027-08-11", "ends_on": "2027-08-12"}]
)
def test_a_trip_that_has_not_begun_is_not_reported_on(cast, trip, how):
    Trip.objects.filter(pk=trip.pk).update(**how)
    with pytest.raises(Refused):
        save(trip, cast.librarian)


def test_an_open_report_is_found_by_its_words_and_stays_whole(cast, trip):
    report = written_reports.publish(report=save(trip, cast.librarian), actor=cast.stranger.actor)
    assert (report.state, report.published_at) == (WrittenState.PUBLISHED, timezone.now())
    for text, found in (("УЙІРМЕ", 1), ("үйірме кітап", 1), ("лонг", 1), ("балет", 0), ("", 1), ("\x00", 1)):
        assert coming_back_queries.open_reports(text).count() == found, text
    with pytest.raises(Refused):
        save(trip, cast.librarian, EMPTY, written_reports.mark(report))
    assert all(may_see_written(who.actor, report) for who in cast.everyone().values())


def test_drafts_are_found_by_nobody(cast, trip):
    save(trip, cast.librarian)
    assert coming_back_queries.open_reports("үйірме").count() == 0


def test_hq_takes_back_what_says_too_much(cast, trip):
    report = written_reports.publish(report=save(trip, cast.librarian), actor=cast.librarian.actor)
    report = written_reports.hide(report=report, actor=cast.hq.actor, note="Телефоны бар")
    assert (report.state, report.published_at) == (WrittenState.DRAFT, None)
    verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["written.save", "written.publish", "written.hide"]


MAY = {"publish": {"librarian", "stranger"}, "hide": {"librarian", "stranger", "hq", "administrator"}}


@pytest.mark.parametrize("verb", WRITTEN_MOVES)
@pytest.mark.parametrize("state", WrittenState.values)
def test_every_other_move_is_refused(cast, trip, verb, state):
    """Every (state, move, member of the cast) that the table does not name. One of HQ wrote in the request."""
    TripHand.objects.create(trip=trip, person=cast.administrator.person)
    open_since = timezone.now() if state == "published" else None
    deed = {"publish": written_reports.publish, "hide": written_reports.hide}[verb]
    for name, who in cast.everyone().items():
        WrittenReport.objects.all().delete()
        report = rows.written(trip, cast.librarian, state=state, published_at=open_since)
        if name in MAY[verb] - {"administrator"} and state in WRITTEN_MOVES[verb].sources:
            deed(report=report, actor=who.actor)
            assert WrittenReport.objects.get().state == WRITTEN_MOVES[verb].target
        else:
            with pytest.raises(Stale if name in MAY[verb] - {"administrator"} else Refused):
                deed(report=report, actor=who.actor)
            assert WrittenReport.objects.get().state == state


def test_the_table_knows_no_move_without_a_source():
    assert [verb for verb, move in WRITTEN_MOVES.items() if allowed(move, None, frozenset(move.who))] == []
