"""Moving a run and calling it off: dates, taken time, calendars, and everybody told once."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest
from django.utils import timezone
from icalendar import Calendar

from courses import enrolling, letters, moving, notices, offers, plans, running, waiting
from courses.models import Enrolment, RunNotice, RunTrainer, Signup
from courses.states import EnrolmentState as S
from courses.states import RunState, Verb
from schools import wording
from schools.errors import Refused, Stale
from schools.models import AuditEntry, Busy, Mail
from tests import make
from tests.courses import guests, rows
from tests.courses.reminding import plain_text

pytestmark = pytest.mark.django_db
REASON = "Аудитория жөнделуде"
WEEK = timedelta(days=7)


def apply(member, run):
    return enrolling.enrol(person=member.person, run=run, actor=member.actor)


def published(cast, **fields):
    fields = {"contact": cast.hq.person, "host": cast.school, "closes_at": rows.START - timedelta(days=3), **fields}
    return rows.run(**fields)


def schedule(run, by=WEEK, keep=None, **changes):
    """The run's own dates some time later; `keep` limits it to so many meetings."""
    present = list(run.meetings.order_by("starts_at"))[:keep]
    meetings = tuple(
        plans.MeetingPlan(row.starts_at + by, row.ends_at + by, row.hours, order)
        for order, row in enumerate(present, start=1)
    )
    facts = {"starts_on": run.starts_on + by, "ends_on": run.ends_on + by, "zone": run.zone, "closes_at": run.closes_at}
    return plans.Schedule(**{**facts, "meetings": meetings, **changes})


def move(cast, run, **changes):
    return moving.move_run(
        run=run,
        schedule=changes.pop("schedule", None) or schedule(run, **changes),
        actor=cast.hq.actor,
        reason=REASON,
        seen=running.version(run),
    )


def tell_all():
    Mail.objects.all().delete()
    return notices.tell_untold()


def entries(mail):
    """(UID without host, sequence, status, start) of each calendar entry of a letter, and its method."""
    message = message_from_bytes(bytes(mail.message))
    part = next((part for part in message.walk() if part.get_content_type() == "text/calendar"), None)
    if part is None:
        return None
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    found = [
        (str(event["uid"]).partition("@")[0], event["sequence"], str(event["status"]), event.decoded("dtstart"))
        for event in calendar.walk("VEVENT")
    ]
    return str(calendar["method"]), found


def test_moving_shifts_meetings_taken_time_and_the_sequence(cast):
    run = published(cast)
    enrolment = apply(cast.librarian, run)
    assert move(cast, run) == []
    run.refresh_from_db()
    assert (run.starts_on, run.ends_on, run.sequence) == (
        (rows.START + WEEK).date(),
        (rows.START + WEEK + timedelta(days=1)).date(),
        1,
    )
    assert list(run.meetings.values_list("starts_at", "day")) == [
        (rows.START + WEEK, (rows.START + WEEK).date()),
        (rows.START + WEEK + timedelta(days=1), (rows.START + WEEK + timedelta(days=1)).date()),
    ]
    assert list(Busy.objects.order_by("start").values_list("person", "start", "source")) == [
        (cast.librarian.person.pk, rows.START + WEEK, f"enrolment:{enrolment.pk}"),
        (cast.librarian.person.pk, rows.START + WEEK + timedelta(days=1), f"enrolment:{enrolment.pk}"),
    ]
    entry = AuditEntry.objects.get(verb="run.move")
    assert (entry.fields, entry.values.note) == (["ends_on", "meetings", "starts_on"], REASON)


def test_everybody_is_told_once_with_the_same_entry_and_a_higher_sequence(cast):
    run = published(cast, capacity=1)
    first = apply(cast.librarian, run)
    apply(cast.colleague, run)
    gone = apply(cast.stranger, run)
    enrolling.withdraw(enrolment=gone, actor=cast.stranger.actor)
    RunTrainer.objects.create(run=run, person=cast.trainer.person)
    move(cast, run)
    assert tell_all() == 1
    notices.tell_run(notice_id=RunNotice.objects.get().pk)
    assert notices.tell_untold() == 0
    letters = {mail.person_id: mail for mail in Mail.objects.filter(kind="run_moved")}
    assert set(letters) == {cast.librarian.person.pk, cast.colleague.person.pk, cast.trainer.person.pk}
    assert Mail.objects.count() == 3
    assert entries(letters[first.person_id]) == (
        "REQUEST",
        [
            (f"{run.uid}-1", 1, "CONFIRMED", rows.START + WEEK),
            (f"{run.uid}-2", 1, "CONFIRMED", rows.START + WEEK + timedelta(days=1)),
        ],
    )
    assert entries(letters[cast.colleague.person.pk]) is None


