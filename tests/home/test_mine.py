"""My page: what waits for whom, what is next, and how many hours there are."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from courses.deciding import approve, send_back
from courses.enrolling import enrol, nominate
from courses.models import Course, Enrolment, Run, RunTrainer
from courses.queries import hours_in_window, window_start
from courses.states import EnrolmentState, RunState
from nis_library.home import my_page
from nis_library.home.greeting import greeting, lead
from schools.models import Norm, User
from tests import make
from tests.conferences.trips import gone_trip, promise
from tests.courses import rows

TODAY = date(2026, 11, 23)


def page_of(member) -> my_page.MyPage:
    return my_page.of(member.actor, now=timezone.now())


def completed(person, ends_on: date, *, hours: int = 36) -> Enrolment:
    """A course that the person completed on that day."""
    run = rows.run(
        start=datetime(ends_on.year, ends_on.month, ends_on.day, 4, tzinfo=UTC),
        days=1,
        course=rows.course(hours=hours),
        state=RunState.CLOSED,
    )
    return Enrolment.objects.create(run=run, person=person, number=1, state=EnrolmentState.COMPLETED)


@pytest.mark.parametrize(
    ("hour", "words"), [(4, "Good evening"), (5, "Good morning"), (12, "Good afternoon"), (18, "Good evening")]
)
def test_the_greeting_follows_the_clock_of_the_portal(hour, words):
    now = datetime(2026, 11, 23, hour, tzinfo=timezone.get_default_timezone())
    with translation.override("en"):
        assert greeting("Әлия", now) == f"{words}, Әлия!"
        assert greeting("", now) == f"{words}!"


def test_the_lead_counts_what_waits():
    with translation.override("en"):
        assert lead(decisions=0, nominations=0, returned=0, dates=0) == "Nothing waits for you today."
        found = lead(decisions=2, nominations=1, returned=0, dates=3, results=1)
    assert found == "Waiting for you: 2 decisions, 1 nomination, 1 course to close, 3 events ahead."


def test_hours_count_in_the_moving_window_by_the_last_day(cast):
    person = cast.librarian.person
    assert window_start(TODAY) == date(2023, 11, 24)
    completed(person, date(2023, 11, 23), hours=72)
    completed(person, date(2023, 11, 24), hours=8)
    completed(person, TODAY, hours=16)
    completed(person, TODAY + timedelta(days=1), hours=40)
    failed = completed(person, date(2025, 5, 5), hours=24)
    Enrolment.objects.filter(pk=failed.pk).update(state=EnrolmentState.NOT_COMPLETED)
    completed(cast.colleague.person, TODAY, hours=80)
    assert hours_in_window(person.pk, TODAY) == 24
    Norm.objects.create(key="target_years", value=4, valid_from=date(2026, 1, 1))
    assert hours_in_window(person.pk, TODAY) == 96


def test_a_window_that_begins_on_a_leap_day(db):
    assert window_start(date(2024, 2, 29)) == date(2021, 3, 1)


def test_a_librarian_sees_dates_applications_and_hours(cast):
    me = cast.librarian
    confirmed = rows.run(days=3)
    enrol(person=me.person, run=confirmed, actor=me.actor)
    asked = rows.run(start=rows.START + timedelta(days=30), chain=rows.director_chain())
    pending = enrol(person=me.person, run=asked, actor=me.actor)
    done = completed(me.person, timezone.localdate() - timedelta(days=9), hours=36)
    page = page_of(me)
    assert [(next.run, next.ahead) for next in page.dates] == [(confirmed, 3)]
    assert (page.open, page.newest) == ([pending], pending)
    assert [step.state for step in page.steps] == ["done", "now", "next"]
    assert (page.learning.window_hours, page.learning.target, page.learning.courses) == (36, 80, 1)
    assert [(year.hours, [row.enrolment for row in year.entries]) for year in page.learning.years] == [(36, [done])]
    assert page.to_answer == [done]
    assert (page.decides, page.teaches, page.network, page.staff) == (False, False, None, None)


def test_returned_and_nominated_applications_wait_for_the_applicant(cast):
    me, run = cast.librarian, rows.run(chain=rows.director_chain())
    back = enrol(person=me.person, run=run, actor=me.actor)
    send_back(enrolment=back, actor=cast.director.actor, seen_step=1, note="Қайта жазыңыз")
    offered = nominate(person=me.person, run=rows.run(start=None), actor=cast.director.actor)
    page = page_of(me)
    assert (page.returned, page.nominations, page.open) == ([back], [offered], [])
    html = me.client().get(reverse("home:mine")).text
    assert reverse("courses:accept", args=[offered.uid]) in html
    assert page_of(cast.colleague).nominations == []


def test_a_director_sees_decisions_of_the_own_school_first(cast):
    run = rows.run(chain=rows.director_chain(), capacity=9)
    mine = enrol(person=cast.librarian.person, run=run, actor=cast.librarian.actor)
    other = enrol(person=cast.stranger.person, run=run, actor=cast.stranger.actor)
    completed(cast.colleague.person, timezone.localdate(), hours=80)
    completed(cast.stranger.person, timezone.localdate(), hours=80)
    page = page_of(cast.director)
    assert page.decisions == [mine]
    assert [(row.person, row.hours) for row in page.staff.colleagues] == [
        (cast.librarian.person, 0),
        (cast.colleague.person, 80),
    ]
    assert (page.staff.reached, page.network, page.learning) == (1, None, None)
    html = cast.director.client().get(reverse("home:mine")).text
    assert reverse("courses:enrolment", args=[mine.uid]) in html
    assert reverse("courses:enrolment", args=[other.uid]) not in html


def test_hq_sees_what_starts_soon_and_what_is_open(cast):
    soon = rows.run(start=timezone.now() + timedelta(days=5), chain=rows.chain("hq"))
    later = rows.run(start=timezone.now() + timedelta(days=40))
    row = enrol(person=cast.librarian.person, run=soon, actor=cast.librarian.actor)
    enrol(person=cast.colleague.person, run=later, actor=cast.colleague.actor)
    page = page_of(cast.hq)
    assert (page.decisions, page.network.starting) == ([row], [soon])
    assert (page.network.pending, page.network.waiting, page.network.undecided) == (1, 0, 0)
    Run.objects.filter(pk=later.pk).update(starts_on=TODAY - timedelta(days=9999), ends_on=TODAY - timedelta(days=9998))
    approve(enrolment=row, actor=cast.hq.actor, seen_step=1)
    network = page_of(cast.hq).network
    assert (network.pending, network.undecided) == (0, 1)
    auditor = page_of(cast.auditor)
    assert (auditor.decides, auditor.network.starting) == (False, [soon])


def test_a_trainer_sees_the_runs_taught_and_results_to_decide(cast):
    today = timezone.localdate()
    mine, other, old = rows.run(), rows.run(), rows.run()
    Run.objects.filter(pk=old.pk).update(starts_on=today - timedelta(days=4), ends_on=today - timedelta(days=3))
    for run in (mine, old):
        RunTrainer.objects.create(run=run, person=cast.trainer.person)
    RunTrainer.objects.create(run=other, name="Басқа тренер")
    page = page_of(cast.trainer)
    assert page.taught == [old, mine]
    with translation.override("en"):
        assert page_of(cast.trainer).lead == "Waiting for you: 1 course to close."


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("librarian", ["No dates ahead", "Nothing completed yet"]),
        ("director", ["No application waits for your decision."]),
        ("hq", ["No application waits for your decision.", "Nothing begins in the next three weeks"]),
        ("trainer", ["No run to teach"]),
        ("finance", ["Nothing waits for you here"]),
    ],
)
def test_an_empty_part_says_what_will_stand_there(cast, role, words):
    html = getattr(cast, role).client().get("/en/me/").text
    assert [text for text in words if text not in html] == []


def many(cast, number: int) -> None:
    """So much of everything for everybody."""
    me, start = cast.librarian, timezone.now() + timedelta(days=3)
    course, chain = rows.course(), rows.director_chain()
    more = make.librarians(cast.school, number)
    for order in range(number):
        run = rows.run(start=start + timedelta(days=3 * order), course=course, capacity=50, host=cast.school)
        enrol(person=me.person, run=run, actor=me.actor)
        RunTrainer.objects.create(run=run, person=cast.trainer.person)
        asked = rows.run(start=None, course=course, chain=chain)
        enrol(person=me.person, run=asked, actor=me.actor)
        nominate(person=me.person, run=rows.run(start=None, course=course), actor=cast.director.actor)
        completed(more[order], TODAY)
        completed(me.person, TODAY - timedelta(days=40 * order))
    Course.objects.update(hours=10)


@pytest.mark.parametrize("number", [1, 30])
@pytest.mark.parametrize(
    ("role", "queries"), [("librarian", 25), ("director", 19), ("hq", 16), ("trainer", 13), ("administrator", 14)]
)
def test_a_page_costs_as_many_queries_with_one_row_as_with_thirty(
    cast, number, role, queries, django_assert_num_queries
):
    many(cast, number)
    client = getattr(cast, role).client()
    client.get("/kk/me/")
    with django_assert_num_queries(queries):
        assert client.get("/kk/me/").status_code == 200


def test_an_account_without_a_person_has_a_page(db):
    user = User.objects.create_superuser("root@example.kz", make.PASSWORD)
    page = make.client_of(user).get("/en/me/")
    assert (page.status_code, "Starting soon" in page.text) == (200, True)


def test_what_is_promised_and_not_kept_stands_on_the_page(cast):
    promise(gone_trip(cast.librarian), cast.librarian, what="Оқырман клубы")
    promise(
        gone_trip(cast.librarian),
        cast.librarian,
        what="Босатылған",
        state="excused",
        note="x",
        settled_at=timezone.now(),
    )
    promise(gone_trip(cast.stranger), cast.stranger, what="Өзгенікі")
    assert [row.what for row in page_of(cast.librarian).promises] == ["Оқырман клубы"]
    text = cast.librarian.client().get("/kk/me/").text
    assert ["Оқырман клубы" in text, "Өзгенікі" in text] == [True, False]
