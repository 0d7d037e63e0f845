"""Hand-overs at their edges: somebody moves on, nothing is told twice, nobody learns what is not theirs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses import (
    deciding,
    enrolling,
    fair_time,
    hand_over_ends,
    hand_over_queries,
    handing_over,
    letters,
    notices,
    queries,
    taking_over,
)
from courses.models import Enrolment, HandOver, Run
from courses.states import EnrolmentState as S
from courses.states import HandOverState as H
from schools import roles
from schools.errors import Refused
from schools.models import Mail, Membership
from schools.states import MailState, Role
from tests.courses import rows, test_moving
from tests.courses.handing import asked, place, subjects
from tests.courses.reminding import plain_text

pytestmark = pytest.mark.django_db
APPROVAL = "мақұлдайтындар"
REASON = 'name="reason"'


def agree(cast, row):
    return taking_over.agree(hand_over=row, actor=cast.colleague.actor)


def agreed_with_own(cast) -> tuple[HandOver, Enrolment]:
    """The colleague's own application, under consideration, is to get the place."""
    mine = place(cast, chain=rows.director_chain())
    own = enrolling.enrol(person=cast.colleague.person, run=mine.run, actor=cast.colleague.actor)
    return agree(cast, asked(cast, mine)), own


def move_tomorrow(cast):
    day = timezone.localdate() + timedelta(days=1)
    roles.transfer(person=cast.colleague.person, school=cast.other_school, on=day, actor=cast.hq.actor)


def test_an_application_that_goes_to_another_school_ends_it(cast, django_capture_on_commit_callbacks):
    handed, own = agreed_with_own(cast)
    with django_capture_on_commit_callbacks() as rung:
        move_tomorrow(cast)
    assert [call.args[0] for call in rung if getattr(call, "args", ())].count(enrolling.SETTLE) == 1
    assert (hand_over_ends.settle(), HandOver.objects.get(pk=handed.pk).state) == (1, H.FALLEN)
    own.refresh_from_db()
    assert (own.state, own.school) == (S.PENDING, cast.other_school)


def test_the_other_school_does_not_read_whose_place_it_was(cast):
    handed, own = agreed_with_own(cast)
    giver = cast.librarian.person.full_name
    letters.tell_untold()
    assert giver in plain_text(Mail.objects.get(kind="enrolment", address="director@example.kz"))
    assert giver in cast.director.client().get("/kk/decisions/").text
    move_tomorrow(cast)
    [letter] = Mail.objects.filter(kind="enrolment", person=cast.other_director.person)
    assert giver not in plain_text(letter)
    client = cast.other_director.client()
    assert [row.pk for row in queries.to_decide(cast.other_director.actor)] == [own.pk]
    for page in ("/kk/decisions/", f"/kk/applications/{own.uid}/"):
        answer = client.get(page)
        assert (answer.status_code, giver in answer.text) == (200, False)
    assert HandOver.objects.get(pk=handed.pk).state == H.AGREED


def test_of_an_application_that_is_gone_nobody_is_told_that_it_waits(cast):
    handed = agree(cast, asked(cast, place(cast, chain=rows.director_chain())))
    handing_over.take_back(hand_over=handed, actor=cast.librarian.actor)
    letters.tell_untold()
    assert subjects("enrolment") == []


def leave_school(cast):
    Membership.objects.filter(person=cast.librarian.person).update(school=cast.other_school)


def test_who_has_left_the_school_no_longer_reads_its_staff(cast):
    row, today, client = place(cast), timezone.localdate(), cast.librarian.client()
    ask = reverse("courses:hand_over", args=[row.uid])
    application = reverse("courses:enrolment", args=[row.uid])
    assert cast.colleague.person in hand_over_queries.colleagues(row, today=today)
    assert ask.removeprefix("/kk") in client.get(application).text
    leave_school(cast)
    assert list(hand_over_queries.colleagues(row, today=today)) == []
    page = client.get(ask).text
    assert ("енді жұмыс істемейсіз" in page, cast.colleague.person.full_name in page) == (True, False)
    assert ask.removeprefix("/kk") not in client.get(application).text
    answer = client.post(ask, {"to": cast.colleague.person.pk, "reason": ""})
    assert (answer.status_code, "енді жұмыс істемейсіз" in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("state", "approval", "reason"), [(None, True, True), (S.PENDING, True, False), (S.WAITING, False, False)]
)
def test_the_colleague_reads_of_approval_where_it_follows(cast, state, approval, reason):
    mine = place(cast, chain=rows.director_chain())
    if state:
        step = {"step": 1, "decider": Role.DIRECTOR} if state == S.PENDING else {}
        rows.seats(mine.run, [cast.colleague.person], state=state, school=cast.school, **step)
    handed = asked(cast, mine)
    page = cast.colleague.client().get(f"/kk/hand-overs/{handed.uid}/").text
    assert (APPROVAL in page, REASON in page) == (approval, reason)