def test_the_letter_says_before_now_and_why_in_the_readers_language(cast):
    person = cast.librarian.person
    person.language = "ru"
    person.save(update_fields=["language"])
    run = published(cast)
    apply(cast.librarian, run)
    move(cast, run)
    tell_all()
    message = message_from_bytes(bytes(Mail.objects.get().message))
    text = next(part for part in message.walk() if part.get_content_type() == "text/plain").get_payload(decode=True)
    text = text.decode()
    assert "8–9 апреля 2030 г." in text
    assert "15–16 апреля 2030 г." in text
    assert "15.04.2030, 09:00–16:00 (Asia/Almaty)" in text
    assert REASON in text


def test_a_second_move_before_anybody_was_told_makes_one_letter_from_the_first_dates(cast):
    run = published(cast)
    apply(cast.librarian, run)
    move(cast, run, keep=1)
    run.refresh_from_db()
    move(cast, run, by=WEEK)
    tell_all()
    mail = Mail.objects.get()
    assert mail.dedupe_key == f"run:{run.uid}:2:{cast.librarian.person.pk}"
    assert entries(mail)[1] == [
        (f"{run.uid}-1", 2, "CONFIRMED", rows.START + 2 * WEEK),
        (f"{run.uid}-2", 2, "CANCELLED", rows.START.date()),
    ]


def test_a_move_takes_back_what_was_not_sent_yet(cast):
    run = published(cast)
    apply(cast.librarian, run)
    move(cast, run)
    notices.tell_untold()
    move(cast, run := type(run).objects.get(pk=run.pk))
    notices.tell_untold()
    assert list(Mail.objects.order_by("id").values_list("kind", "state")) == [
        ("run_moved", "superseded"),
        ("run_moved", "queued"),
    ]


def test_a_teller_that_dies_in_between_goes_on_where_it_stopped(cast):
    run = published(cast, capacity=60)
    school = make.school()
    for person in make.librarians(school, notices.BATCH + 5):
        number = person.pk
        Enrolment.objects.create(run=run, person=person, number=number, state=S.CONFIRMED, school=school)
    move(cast, run)
    notice = RunNotice.objects.get()
    assert notices._tell_some(notice.pk) is True
    assert Mail.objects.count() == notices.BATCH
    notices.tell_untold()
    assert Mail.objects.filter(state="queued").count() == notices.BATCH + 5
    notice.refresh_from_db()
    assert notice.told_at is not None


def test_those_whose_new_dates_clash_stay_and_the_organiser_sees_them(cast):
    run = published(cast)
    enrolment = apply(cast.librarian, run)
    apply(cast.colleague, run)
    apply(cast.librarian, rows.run(start=rows.START + WEEK, days=1))
    assert move(cast, run) == [enrolment]
    enrolment.refresh_from_db()
    assert enrolment.state == S.CONFIRMED


def test_a_move_lets_those_in_whose_old_dates_clashed(cast):
    run = published(cast, capacity=1)
    first = apply(cast.stranger, run)
    waits = apply(cast.librarian, run)
    apply(cast.librarian, rows.run())
    enrolling.withdraw(enrolment=first, actor=cast.stranger.actor)
    waits.refresh_from_db()
    assert waits.state == S.WAITING
    move(cast, run)
    waits.refresh_from_db()
    assert waits.state == S.CONFIRMED


def test_postponed_without_a_date_the_calendar_entries_vanish(cast):
    run = published(cast)
    apply(cast.librarian, run)
    move(cast, run, schedule=plans.Schedule(None, None, run.zone))
    assert not Busy.objects.exists()
    tell_all()
    assert entries(Mail.objects.get()) == (
        "CANCEL",
        [
            (f"{run.uid}-1", 1, "CANCELLED", rows.START.date()),
            (f"{run.uid}-2", 1, "CANCELLED", rows.START.date()),
        ],
    )


