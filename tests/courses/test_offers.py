"""A freed seat is offered, with a clock, to the first in line whom the rules leave room for; and it moves on."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from courses import (
    deciding,
    enrolling,
    guest_letters,
    guest_links,
    letters,
    offers,
    seats,
    signing_up,
    signup_changes,
    waiting,
)
from courses.models import Enrolment, Intake, Run, SeatShare
from courses.states import EnrolmentState as S
from schools.access import Actor
from schools.directory import Unlisted
from schools.errors import Refused, Stale
from schools.guests import GuestData
from schools.models import AuditEntry, Mail
from tests import make
from tests.courses import guests, rows
from tests.courses.reminding import plain_text

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def actor_of(person):
    return Actor(person_id=person.pk, is_authenticated=True)


def apply(run, *people):
    return [enrolling.enrol(person=one, run=run, actor=actor_of(one)) for one in people]


def states(run):
    return list(Enrolment.objects.filter(run=run).order_by("number").values_list("number", "state"))


@pytest.fixture
def people(cast):
    return make.librarians(cast.school, 4)


@pytest.fixture
def full(people):
    """One seat, taken; three wait. Offers have 48 hours."""
    run = rows.run(capacity=1, offer_hours=48)
    apply(run, *people)
    letters.tell_untold()
    return run


def row(run, number):
    return Enrolment.objects.get(run=run, number=number)


def free_it(run, actor=None):
    enrolling.withdraw(enrolment=row(run, 1), actor=actor or actor_of(row(run, 1).person))


def test_a_freed_seat_is_offered_to_the_first_in_line_and_held(full):
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        free_it(full)
    assert states(full) == [(1, S.WITHDRAWN), (2, S.OFFERED), (3, S.WAITING), (4, S.WAITING)]
    assert row(full, 2).offer_until == now + 48 * HOUR
    assert (seats.free(full), waiting.fill(run_id=full.pk), seats.verify()) == (0, 0, [])


def test_the_letter_says_until_when(full):
    free_it(full)
    letters.tell_untold()
    mail = Mail.objects.filter(person=row(full, 2).person).order_by("pk").last()
    assert mail.subject.startswith("Сізге орын ұсынылды")
    assert f"{row(full, 2).offer_until.astimezone():%H:%M}" in plain_text(mail)


def test_taken_it_is_a_place_with_its_time(full):
    free_it(full)
    offers.take(enrolment=row(full, 2), actor=actor_of(row(full, 2).person))
    assert states(full)[1] == (2, S.CONFIRMED)
    with pytest.raises(Stale):
        offers.take(enrolment=row(full, 2), actor=actor_of(row(full, 2).person))


def test_nobody_else_answers(full, cast):
    free_it(full)
    for verb in (offers.take, offers.decline):
        with pytest.raises(Refused):
            verb(enrolment=row(full, 2), actor=cast.hq.actor)
    assert states(full)[1] == (2, S.OFFERED)


def test_left_to_the_next_it_moves_on_at_once_and_a_new_application_stands_at_the_end(full):
    free_it(full)
    person = row(full, 2).person
    offers.decline(enrolment=row(full, 2), actor=actor_of(person))
    assert states(full)[1:] == [(2, S.WITHDRAWN), (3, S.OFFERED), (4, S.WAITING)]
    apply(full, person)
    assert states(full)[1:] == [(2, S.WITHDRAWN), (3, S.OFFERED), (4, S.WAITING), (5, S.WAITING)]


def test_a_clock_that_ran_out_moves_it_on_with_a_full_clock_for_the_next(full):
    free_it(full)
    letters.tell_untold()
    late = timezone.now() + 60 * HOUR
    with time_machine.travel(late, tick=False):  # the workers slept for twelve hours
        assert offers.expire_due() == 1
        assert states(full)[1:] == [(2, S.EXPIRED), (3, S.OFFERED), (4, S.WAITING)]
        assert row(full, 3).offer_until == late + 48 * HOUR
        assert offers.expire_due() == 0


def test_an_offer_that_nobody_was_told_of_has_all_its_time(full):
    free_it(full)
    late = timezone.now() + 100 * HOUR
    with time_machine.travel(late, tick=False):
        assert offers.expire_due() == 0
        letters.tell_untold()
        assert row(full, 2).offer_until == late + 48 * HOUR
        assert offers.expire_due() == 0
    with time_machine.travel(late + 48 * HOUR, tick=False):
        assert offers.expire_due() == 1


def test_a_yes_before_anybody_took_the_seat_back_still_counts(full):
    free_it(full)
    letters.tell_untold()
    with time_machine.travel(timezone.now() + 50 * HOUR, tick=False):
        offers.take(enrolment=row(full, 2), actor=actor_of(row(full, 2).person))
        assert offers.expire_due() == 0
    assert states(full)[1] == (2, S.CONFIRMED)


@pytest.mark.parametrize(
    ("before_start", "hours"),
    [(timedelta(days=4), 48), (timedelta(days=2), 6), (timedelta(hours=4), 4), (timedelta(minutes=20), 1)],
)
def test_the_clock_is_shorter_near_the_start_and_never_beyond_it(full, cast, before_start, hours):
    first = full.meetings.order_by("starts_at").first().starts_at
    now = first - before_start
    with time_machine.travel(now, tick=False):
        free_it(full, cast.hq.actor)
    assert row(full, 2).offer_until == now + hours * HOUR


def test_whose_time_is_taken_meanwhile_hears_it_and_keeps_the_offer(full):
    free_it(full)
    person = row(full, 2).person
    apply(rows.run(), person)
    with pytest.raises(Refused):
        offers.take(enrolment=row(full, 2), actor=actor_of(person))
    assert states(full)[1] == (2, S.OFFERED)


def test_a_capped_school_is_passed_over_and_keeps_its_number(cast):
    run = rows.run(capacity=3, school_limit=1)
    ours, theirs = make.librarians(cast.school, 3), make.librarians(cast.other_school, 1)
    apply(run, *ours, *theirs)
    assert states(run) == [(1, S.CONFIRMED), (2, S.WAITING), (3, S.WAITING), (4, S.CONFIRMED)]
    free_it(run)
    assert states(run) == [(1, S.WITHDRAWN), (2, S.CONFIRMED), (3, S.WAITING), (4, S.CONFIRMED)]
    assert (seats.free(run), seats.verify()) == (1, [])


def test_a_newcomer_never_overtakes_somebody_who_fits(cast):
    run = rows.run(capacity=2)
    apply(run, *make.librarians(cast.school, 3))
    Run.objects.filter(pk=run.pk).update(capacity=3)  # as if the process had died before the list was looked at
    apply(run, *make.librarians(cast.other_school, 1))
    assert states(run) == [(1, S.CONFIRMED), (2, S.CONFIRMED), (3, S.CONFIRMED), (4, S.WAITING)]


def test_promised_seats_wait_for_their_school_until_the_merge_date(cast):
    run = rows.run(capacity=2, merge_at=timezone.now() + 24 * HOUR)
    SeatShare.objects.create(run=run, school=cast.other_school, floor=1)
    apply(run, *make.librarians(cast.school, 2))
    assert states(run) == [(1, S.CONFIRMED), (2, S.WAITING)]
    assert (waiting.runs_to_fill(), waiting.fill(run_id=run.pk), seats.verify()) == ([run.pk], 0, [])
    with time_machine.travel(timezone.now() + 25 * HOUR, tick=False):
        assert waiting.fill(run_id=run.pk) == 1
    assert states(run) == [(1, S.CONFIRMED), (2, S.CONFIRMED)]


def test_the_school_itself_takes_what_it_was_promised(cast):
    run = rows.run(capacity=2)
    SeatShare.objects.create(run=run, school=cast.other_school, floor=1)
    apply(run, *make.librarians(cast.school, 2), *make.librarians(cast.other_school, 1))
    assert states(run) == [(1, S.CONFIRMED), (2, S.WAITING), (3, S.CONFIRMED)]


def test_an_override_breaks_caps_but_not_what_is_kept(cast):
    run = rows.run(capacity=3, school_limit=1)
    SeatShare.objects.create(run=run, school=cast.other_school, floor=1)
    apply(run, *make.librarians(cast.school, 3))
    waiting.override(enrolment=row(run, 2), actor=cast.hq.actor, reason="Әріптес керек")
    assert states(run) == [(1, S.CONFIRMED), (2, S.CONFIRMED), (3, S.WAITING)]
    ledger = AuditEntry.objects.get(verb="enrolment.override")
    assert ledger.values.values["rule"] == [None, "school_cap"]
    with pytest.raises(Refused):
        waiting.override(enrolment=row(run, 3), actor=cast.hq.actor, reason="Әріптес керек")
    waiting.override(enrolment=row(run, 3), actor=cast.hq.actor, reason="Әріптес керек", add_place=True)
    run.refresh_from_db()
    assert (run.capacity, seats.free(run), seats.verify()) == (4, 1, [])


def test_a_place_in_a_parallel_run_passes_somebody_over(cast, people):
    intake = Intake.objects.create()
    first, second = rows.run(capacity=1, intake=intake), rows.run(capacity=1, intake=intake, start=None)
    apply(second, people[0], people[1], people[2])
    apply(first, people[1])
    free_it(second)
    assert states(second) == [(1, S.WITHDRAWN), (2, S.WAITING), (3, S.CONFIRMED)]
    assert seats.verify() == []


def test_whoever_left_is_passed_over(full):
    person = row(full, 2).person
    person.archived_at = timezone.now()
    person.save(update_fields=["archived_at"])
    free_it(full)
    assert states(full)[1:] == [(2, S.WAITING), (3, S.OFFERED), (4, S.WAITING)]
    assert seats.verify() == []


def test_nobody_gets_a_seat_that_is_not_approved(cast):
    run = rows.run(capacity=1, chain=rows.director_chain(), offer_hours=48)
    first, second = apply(run, *make.librarians(cast.school, 2))
    for one in (first, second):
        deciding.approve(enrolment=one, actor=cast.director.actor, seen_step=1)
    third = apply(run, *make.librarians(cast.school, 1))[0]
    free_it(run)
    offers.decline(enrolment=row(run, 2), actor=actor_of(second.person))
    assert states(run) == [(1, S.WITHDRAWN), (2, S.WITHDRAWN), (3, S.PENDING)]
    deciding.approve(enrolment=third, actor=cast.director.actor, seen_step=1)
    assert states(run)[2] == (3, S.CONFIRMED)


def test_guests_are_offered_a_freed_seat_too():
    run = guests.run(capacity=1, offer_hours=48)
    one, two = guests.confirmed(run), guests.confirmed(run)
    guest_letters.tell_untold()
    signup_changes.cancel(signup=one)
    assert guests.states(run) == [(1, S.WITHDRAWN), (2, S.OFFERED)]
    guest_letters.tell_untold()
    assert Mail.objects.filter(address=two.email).order_by("pk").last().subject.startswith("Сізге орын ұсынылды")
    signing_up.confirm(signup=two)
    assert guests.states(run) == [(1, S.WITHDRAWN), (2, S.CONFIRMED)]


def test_the_page_offers_and_answers(full, cast):
    free_it(full)
    offered = row(full, 2)
    client = make.client_of(make.account(offered.person))
    url = f"/kk/applications/{offered.uid}/"
    assert "Сізге орын ұсынылды" in client.get(url).content.decode()
    assert "Сізге орын ұсынылды" in client.get("/kk/me/").content.decode()
    assert client.post(url + "decline/", {"note": "Ауырып қалдым"}).status_code == 302
    assert states(full)[1:3] == [(2, S.WITHDRAWN), (3, S.OFFERED)]
    again = client.post(url + "take/")
    assert (again.status_code, "ұсынылмайды" in again.content.decode()) == (409, True)


def test_the_guest_page_says_until_when(client):
    run = guests.run(capacity=1, offer_hours=48)
    one, two = guests.confirmed(run), guests.confirmed(run)
    signup_changes.cancel(signup=one)
    body = client.get(f"/s/{guest_links.token(two)}/").content.decode()
    assert "Сізге орын ұсынылды" in body


def test_a_run_that_is_over_gives_nothing_more(full, cast):
    last = full.meetings.order_by("starts_at").last().starts_at
    with time_machine.travel(last + 24 * HOUR, tick=False):
        free_it(full, cast.hq.actor)
        assert (waiting.fill(run_id=full.pk), seats.verify()) == (0, [])
    assert states(full)[1] == (2, S.WAITING)


def test_offers_end_with_the_first_meeting(full, cast):
    first = full.meetings.order_by("starts_at").first().starts_at
    with time_machine.travel(first, tick=False):
        free_it(full, cast.hq.actor)
    assert states(full)[1] == (2, S.WAITING)


def test_a_lapsed_offer_is_told_to_guests_as_one(cast):
    run = guests.run(capacity=1, offer_hours=48)
    one, two = guests.confirmed(run), guests.confirmed(run)
    signup_changes.cancel(signup=one)
    guest_letters.tell_untold()
    with time_machine.travel(timezone.now() + 49 * HOUR, tick=False):
        assert offers.expire_due() == 1
        guest_letters.tell_untold()
    mail = Mail.objects.filter(address=two.email).order_by("pk").last()
    assert mail.subject.startswith("Ұсынылған орын кезектегі келесі адамға берілді")


def test_who_has_no_time_waits_even_where_the_address_is_proved():
    run, other = guests.run(capacity=3), guests.run(capacity=3)
    first = guests.confirmed(run)
    person = first.enrolments.get().person
    second = guests.confirmed(other, email=first.email)
    name = GuestData(person.surname, person.given_name, person.patronymic)
    row = signup_changes.add(signup=second, coming=[name])[0]
    assert (row.person, row.state) == (person, S.WAITING)
    assert seats.verify() == []


def test_a_school_that_is_not_on_record_has_a_limit_too():
    run = guests.run(capacity=9, school_limit=2)
    school = Unlisted(region=make.region(), name="Ауыл мектебі")
    made = guests.sign_up(run, 2, school=school)
    signing_up.confirm(signup=made)
    with pytest.raises(Refused):
        signup_changes.add(signup=made, coming=guests.people(1))
    with pytest.raises(Refused):
        guests.sign_up(run, 1, school=Unlisted(region=make.region(), name="ауыл мектебі"))
    assert guests.sign_up(run, 1, school=Unlisted(region=make.region(), name="Басқа мектеп")).enrolments.count() == 1


def test_a_held_seat_is_held_from_now_where_the_link_was_not_used_in_time():
    run = guests.run(capacity=3)
    made = guests.sign_up(run)
    guest_letters.tell_untold()
    with time_machine.travel(timezone.now() + 30 * HOUR, tick=False):
        offers.expire_due()
        row = signup_changes.add(signup=made, coming=guests.people(1))[0]
        assert row.offer_until == timezone.now() + 24 * HOUR
