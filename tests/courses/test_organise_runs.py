"""The organisers' pages of runs: rows added without a script, bad input kept, moving asked for twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from courses import enrolling, running
from courses.models import Enrolment, Run, RunNotice
from courses.states import EnrolmentState as S
from courses.states import RunState
from tests import make
from tests.courses import rows

pytestmark = pytest.mark.django_db
HOME = "/kk/organise/"
HOSTILE = "<script>alert(1)</script>'\";--‮🦅"


def apply(member, run):
    return enrolling.enrol(person=member.person, run=run, actor=member.actor)


def published(cast, **fields):
    fields = {"contact": cast.hq.person, "host": cast.school, **fields}
    return rows.run(**{"closes_at": timezone.now() + timedelta(days=30), **fields})


def counts(**numbers):
    """The hidden counters of the sets of rows."""
    return {
        f"{kind}-{name}": str(numbers.get(kind, 0) if name == "TOTAL_FORMS" else 0)
        for kind in ("meetings", "trainers", "materials")
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }


def row(index=0, **cells):
    usual = {"day": "2030-04-08", "starts": "09:00", "ends": "16:00", "hours": "8", "was": ""}
    return {f"meetings-{index}-{name}": value for name, value in {**usual, **cells}.items()}


def new(**changes):
    """What the page of a new run sends."""
    facts = {
        "starts_on": "2030-04-08",
        "ends_on": "2030-04-09",
        "zone": "Asia/Almaty",
        "country": "KZ",
        "language": "kk",
        "capacity": "25",
        "chain": rows.chain().code,
        "closes_at": "2030-04-01T18:00",
    }
    return {**facts, **counts(), **changes}


def moved(run, **changes):
    facts = {
        "starts_on": "2030-04-15",
        "ends_on": "2030-04-16",
        "zone": run.zone,
        "reason": "Жөндеу",
        "closes_at": "2030-04-01T18:00",
    }
    meetings = {**row(0, day="2030-04-15", was="1"), **row(1, day="2030-04-16", was="2")}
    return {**facts, **counts(meetings=2), **meetings, "seen": running.version(run), **changes}


def test_a_run_is_planned_on_the_clock_of_its_place(cast):
    course = rows.course()
    data = new(zone="Europe/Berlin", country="DE", **counts(meetings=2, trainers=2, materials=1), **row(), **row(1))
    data |= {"meetings-1-day": "2030-04-09", "meetings-1-hours": "", "trainers-0-person": cast.trainer.person.uid}
    data |= {"trainers-1-name": "LIBRARIAN@example.kz", "materials-0-title": "Слайдтар"}
    data |= {"materials-0-url": "https://example.kz/slides"}
    answer = cast.hq.client().post(f"{HOME}courses/{course.uid}/runs/new/", data)
    run = Run.objects.get()
    assert (answer.status_code, answer.url) == (302, f"{HOME}runs/{run.uid}/edit/")
    assert list(run.meetings.values_list("starts_at", "day", "hours")) == [
        (datetime(2030, 4, 8, 7, 0, tzinfo=UTC), date(2030, 4, 8), 8),
        (datetime(2030, 4, 9, 7, 0, tzinfo=UTC), date(2030, 4, 9), 9),
    ]
    assert run.closes_at == datetime(2030, 4, 1, 16, 0, tzinfo=UTC)
    assert [t.person for t in run.trainers.order_by("id")] == [cast.trainer.person, cast.librarian.person]


@pytest.mark.parametrize("kind", ["meetings", "trainers", "materials"])
def test_a_row_more_keeps_what_was_typed_and_judges_nothing(cast, kind):
    course = rows.course()
    data = new(**counts(meetings=1), **row(day="", starts="9"), place_kk=HOSTILE, add=kind)
    answer = cast.hq.client().post(f"{HOME}courses/{course.uid}/runs/new/", data)
    assert answer.status_code == 200
    assert f'name="{kind}-{1 if kind == "meetings" else 0}-' in answer.text
    assert 'value="9"' in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "is-invalid" not in answer.text
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("starts_on", "2030-02-31"),
        ("ends_on", "9999-12-31"),
        ("zone", "../../etc/passwd"),
        ("country", "XX"),
        ("language", "de"),
        ("capacity", "0"),
        ("capacity", "-1"),
        ("capacity", "9" * 40),
        ("chain", "nobody"),
        ("contact", "aaaaaaaaaa"),
        ("host", "hogwarts"),
        ("closes_at", "tomorrow"),
        ("closes_at", "1" * 5000),
        ("opens_at", "0001-01-01T00:00"),
        ("place_kk", "ұ" * 201),
        ("place_ru", "bell\x07"),
        ("join_link", "javascript:alert(1)"),
        ("join_link", "ftp://example.kz/"),
        ("join_link", "https://example.kz/" + "a" * 600),
        ("meetings-0-day", "08.13.2030"),
        ("meetings-0-starts", "25:00"),
        ("meetings-0-ends", "08:59"),
        ("meetings-0-hours", "0"),
        ("meetings-0-hours", "999999999999"),
        ("trainers-0-name", "nobody@nowhere.kz"),
        ("trainers-0-person", "x' OR 1=1"),
        ("materials-0-url", "data:text/html,<b>"),
        ("meetings-TOTAL_FORMS", "many"),
        ("meetings-TOTAL_FORMS", "10000"),
        ("trainers-INITIAL_FORMS", ""),
    ],
)
def test_bad_input_is_answered_and_the_rest_is_kept(cast, field, value):
    course = rows.course()
    data = new(place_en="Kept as typed", **counts(meetings=1, trainers=1, materials=1), **row())
    data |= {"materials-0-title": "Слайдтар", "materials-0-url": "https://example.kz/"}
    data[field] = value
    if field == "trainers-0-person":
        data["trainers-0-name"] = ""
    answer = cast.hq.client().post(f"{HOME}courses/{course.uid}/runs/new/", data)
    assert answer.status_code == 422
    assert 'value="Kept as typed"' in answer.text
    assert "is-invalid" in answer.text or "alert-danger" in answer.text
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("zone", "day", "starts"),
    [("Asia/Almaty", "2024-02-29", "23:30"), ("Europe/Berlin", "2029-03-25", "02:30")],
)
def test_a_doubtful_time_is_refused_at_its_field(cast, zone, day, starts):
    course = rows.course()
    data = new(zone=zone, starts_on=day, ends_on=day, closes_at="", **counts(meetings=1))
    data |= row(day=day, starts=starts, ends="23:59")
    answer = cast.hq.client().post(f"{HOME}courses/{course.uid}/runs/new/", data)
    assert answer.status_code == 422
    assert "starts" in answer.context["sheet"].meetings[0].errors
    assert not Run.objects.exists()


def edited(run, **changes):
    """What the page of a draft sends, unchanged but for `changes`."""
    data = new(chain=run.chain.code, closes_at="", contact=run.contact.uid, host=run.host.code)
    meetings = {**row(0, was="1"), **row(1, day="2030-04-09", was="2")}
    return {**data, **counts(meetings=2), **meetings, "seen": running.version(run), **changes}


def test_save_and_publish_says_what_is_missing_and_then_publishes(cast):
    run = published(cast, state=RunState.DRAFT)
    client, url = cast.hq.client(), f"{HOME}runs/{run.uid}/edit/"
    refused = client.post(url, edited(run, publish="1", contact=""))
    assert refused.status_code == 422
    assert set(refused.context["sheet"].form.errors) == {"__all__", "closes_at", "contact"}
    run.refresh_from_db()
    assert (run.state, run.capacity) == (RunState.DRAFT, 25)
    answer = client.post(url, edited(published_contact(run, cast), closes_at="2030-04-01T18:00", publish="1"))
    assert answer.url == f"{HOME}runs/{run.uid}/"
    assert Run.objects.get().state == RunState.PUBLISHED


def published_contact(run, cast):
    run.contact = cast.hq.person
    run.save(update_fields=["contact"])
    return run


def test_publishing_from_the_overview_leads_to_what_is_missing(cast):
    run = rows.run(state=RunState.DRAFT)
    answer = cast.hq.client().post(f"{HOME}runs/{run.uid}/publish/")
    assert answer.status_code == 422
    assert set(answer.context["sheet"].form.errors) == {"__all__", "contact", "closes_at", "place_kk"}


def test_the_second_of_two_editors_is_told_and_keeps_the_text(cast):
    run = published(cast, state=RunState.DRAFT)
    mine = edited(run, place_kk="Менікі", place_ru="Моё")
    Run.objects.update(place_kk="Басқаныкі")
    answer = cast.administrator.client().post(f"{HOME}runs/{run.uid}/edit/", mine)
    assert answer.status_code == 409
    assert 'value="Менікі"' in answer.text
    assert Run.objects.get().place_kk == "Басқаныкі"


def test_a_published_run_is_edited_without_its_dates(cast):
    run = published(cast)
    page = cast.hq.client().get(f"{HOME}runs/{run.uid}/edit/")
    assert "starts_on" not in page.context["sheet"].form.fields
    data = edited(run, join_link="https://example.kz/room", closes_at="2030-04-01T18:00", starts_on="2031-01-01")
    assert cast.hq.client().post(f"{HOME}runs/{run.uid}/edit/", data).status_code == 302
    run.refresh_from_db()
    assert (run.join_link, run.starts_on) == ("https://example.kz/room", date(2030, 4, 8))


def test_moving_asks_first_with_the_number_of_people_and_whom_it_clashes_for(cast):
    run = published(cast)
    apply(cast.librarian, run)
    apply(cast.colleague, run)
    apply(cast.librarian, rows.run(start=rows.START + timedelta(days=7), days=1))
    client, url = cast.hq.client(), f"{HOME}runs/{run.uid}/move/"
    ask = client.post(url, moved(run, reason=HOSTILE))
    assert ask.status_code == 200
    assert (ask.context["affected"]["all"], [row.person for row in ask.context["clashing"]]) == (
        2,
        [cast.librarian.person],
    )
    assert "<script>alert" not in ask.text
    run.refresh_from_db()
    assert (run.starts_on, RunNotice.objects.count()) == (date(2030, 4, 8), 0)
    sure = client.post(url, {**dict(ask.context["typed"]), "deed": "confirm"}, follow=True)
    assert cast.librarian.person.short_name in sure.text
    run.refresh_from_db()
    assert (run.starts_on, RunNotice.objects.get().reason) == (date(2030, 4, 15), HOSTILE)


def test_back_from_the_question_everything_typed_stands_there(cast):
    run = published(cast)
    answer = cast.hq.client().post(f"{HOME}runs/{run.uid}/move/", moved(run, reason="Дәліз су", deed="back"))
    assert (answer.status_code, "Дәліз су" in answer.text, "2030-04-15" in answer.text) == (200, True, True)


def test_shifting_moves_every_row_and_deadline_with_the_first_day(cast):
    run = published(cast, closes_at=datetime(2030, 4, 1, 13, 0, tzinfo=UTC))
    data = moved(run, starts_on="2030-05-06", deed="shift")
    form = cast.hq.client().post(f"{HOME}runs/{run.uid}/move/", data).context["sheet"]
    assert [row["day"].value() for row in form.meetings][:2] == [date(2030, 5, 6), date(2030, 5, 7)]
    assert (form.form["ends_on"].value(), form.form["closes_at"].value(), form.form["reason"].value()) == (
        date(2030, 5, 7),
        datetime(2030, 4, 29, 18, 0),
        "Жөндеу",
    )


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"reason": ""}, 422), ({"reason": "a\x00"}, 422), ({"ends_on": "2030-04-15"}, 422), ({"seen": "old"}, 409)],
)
def test_a_bad_move_is_refused_before_the_question(cast, changes, status):
    run = published(cast)
    answer = cast.hq.client().post(f"{HOME}runs/{run.uid}/move/", moved(run, **changes))
    assert (answer.status_code, RunNotice.objects.count()) == (status, 0)
    assert 'value="2030-04-16"' in answer.text


def test_calling_off_shows_how_many_and_asks_why(cast):
    run = published(cast)
    apply(cast.librarian, run)
    client, url = cast.hq.client(), f"{HOME}runs/{run.uid}/cancel/"
    assert client.get(url).context["affected"]["seated"] == 1
    assert client.post(url, {"reason": "\x07"}).status_code == 422
    assert Enrolment.objects.get().state == S.CONFIRMED
    assert client.post(url, {"reason": "Ұстаз ауырып қалды"}).status_code == 302
    assert Enrolment.objects.get().state == S.CANCELLED
    assert client.post(url, {"reason": "Тағы"}).status_code == 422


def test_places_are_changed_from_the_roster(cast):
    run = published(cast, capacity=1)
    apply(cast.librarian, run)
    waits = apply(cast.colleague, run)
    client, url = cast.hq.client(), f"{HOME}runs/{run.uid}/capacity/"
    assert client.post(url, {"capacity": "два"}).status_code == 422
    assert client.post(url, {"capacity": "2"}).status_code == 302
    waits.refresh_from_db()
    assert waits.state == S.CONFIRMED


def test_withdrawing_and_a_place_out_of_turn_from_the_page_of_one_applicant(cast):
    run = published(cast, capacity=1)
    first = apply(cast.librarian, run)
    last = apply(cast.colleague, run)
    client = cast.hq.client()
    url = f"{HOME}applications/{last.uid}/"
    full = client.post(f"{url}override/", {"reason": "Баяндамашы"})
    assert (full.status_code, "Баяндамашы" in full.text) == (422, True)
    assert client.post(f"{url}override/", {"reason": ""}).status_code == 422
    assert client.post(f"{url}override/", {"reason": "Баяндамашы", "add_place": "on"}).status_code == 302
    assert client.post(f"{url}override/", {"reason": "Баяндамашы"}).status_code == 409
    gone = client.post(f"{HOME}applications/{first.uid}/withdraw/", {"note": "Өтініші бойынша"})
    assert gone.url == f"{HOME}runs/{run.uid}/"
    assert list(Enrolment.objects.order_by("number").values_list("state", flat=True)) == [S.WITHDRAWN, S.CONFIRMED]


@pytest.mark.parametrize("count", [1, 30])
def test_a_roster_costs_the_same_for_one_and_for_thirty(cast, count, django_assert_num_queries):
    run = published(cast, capacity=60)
    people = make.librarians(cast.school, count)
    for number, person in enumerate(people, start=1):
        Enrolment.objects.create(run=run, person=person, school=cast.school, number=number, state=S.CONFIRMED)
    client = cast.hq.client()
    client.get(f"{HOME}runs/{run.uid}/")
    with django_assert_num_queries(20):
        assert len(client.get(f"{HOME}runs/{run.uid}/").context["page"]) == count


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_of_runs_costs_the_same_for_one_and_for_thirty(cast, count, django_assert_num_queries):
    for _ in range(count):
        published(cast)
    client = cast.hq.client()
    client.get(f"{HOME}runs/")
    with django_assert_num_queries(7):
        assert len(client.get(f"{HOME}runs/").context["page"]) == count


@pytest.mark.parametrize("count", [1, 30])
def test_the_form_costs_the_same_for_one_row_and_for_thirty(cast, count, django_assert_num_queries):
    run = published(cast, state=RunState.DRAFT, days=count)
    client = cast.hq.client()
    client.get(f"{HOME}runs/{run.uid}/edit/")
    with django_assert_num_queries(24):
        assert len(client.get(f"{HOME}runs/{run.uid}/edit/").context["sheet"].meetings) == count + 1


def test_drafts_are_for_coordinators(cast, client):
    run = rows.run(state=RunState.DRAFT)
    assert client.get(f"/kk/courses/{run.uid}/").status_code == 404
    assert cast.director.client().get(f"{HOME}runs/{run.uid}/").status_code == 403
    assert cast.hq.client().get(f"{HOME}runs/aaaaaaaaaa/").status_code == 404