def test_meetings_that_change_places_keep_their_rows(cast):
    run = published(cast)
    first, second = run.meetings.order_by("starts_at")
    swapped = (
        plans.MeetingPlan(second.starts_at, second.ends_at, 8, 1),
        plans.MeetingPlan(first.starts_at, first.ends_at, 8, 2),
    )
    dates = {"starts_on": run.starts_on, "ends_on": run.ends_on + timedelta(days=1)}
    move(cast, run, schedule=schedule(run, meetings=swapped, **dates))
    assert list(run.meetings.order_by("starts_at").values_list("pk", flat=True)) == [second.pk, first.pk]


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_moving_and_cancelling_ask_for_a_reason(cast, reason):
    run = published(cast)
    with pytest.raises(Refused):
        moving.move_run(run=run, schedule=schedule(run), actor=cast.hq.actor, reason=reason, seen=running.version(run))
    with pytest.raises(Refused):
        moving.cancel_run(run=run, actor=cast.hq.actor, reason=reason)
    assert not RunNotice.objects.exists()


def test_what_somebody_else_saved_is_not_overwritten(cast):
    run = published(cast)
    seen = running.version(run)
    waiting.set_capacity(run=run, capacity=9, actor=cast.administrator.actor)
    with pytest.raises(Stale):
        moving.move_run(run=run, schedule=schedule(run), actor=cast.hq.actor, reason=REASON, seen=seen)


def test_the_same_dates_are_no_move(cast):
    run = published(cast)
    with pytest.raises(Refused):
        move(cast, run, by=timedelta(0))
    assert not RunNotice.objects.exists()


def test_a_meeting_outside_the_new_dates_is_refused_and_nothing_is_written(cast):
    run = published(cast)
    with pytest.raises(Refused) as refusal:
        move(cast, run, starts_on=run.starts_on, ends_on=run.ends_on)
    assert [field for field, _ in refusal.value.faults] == ["meetings", "meetings"]
    run.refresh_from_db()
    assert (run.sequence, Busy.objects.count()) == (0, 0)


@pytest.mark.parametrize("name", ["librarian", "director", "trainer", "finance", "auditor"])
def test_only_coordinators_move_and_cancel(cast, name):
    run, actor = published(cast), getattr(cast, name).actor
    with pytest.raises(Refused):
        moving.move_run(run=run, schedule=schedule(run), actor=actor, reason=REASON, seen=running.version(run))
    with pytest.raises(Refused):
        moving.cancel_run(run=run, actor=actor, reason=REASON)


def test_calling_off_ends_everything_and_tells_everybody(cast):
    run = published(cast, capacity=1, chain=rows.chain())
    apply(cast.librarian, run)
    apply(cast.colleague, run)
    nominated = enrolling.nominate(person=cast.stranger.person, run=run, actor=cast.hq.actor)
    assert moving.cancel_run(run=run, actor=cast.hq.actor, reason=REASON) == 3
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED
    assert set(Enrolment.objects.values_list("state", flat=True)) == {S.CANCELLED}
    assert not Busy.objects.exists()
    assert AuditEntry.objects.filter(verb="enrolment.cancel").count() == 3
    assert nominated.moves.last().note == REASON
    tell_all()
    letters = {mail.person_id: mail for mail in Mail.objects.filter(kind="run_cancelled")}
    assert set(letters) == {cast.librarian.person.pk, cast.colleague.person.pk, cast.stranger.person.pk}
    method, found = entries(letters[cast.librarian.person.pk])
    assert (method, [(uid, sequence, status) for uid, sequence, status, _ in found]) == (
        "CANCEL",
        [(f"{run.uid}-1", 1, "CANCELLED"), (f"{run.uid}-2", 1, "CANCELLED")],
    )
    assert entries(letters[cast.colleague.person.pk]) is None


def test_no_good_news_goes_out_after_the_run_was_called_off(cast):
    from courses import letters

    run = published(cast)
    apply(cast.librarian, run)
    moving.cancel_run(run=run, actor=cast.hq.actor, reason=REASON)
    notices.tell_untold()
    letters.tell_untold()
    assert list(Mail.objects.values_list("kind", flat=True)) == ["run_cancelled"]