@pytest.mark.usefixtures("in_english")
def test_the_asker_does_not_learn_when_the_work_of_a_colleague_ends(cast):
    mine = place(cast)
    day = timezone.localdate() + timedelta(days=3)
    Membership.objects.filter(person=cast.colleague.person).update(valid_to=day)
    with pytest.raises(Refused) as refusal:
        asked(cast, mine)
    assert str(refusal.value) == "This colleague cannot have the place. Choose somebody else."


def test_a_yes_of_who_waited_is_their_own(cast):
    """Nobody gave them the place unasked: giving it up after the deadline is late."""
    mine = place(cast, capacity=1)
    own = rows.seats(mine.run, [cast.colleague.person], state=S.WAITING, school=cast.school)[0]
    agree(cast, asked(cast, mine))
    Run.objects.filter(pk=mine.run_id).update(cancel_until=timezone.now() - timedelta(minutes=1))
    row = Enrolment.objects.get(pk=own.pk)
    assert row.state == S.CONFIRMED
    assert fair_time.ends([row], now=timezone.now()) == {}


def test_asking_ends_no_hand_over_of_others(cast):
    mine = place(cast)
    other = rows.seats(mine.run, [cast.director.person], school=cast.school)[0]
    theirs = handing_over.ask(enrolment=other, to=cast.deputy.person, actor=cast.director.actor)
    HandOver.objects.update(until=timezone.now())
    asked(cast, mine)
    assert HandOver.objects.get(pk=theirs.pk).state == H.ASKED


@pytest.mark.parametrize("of", ["enrolment", "colleague"])
def test_asking_ends_what_is_over_of_the_place_and_of_the_colleague(cast, of):
    mine = place(cast)
    giver = cast.librarian
    if of == "colleague":
        giver = cast.director
        mine = rows.seats(mine.run, [giver.person], school=cast.school)[0]
    who = cast.deputy if of == "enrolment" else cast.colleague
    over = handing_over.ask(enrolment=mine, to=who.person, actor=giver.actor)
    HandOver.objects.update(until=timezone.now())
    place_of_librarian = Enrolment.objects.get(person=cast.librarian.person)
    assert asked(cast, place_of_librarian).state == H.ASKED
    assert HandOver.objects.get(pk=over.pk).state == H.LAPSED


@pytest.mark.parametrize(("language", "words"), [("kk", "Орынды беруші"), ("ru", "Место от")])
def test_the_label_over_the_giver_stays_true_once_the_place_has_passed(cast, language, words):
    handed = agree(cast, asked(cast, place(cast)))
    page = cast.colleague.client().get(f"/{language}/hand-overs/{handed.uid}/").text
    assert (handed.state, words in page) == (H.DONE, True)


@pytest.mark.parametrize(("minutes", "gets"), [(-1, True), (1, False)])
def test_an_approval_refused_after_the_deadline_leaves_time_to_give_the_place_back(cast, minutes, gets):
    """`minutes` from now the deadline is; while it lies ahead, the usual way is open and there is no other."""
    mine = place(cast, chain=rows.director_chain(), cancel_until=timezone.now() + timedelta(hours=1))
    handed = agree(cast, asked(cast, mine))
    Run.objects.filter(pk=mine.run_id).update(cancel_until=timezone.now() + timedelta(minutes=minutes))
    deciding.decline(enrolment=handed.taker, actor=cast.director.actor, seen_step=1, note="Керек емес")
    hand_over_ends.settle()
    row = Enrolment.objects.get(pk=mine.pk)
    assert (row.state, HandOver.objects.get(pk=handed.pk).state) == (S.CONFIRMED, H.DECLINED)
    assert (row.pk in fair_time.ends([row], now=timezone.now())) == gets


def test_a_no_of_the_colleague_leaves_none(cast):
    """The twin: else two could make themselves time."""
    mine = place(cast, chain=rows.director_chain(), cancel_until=timezone.now() + timedelta(hours=1))
    handed = agree(cast, asked(cast, mine))
    Run.objects.filter(pk=mine.run_id).update(cancel_until=timezone.now() - timedelta(minutes=1))
    enrolling.withdraw(enrolment=handed.taker, actor=cast.colleague.actor)
    hand_over_ends.settle()
    assert HandOver.objects.get(pk=handed.pk).state == H.REFUSED
    assert fair_time.ends([Enrolment.objects.get(pk=mine.pk)], now=timezone.now()) == {}


def test_who_is_asked_hears_that_the_run_was_moved(cast):
    """The unsent letter names the old dates, and they have no application in the run."""
    run = test_moving.published(cast)
    mine = rows.seats(run, [cast.librarian.person], school=cast.school)[0]
    handed = asked(cast, mine)
    [before] = Mail.objects.filter(person=cast.colleague.person)
    test_moving.move(cast, run)
    notices.tell_untold()
    before.refresh_from_db()
    [told] = Mail.objects.filter(person=cast.colleague.person, kind="run_moved")
    assert (before.state, f"/hand-overs/{handed.uid}/" in plain_text(told)) == (MailState.SUPERSEDED, True)
