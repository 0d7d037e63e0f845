"""Dates of presentations in private calendars, and presentations on records."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conferences import editions, team_calendar
from conferences.edition_plans import EDITION_FACTS, EditionPlan
from conferences.models import Author, Edition, Presentation
from courses import feeds
from courses.plans import facts_of
from schools import norms, record_parts
from schools.models import Norm
from tests.conferences import rows
from tests.courses.test_calendars import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(db):
    today = timezone.localdate()
    start = today + timedelta(days=200)
    row = rows.edition(year=start.year, starts_on=start, ends_on=start + timedelta(days=3))
    rows.call(row, opens_on=None, abstract_due=today + timedelta(days=30), outcome_on=None, paper_due=None)
    return row


def entries(member):
    feed = feeds.renew(person=member.person, actor=member.actor)
    return {str(event["uid"]): event for event in read(feeds.calendar(feed, today=timezone.localdate()))}


def dates(member):
    return {uid.partition("@")[0]: event.decoded("dtstart") for uid, event in entries(member).items()}


def move(edition, cast, days):
    facts = facts_of(edition, EDITION_FACTS)
    facts |= {name: facts[name] + timedelta(days=days) for name in ("starts_on", "ends_on")}
    plan, seen = EditionPlan(facts), editions.version(edition)
    return editions.edit(edition=edition, plan=plan, seen=seen, actor=cast.hq.actor)


def test_authors_find_their_dates_and_nobody_else_does(cast, edition):
    row = rows.presentation(cast.librarian.person, edition=edition, state="accepted")
    rows.author(row, cast.colleague.person, state="invited")
    rows.author(row, cast.stranger.person, state="left")
    start = edition.starts_on
    assert dates(cast.librarian) == {
        f"{edition.uid}-conference": start,
        **{
            f"{row.uid}-{step}": start - timedelta(days=norms.DEFAULTS[f"{step}_days"])
            for step in ("registration", "order", "insurance", "visa", "tickets")
        },
    }
    for member in (cast.colleague, cast.stranger, cast.hq):
        assert dates(member) == {}


def test_what_is_done_is_gone_and_a_draft_does_not_promise_the_journey_itself(cast, edition):
    row = rows.presentation(cast.librarian.person, edition=edition, state="draft")
    found = dates(cast.librarian)
    assert f"{edition.uid}-conference" not in found
    assert {f"{row.uid}-review", f"{row.uid}-abstract"} <= set(found)
    Presentation.objects.update(state="submitted")
    assert not {f"{row.uid}-review", f"{row.uid}-abstract"} & set(dates(cast.librarian))
    Presentation.objects.update(state="withdrawn")
    assert dates(cast.librarian) == {}


def test_a_moved_conference_updates_the_same_entries_with_a_higher_sequence(cast, edition):
    rows.presentation(cast.librarian.person, edition=edition, state="accepted")
    before = entries(cast.librarian)
    move(edition, cast, 7)
    after = entries(cast.librarian)
    assert before.keys() == after.keys()
    for uid, event in after.items():
        assert event.decoded("dtstart") - before[uid].decoded("dtstart") == timedelta(days=7), uid
        assert int(event["sequence"]) > int(before[uid]["sequence"])


def test_an_edit_without_a_change_and_a_new_setting(cast, edition):
    rows.presentation(cast.librarian.person, edition=edition, state="accepted")
    before = {int(event["sequence"]) for event in entries(cast.librarian).values()}
    edition.calls.all().delete()
    plan = EditionPlan(facts_of(edition, EDITION_FACTS))
    editions.edit(edition=edition, plan=plan, seen=editions.version(edition), actor=cast.hq.actor)
    assert Edition.objects.get(pk=edition.pk).sequence == 0
    Norm.objects.create(key="visa_days", valid_from=timezone.localdate(), value=90)
    after = {int(event["sequence"]) for event in entries(cast.librarian).values()}
    assert min(after) > max(before)


def test_a_conference_that_is_not_held_is_marked_as_cancelled(cast, edition):
    rows.presentation(cast.librarian.person, edition=edition, state="accepted")
    Edition.objects.update(state="not_held")
    found = entries(cast.librarian)
    assert [str(event["status"]) for event in found.values()] == ["CANCELLED"]


def test_hostile_words_stay_inside_their_line(cast, edition):
    Edition.objects.update(city="Oslo\r\nATTENDEE:mailto:evil@example.kz")
    rows.presentation(cast.librarian.person, edition=edition, state="accepted", title='A; , \\ "x"' + "ұзақ " * 40)
    assert entries(cast.librarian)


def test_without_presentations_the_calendar_asks_one_question_more(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert list(team_calendar.events_of(cast.librarian.person, timezone.localdate())) == []


def test_the_record_shows_what_audiences_heard_with_the_award(cast, edition):
    given = rows.presentation(
        cast.librarian.person,
        cast.colleague.person,
        edition=edition,
        state="awarded",
        award="Best poster",
        title="Games",
    )
    rows.presentation(cast.librarian.person, edition=edition, state="accepted", title="Not yet heard")
    page = cast.librarian.client().get("/kk/record/").content.decode()
    assert (given.title in page, "Best poster" in page, "Not yet heard" in page) == (True, True, False)
    Author.objects.filter(person=cast.colleague.person).update(state="left")
    assert record_parts.of(cast.colleague.person) == []
    of_other = cast.hq.client().get(f"/kk/record/{cast.librarian.person.uid}/").content.decode()
    assert given.title in of_other
