"""Places kept and not kept: late withdrawals, absence without a valid reason, and what is told of them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from courses import commitments, enrolling, guest_links, leaving_late, letters, moving, signup_changes, waiting
from courses.commitments import Commitments
from courses.models import Attendance, Enrolment, EnrolmentMove, Run
from courses.states import EnrolmentState as S
from courses.states import Presence, Verb
from schools import mailing
from schools.errors import Refused, Stale
from schools.models import Mail
from tests import make
from tests.courses import guests, rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def late_run(**fields):
    return rows.run(**{"capacity": 1, "cancel_until": timezone.now() - timedelta(hours=1), **fields})


def apply(member, run):
    return enrolling.enrol(person=member.person, run=run, actor=member.actor)


def of(member):
    return commitments.of(member.person.pk, on=timezone.localdate())


def test_after_the_deadline_a_place_is_given_up_with_a_reason_and_it_is_recorded(cast):
    run = late_run()
    first, second = apply(cast.librarian, run), apply(cast.colleague, run)
    with pytest.raises(Refused, match="Write why"):
        leaving_late.withdraw(enrolment=first, actor=cast.librarian.actor, note="  ")
    leaving_late.withdraw(enrolment=first, actor=cast.librarian.actor, note="Ауырып қалдым")
    second.refresh_from_db()
    move = EnrolmentMove.objects.get(verb=Verb.LATE)
    assert (second.state, move.note) == (S.CONFIRMED, "Ауырып қалдым")
    assert of(cast.librarian) == Commitments(late=1)
    assert of(cast.colleague) == Commitments()


def test_before_the_deadline_nothing_is_recorded_and_the_late_way_is_shut(cast):
    row = apply(cast.librarian, rows.run())
    with pytest.raises(Refused, match="in the usual way"):
        leaving_late.withdraw(enrolment=row, actor=cast.librarian.actor, note="Ауырып қалдым")
    enrolling.withdraw(enrolment=row, actor=cast.librarian.actor)
    assert of(cast.librarian) == Commitments()


def test_the_usual_way_is_shut_after_the_deadline_for_a_coordinators_own_place_too(cast):
    row = apply(cast.hq, late_run())
    with pytest.raises(Refused, match="deadline has passed"):
        enrolling.withdraw(enrolment=row, actor=cast.hq.actor)


def test_what_an_organiser_withdraws_counts_against_nobody(cast):
    row = apply(cast.librarian, late_run())
    enrolling.withdraw(enrolment=row, actor=cast.hq.actor)
    assert (Enrolment.objects.get().state, of(cast.librarian)) == (S.WITHDRAWN, Commitments())


def test_once_the_first_day_has_begun_and_for_others_it_is_refused(cast):
    row = apply(cast.librarian, late_run())
    with pytest.raises(Refused, match="Only the applicant"):
        leaving_late.withdraw(enrolment=row, actor=cast.hq.actor, note="–")
    Run.objects.update(starts_on=timezone.localdate())
    with pytest.raises(Refused, match="has begun"):
        leaving_late.withdraw(enrolment=row, actor=cast.librarian.actor, note="–")


def test_who_only_waits_leaves_without_a_trace(cast):
    run = late_run()
    apply(cast.librarian, run)
    row = apply(cast.colleague, run)
    with pytest.raises(Stale):
        leaving_late.withdraw(enrolment=row, actor=cast.colleague.actor, note="–")
    enrolling.withdraw(enrolment=row, actor=cast.colleague.actor)
    assert of(cast.colleague) == Commitments()


def test_a_late_withdrawal_from_a_run_that_is_called_off_does_not_count(cast):
    run = late_run()
    leaving_late.withdraw(enrolment=apply(cast.librarian, run), actor=cast.librarian.actor, note="–")
    assert of(cast.librarian).late == 1
    moving.cancel_run(run=run, actor=cast.hq.actor, reason="Тренер ауырды")
    assert of(cast.librarian).late == 0


def test_the_letter_says_that_it_is_recorded(cast):
    leaving_late.withdraw(enrolment=apply(cast.librarian, late_run()), actor=cast.librarian.actor, note="–")
    letters.tell_untold()
    mail = Mail.objects.order_by("-id").first()
    assert mail.person == cast.librarian.person
    assert mail.subject.startswith("Орныңыздан бас тарттыңыз")
    assert "тіркелді" in mailing.parts_of(bytes(mail.message)).text


def marked(run, person, presence=None, *, state=S.NOT_COMPLETED):
    [row] = rows.seats(run, [person], state=state)
    if presence:
        rows.attend([row], presence)
    return row


def test_absence_is_derived_from_results_and_attendance(cast):
    run = rows.past_run(cast.trainer.person)
    marked(run, cast.librarian.person, Presence.ABSENT)
    marked(run, cast.colleague.person)
    marked(run, cast.stranger.person, Presence.EXCUSED)
    marked(run, cast.deputy.person, Presence.ABSENT, state=S.CONFIRMED)
    came = marked(run, cast.director.person, Presence.ABSENT)
    Attendance.objects.filter(enrolment=came, meeting=run.meetings.first()).update(presence=Presence.PRESENT)
    marked(run, cast.hq.person, Presence.PRESENT, state=S.COMPLETED)
    people = [cast.librarian, cast.colleague, cast.stranger, cast.deputy, cast.director, cast.hq]
    found = commitments.of_people([one.person.pk for one in people], on=timezone.localdate())
    assert [found.get(one.person.pk) for one in people] == [
        Commitments(absent=1),
        Commitments(absent=1),
        Commitments(),
        None,
        Commitments(kept=1),
        Commitments(kept=1),
    ]


def test_a_run_that_never_met_makes_nobody_absent(cast):
    run = rows.past_run(cast.trainer.person)
    run.meetings.all().delete()
    marked(run, cast.librarian.person)
    assert of(cast.librarian) == Commitments()


def test_what_lies_before_the_window_is_forgotten(cast):
    run = rows.past_run(cast.trainer.person)
    marked(run, cast.librarian.person, Presence.ABSENT)
    leaving_late.withdraw(enrolment=apply(cast.librarian, late_run()), actor=cast.librarian.actor, note="–")
    assert of(cast.librarian) == Commitments(late=1, absent=1)
    in_three_years = timezone.localdate() + timedelta(days=3 * 365 + 10)
    assert commitments.of(cast.librarian.person.pk, on=in_three_years) == Commitments()


@pytest.mark.parametrize("many", [1, 30])
def test_many_people_are_read_in_two_queries_and_the_length_of_the_window(cast, many, django_assert_num_queries):
    run = rows.past_run(cast.trainer.person)
    people = [
        cast.librarian.person,
        *(row.person for row in rows.seats(run, make.librarians(make.school(), many), state=S.COMPLETED)),
    ]
    commitments.window_start(timezone.localdate())
    with django_assert_num_queries(3):
        found = commitments.of_people([person.pk for person in people], on=timezone.localdate())
    assert len(found) == many


def test_guests_are_told_before_a_late_cancellation_and_it_is_recorded(cast):
    run = guests.run(capacity=3, cancel_until=timezone.now() - timedelta(hours=1))
    signup = guests.confirmed(run, 2)
    with pytest.raises(Refused, match="Read below"):
        signup_changes.cancel(signup=signup)
    one, other = guests.rows_of(signup)
    signup_changes.cancel(signup=signup, only=one.uid, late=True)
    assert [row.state for row in guests.rows_of(signup)] == [S.WITHDRAWN, S.CONFIRMED]
    today = timezone.localdate()
    found = commitments.of_people([one.person_id, other.person_id], on=today)
    assert found == {one.person_id: Commitments(late=1)}


def test_guests_who_cancel_in_time_or_wait_are_not_recorded(cast):
    run = guests.run(capacity=1)
    signup = guests.confirmed(run, 2)
    Run.objects.update(cancel_until=timezone.now() - timedelta(hours=1))
    seated, waits = guests.rows_of(signup)
    signup_changes.cancel(signup=signup, only=waits.uid, late=True)
    Run.objects.update(cancel_until=None)
    signup_changes.cancel(signup=signup, only=seated.uid, late=True)
    assert not EnrolmentMove.objects.filter(verb=Verb.LATE).exists()
    assert waiting.fill(run_id=run.pk) == 0


def test_the_page_warns_asks_for_a_word_and_keeps_what_was_typed(cast):
    row = apply(cast.librarian, late_run())
    client, page = cast.librarian.client(), f"/en/applications/{row.uid}/"
    shown = client.get(page).content.decode()
    assert "recorded that it was given up late" in shown
    assert f"{page}late/" in shown
    assert f"{page}withdraw/" not in shown
    empty = client.post(f"{page}late/", {"note": ""})
    assert (empty.status_code, Enrolment.objects.get().state) == (422, S.CONFIRMED)
    assert "Write why you cannot come" in empty.content.decode()
    assert client.post(f"{page}late/", {"note": "Ауырып қалдым"}).status_code == 302
    assert Enrolment.objects.get().state == S.WITHDRAWN


def test_in_time_the_page_offers_the_usual_way_alone(cast):
    row = apply(cast.librarian, rows.run())
    shown = cast.librarian.client().get(f"/en/applications/{row.uid}/").content.decode()
    assert "/withdraw/" in shown
    assert "/late/" not in shown


def test_approver_coordinator_and_the_person_read_it_in_plain_words(cast):
    leaving_late.withdraw(enrolment=apply(cast.librarian, late_run()), actor=cast.librarian.actor, note="–")
    row = apply(cast.librarian, rows.run(chain=rows.director_chain()))
    pages = [
        cast.director.client().get(f"/en/applications/{row.uid}/"),
        cast.hq.client().get(f"/en/organise/applications/{row.uid}/"),
        cast.librarian.client().get("/en/record/"),
    ]
    for page in pages:
        assert "<dt>Withdrew after the deadline</dt><dd>1</dd>" in page.content.decode()


def test_the_guests_page_cancels_late_only_with_the_warning(cast):
    run = guests.run(capacity=3, cancel_until=timezone.now() - timedelta(hours=1))
    signup = guests.confirmed(run, 2)
    page = reverse("guest:show", args=[guest_links.token(signup)])
    shown = Client().get(page).content.decode()
    assert shown.count('name="late" value="1"') == 3
    refused = Client().post(f"{page}cancel/")
    assert refused.status_code == 409
    assert Client().post(f"{page}cancel/", {"late": "1"}).status_code == 302
    assert {row.state for row in guests.rows_of(signup)} == {S.WITHDRAWN}
