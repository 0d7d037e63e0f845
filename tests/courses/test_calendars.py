"""Calendar files: what anybody may have of a run, and what a person's private address gives away - and to whom."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from icalendar import Calendar

from courses import calendars, enrolling, feeds, letters
from courses.models import Feed, Run
from courses.states import EnrolmentState, RunState
from schools import registry
from schools.mailing import parts_of
from schools.models import AuditEntry, AuditValues, Mail
from tests import make
from tests.courses import rows

pytestmark = pytest.mark.django_db
ROOM = "https://meet.example.kz/room-4711"
HOSTILE = "Оқу; \\ , \r\nATTENDEE:mailto:evil@example.kz\x07\u2028END:VEVENT \"'<b>🦅" + "ұзақ " * 20


def read(body: bytes) -> list:
    """The events of a file; and the file is as RFC 5545 wants it, before anything is unfolded."""
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    calendar = Calendar.from_ical(body)
    assert calendar.errors == []
    for event in calendar.events:
        assert event.errors == []
    return calendar.events


def file_of(client, run: Run, **query: str) -> list:
    answer = client.get(f"/courses/{run.uid}.ics", query)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return read(answer.content)


def confirm(cast, run: Run, name: str = "librarian"):
    member = getattr(cast, name)
    return enrolling.enrol(person=member.person, run=run, actor=member.actor)


def feed_of(cast, name: str = "librarian") -> Feed:
    member = getattr(cast, name)
    return feeds.renew(person=member.person, actor=member.actor)


def events_of(client, feed: Feed) -> list:
    return read(client.get(f"/feeds/{feed.token}.ics").content)


def test_a_run_gives_one_event_a_meeting_in_utc(client):
    run = rows.run(course=rows.course(title_ru="Чтение"), days=2, join_link=ROOM, place_ru="Алматы")
    events = file_of(client, run, lang="ru")
    assert [
        (str(e["uid"]), e["sequence"], e.start, e.end, str(e["summary"]), str(e["location"]), str(e["status"]))
        for e in events
    ] == [
        (
            f"{run.uid}-{number}@testserver",
            0,
            rows.START + timedelta(days=number - 1),
            rows.START + timedelta(days=number - 1, hours=7),
            "Чтение",
            "Алматы",
            "CONFIRMED",
        )
        for number in (1, 2)
    ]
    assert events[0].start.utcoffset() == timedelta(0)
    assert str(events[0]["url"]) == f"http://testserver/ru/courses/{run.uid}/"


@pytest.mark.parametrize(
    "sender", ["portal@example.kz", "Portal <portal@example.kz>", '"Кітап; үйі" <portal@example.kz>']
)
def test_the_organiser_is_the_sender_and_public_files_name_nobody_else(client, cast, settings, sender):
    settings.DEFAULT_FROM_EMAIL = sender
    run = rows.run(days=1)
    confirm(cast, run)
    file, feed = client.get(f"/courses/{run.uid}.ics").content, client.get(f"/feeds/{feed_of(cast).token}.ics").content
    for body in (file, feed):
        [event] = read(body)
        assert str(event["organizer"]) == "mailto:portal@example.kz"
        assert event["organizer"].params["CN"] == "НЗМ кітапханалары"
        assert "ATTENDEE" not in event
        assert str(Calendar.from_ical(body)["method"]) == "PUBLISH"


def test_a_letter_about_a_place_invites_its_reader_under_the_names_of_the_public_file(client, cast):
    run = rows.run(days=1)
    row = confirm(cast, run)
    letters.tell_untold()
    enrolling.withdraw(enrolment=row, actor=cast.librarian.actor, note="")
    letters.tell_untold()
    [public] = file_of(client, run)
    person, said = cast.librarian.person, []
    for mail in Mail.objects.filter(person=person).order_by("id"):
        calendar = Calendar.from_ical(parts_of(bytes(mail.message)).calendar)
        [event] = calendar.events
        assert (event["uid"], event["sequence"]) == (public["uid"], public["sequence"])
        assert (str(event["attendee"]), event["attendee"].params["PARTSTAT"]) == (f"mailto:{person.email}", "ACCEPTED")
        said.append((str(calendar["method"]), str(event["status"])))
    assert said == [("REQUEST", "CONFIRMED"), ("CANCEL", "CANCELLED")]


def test_nobody_finds_the_join_link_in_the_public_file(cast):
    run = rows.run(join_link=ROOM)
    confirm(cast, run)
    for client in (cast.librarian.client(), cast.hq.client()):
        assert b"room-4711" not in client.get(f"/courses/{run.uid}.ics").content.replace(b"\r\n ", b"")


def test_a_run_without_meetings_takes_whole_days(client):
    run = rows.run(days=3)
    run.meetings.all().delete()
    (event,) = file_of(client, run)
    assert (event.start, event.end) == (run.starts_on, run.ends_on + timedelta(days=1))
    assert str(event["uid"]) == f"{run.uid}@testserver"


def test_which_runs_have_a_file(client, cast):
    unknown_dates, draft = rows.run(start=None), rows.run(state=RunState.DRAFT)
    assert client.get(f"/courses/{unknown_dates.uid}.ics").status_code == 404
    assert client.get(f"/courses/{draft.uid}.ics").status_code == 404
    assert cast.hq.client().get(f"/courses/{draft.uid}.ics").status_code == 200
    assert client.get("/courses/nosuchrun9.ics").status_code == 404
    assert client.post(f"/courses/{draft.uid}.ics").status_code == 405


def test_a_cancelled_run_is_marked_so_under_the_same_names(client):
    run = rows.run()
    before = [str(event["uid"]) for event in file_of(client, run)]
    Run.objects.filter(pk=run.pk).update(state=RunState.CANCELLED, sequence=3)
    events = file_of(client, run)
    assert [(str(e["uid"]), str(e["status"]), e["sequence"]) for e in events] == [
        (uid, "CANCELLED", 3) for uid in before
    ]


@pytest.mark.parametrize("lang", ["zz", "", "ru'", "kk" * 5000])
def test_a_strange_language_is_the_readers_own(client, lang):
    run = rows.run(course=rows.course(title_kk="Оқу"))
    assert str(file_of(client, run, lang=lang)[0]["summary"]) == "Оқу"


def test_hostile_words_stay_one_text(client):
    run = rows.run(course=rows.course(title_kk=HOSTILE), place_kk="Зал;1,\nATTACH:http://x", days=1)
    (event,) = file_of(client, run)
    assert str(event["summary"]) == " ".join(HOSTILE.replace("\x07", " ").split())
    assert str(event["location"]) == "Зал;1, ATTACH:http://x"
    assert sorted(event.keys()) == sorted(
        ["UID", "SEQUENCE", "DTSTAMP", "SUMMARY", "LOCATION", "URL", "STATUS", "ORGANIZER", "DTSTART", "DTEND"]
    )


@pytest.mark.parametrize(
    ("given", "written"),
    [
        (ROOM + "?a=1&b=%20", ROOM + "?a=1&b=%20"),
        ("https://x.kz/a\r\nATTENDEE:mailto:evil@example.kz", "https://x.kz/a%0D%0AATTENDEE:mailto:evil@example.kz"),
        ('https://x.kz/қ "<>\x07', "https://x.kz/%D2%9B%20%22%3C%3E%07"),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_an_address_cannot_end_its_line(given, written):
    assert calendars.safe_url(given) == written


def test_the_feed_holds_confirmed_dates_alone_in_the_persons_language(client, cast):
    cast.librarian.person.language = "ru"
    cast.librarian.person.save(update_fields=["language"])
    mine = rows.run(course=rows.course(title_ru="Моё"), join_link=ROOM, days=1)
    pending = rows.run(chain=rows.director_chain(), start=rows.START + timedelta(days=30))
    full = rows.run(capacity=1, start=rows.START + timedelta(days=60))
    of_another = rows.run(start=rows.START + timedelta(days=90))
    confirm(cast, mine)
    confirm(cast, pending)
    confirm(cast, full, "colleague")
    confirm(cast, full)
    confirm(cast, of_another, "colleague")
    (event,) = events_of(client, feed_of(cast))
    assert (str(event["summary"]), str(event["description"])) == ("Моё", f"Ссылка для подключения: {ROOM}")
    assert [str(e["summary"]) for e in events_of(client, feed_of(cast, "stranger"))] == []


def test_dates_that_were_given_up_leave_the_feed_and_cancelled_ones_are_marked(client, cast):
    given_up, called_off = rows.run(days=1), rows.run(days=1, start=rows.START + timedelta(days=30))
    never_mine = rows.run(days=1, chain=rows.director_chain(), start=rows.START + timedelta(days=60))
    enrolment = confirm(cast, given_up)
    confirm(cast, called_off)
    confirm(cast, never_mine)
    feed = feed_of(cast)
    assert [str(e["status"]) for e in events_of(client, feed)] == ["CONFIRMED", "CONFIRMED"]
    enrolling.withdraw(enrolment=enrolment, actor=cast.librarian.actor, note="")
    for run in (called_off, never_mine):
        Run.objects.filter(pk=run.pk).update(state=RunState.CANCELLED, sequence=1, join_link=ROOM)
        run.enrolments.update(state=EnrolmentState.CANCELLED, step=0, decider="", step_due=None)
    events = events_of(client, feed)
    assert [(str(e["uid"]), str(e["status"])) for e in events] == [(f"{called_off.uid}-1@testserver", "CANCELLED")]
    assert "description" not in events[0]


def test_what_is_long_over_leaves_the_feed(client, cast):
    long_ago = rows.run(start=datetime(2019, 5, 13, 4, tzinfo=UTC))
    long_ago.enrolments.create(person=cast.librarian.person, number=1, state=EnrolmentState.COMPLETED)
    assert events_of(client, feed_of(cast)) == []


def test_the_feed_is_kept_by_no_shared_cache_and_no_search_engine(client, cast):
    answer = client.get(f"/feeds/{feed_of(cast).token}.ics")
    assert answer.headers["Cache-Control"] == "private, max-age=300"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in answer.headers


def test_a_renewed_address_kills_the_one_before(client, cast):
    old = feed_of(cast).token
    new = feed_of(cast).token
    assert old != new
    assert client.get(f"/feeds/{old}.ics").status_code == 404
    assert client.get(f"/feeds/{new}.ics").status_code == 200


@pytest.mark.parametrize("token", ["a" * 32, "a" * 31, "a" * 5000, "%00" * 12, "..%2f" * 8, "қ" * 32])
def test_guesses_find_nothing(client, cast, token):
    feed_of(cast)
    assert client.get(f"/feeds/{token}.ics").status_code == 404


def test_who_has_left_gives_nothing_away(client, cast):
    feed = feed_of(cast)
    cast.librarian.user.is_active = False
    cast.librarian.user.save(update_fields=["is_active"])
    assert client.get(f"/feeds/{feed.token}.ics").status_code == 404
    archived = feed_of(cast, "colleague")
    archived.person.archived_at = rows.START
    archived.person.save(update_fields=["archived_at"])
    assert client.get(f"/feeds/{archived.token}.ics").status_code == 404


def test_erasing_a_person_ends_the_address(cast):
    feed_of(cast)
    feed_of(cast, "colleague")
    with transaction.atomic():
        registry.erased.tell(person=cast.librarian.person, actor=cast.administrator.actor)
        registry.merged.tell(kept=cast.librarian.person, gone=cast.colleague.person, actor=cast.administrator.actor)
    assert list(Feed.objects.all()) == []


def test_the_page_makes_renews_and_switches_off_by_post_alone(cast):
    client = cast.librarian.client()
    assert [client.get(f"/kk/calendar/{deed}/").status_code for deed in ("renew", "off")] == [405, 405]
    assert not Feed.objects.exists()
    assert client.get("/kk/calendar/").context["feed"] is None
    client.post("/kk/calendar/renew/")
    first = Feed.objects.get(person=cast.librarian.person).token
    page = client.get("/kk/calendar/")
    assert f'value="http://testserver/feeds/{first}.ics"' in page.text
    assert f'href="webcal://testserver/feeds/{first}.ics"' in page.text
    assert "no-store" in page.headers["Cache-Control"]
    client.post("/kk/calendar/renew/")
    second = Feed.objects.get().token
    assert second != first
    client.post("/kk/calendar/off/")
    client.post("/kk/calendar/off/")
    assert not Feed.objects.exists()
    assert list(AuditEntry.objects.filter(verb__startswith="feed.").order_by("id").values_list("verb", flat=True)) == [
        "feed.make",
        "feed.renew",
        "feed.switch_off",
    ]
    assert not any(token in str(values) for values in AuditValues.objects.values() for token in (first, second))


@pytest.mark.parametrize("number", [1, 30])
def test_the_feed_costs_the_same_for_one_and_for_thirty(client, cast, django_assert_num_queries, number):
    host = make.school()
    for _ in range(number):
        run = rows.run(host=host)
        run.enrolments.create(person=cast.librarian.person, number=1, state=EnrolmentState.CONFIRMED)
    feed = feed_of(cast)
    with django_assert_num_queries(7):  # the address, enrolments with their runs, school names, meetings; presentations
        assert len(events_of(client, feed)) == 2 * number