def test_a_run_with_results_or_twice_is_not_called_off(cast):
    run = published(cast)
    enrolment = apply(cast.librarian, run)
    Enrolment.objects.filter(pk=enrolment.pk).update(state=S.COMPLETED)
    with pytest.raises(Refused):
        moving.cancel_run(run=run, actor=cast.hq.actor, reason=REASON)
    Enrolment.objects.filter(pk=enrolment.pk).update(state=S.CONFIRMED)
    moving.cancel_run(run=run, actor=cast.hq.actor, reason=REASON)
    with pytest.raises(Stale):
        moving.cancel_run(run=run, actor=cast.hq.actor, reason=REASON)


def test_after_a_new_applicant_only_those_of_the_time_are_told(cast):
    run = published(cast, closes_at=timezone.now() + timedelta(days=9))
    apply(cast.librarian, run)
    move(cast, run)
    apply(cast.colleague, run)
    tell_all()
    assert list(Mail.objects.values_list("person", flat=True)) == [cast.librarian.person.pk]


def soon(cast, **fields):
    """A run in ten days that offers freed seats for five."""
    day = timezone.localdate() + timedelta(days=10)
    start = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    closes_at = timezone.now() + timedelta(hours=1)
    return published(cast, start=start, closes_at=closes_at, offer_hours=120, capacity=3, **fields)


def offered(cast, run):
    rows.seats(run, [cast.librarian.person], state=S.WAITING)
    waiting.fill(run_id=run.pk)
    return Enrolment.objects.get(run=run, person=cast.librarian.person)


def test_an_offer_does_not_wait_beyond_the_new_start_and_the_letter_says_until_when(cast):
    run = soon(cast)
    row = offered(cast, run)
    letters.tell_untold()
    move(cast, run, by=timedelta(days=-8))
    row.refresh_from_db()
    start = run.meetings.earliest("starts_at").starts_at
    assert (row.state, row.offer_until) == (S.OFFERED, start)
    tell_all()
    text = plain_text(Mail.objects.get(kind="run_moved", person=cast.librarian.person))
    assert wording.moment(start, run.zone) in text


def test_an_offer_that_ends_before_the_new_start_stays_as_it_is(cast):
    run = soon(cast)
    row = offered(cast, run)
    move(cast, run, by=timedelta(days=-2))
    before = row.offer_until
    row.refresh_from_db()
    assert row.offer_until == before


def test_an_offer_whose_letter_was_held_up_has_its_time_from_the_letter_about_the_move(cast):
    run = soon(cast)
    row = offered(cast, run)
    letters.tell_untold()
    Enrolment.objects.filter(pk=row.pk).update(offer_until=timezone.now() + timedelta(hours=1))
    move(cast, run)
    notices.tell_untold()
    row.refresh_from_db()
    assert row.offer_until > timezone.now() + timedelta(hours=119)


def test_guests_whose_seat_is_held_hear_until_when_too(cast):
    run = soon(cast, outreach=True)
    signup = guests.sign_up(run)
    Signup.objects.filter(pk=signup.pk).update(hold_until=timezone.now() + timedelta(days=9))
    signup.enrolments.update(offer_until=timezone.now() + timedelta(days=9))
    move(cast, run, by=timedelta(days=-8))
    signup.refresh_from_db()
    start = run.meetings.earliest("starts_at").starts_at
    assert (signup.hold_until, signup.enrolments.get().offer_until) == (start, start)
    tell_all()
    assert wording.moment(start, run.zone) in plain_text(Mail.objects.get(kind="run_moved", address=signup.email))


def test_no_letter_offers_a_place_that_was_left_before_it_was_written(cast):
    row = offered(cast, soon(cast))
    offers.decline(enrolment=row, actor=cast.librarian.actor)
    letters.tell_move(move_id=row.moves.get(verb=Verb.PASS).pk)
    letters.tell_untold()
    [mail] = Mail.objects.filter(person=cast.librarian.person)
    assert mail.dedupe_key.startswith(f"move:{row.moves.get(verb=Verb.PASS).pk}:")
