"""A guest who gets an account keeps the record: what stands under the own address is offered, and taken over whole."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone, translation

from courses import certificates, claim_queries, claiming, enrolling, intakes, record, seats, signing_up, signup_changes
from courses.models import Enrolment, EnrolmentMove, NotMine, Prerequisite, PrerequisiteWaiver, Signup
from courses.states import EnrolmentState as S
from nis_library.reports import rows as report_rows
from schools import audit, guests, invitations, merging, people, registry
from schools.errors import Refused, Stale
from schools.guests import GuestData
from schools.models import AuditEntry, AuditValues, Busy, Person, User
from schools.sealing import first_flaw, seal
from tests import make
from tests.courses import guests as visitors
from tests.courses import rows

pytestmark = pytest.mark.django_db
NAME = "Сәрсенова Әлия Қайратқызы"
EMAIL = "librarian@example.kz"
PAGE = "/kk/record/found/"


def sign_up(run, *, name: str = NAME, email: str = EMAIL, bring: int = 0) -> Signup:
    """Somebody signs up with that name and address, and brings so many colleagues."""
    return visitors.sign_up(run, 1 + bring, name=name, email=email)


def guest_in(run, **fields: object) -> Person:
    """The guest who has a place in the run."""
    signup = sign_up(run, **fields)
    signing_up.confirm(signup=signup)
    return visitors.rows_of(signup)[0].person


def claim(cast, guest: Person, member: str = "librarian") -> int:
    member = getattr(cast, member)
    return claiming.claim(person=member.person, guest=guest, actor=member.actor)


def offered(cast) -> list[str]:
    return [one.guest.full_name for one in claim_queries.found(cast.librarian.person)]


def past(run) -> None:
    """The seminar was yesterday."""
    day = timezone.localdate() - timedelta(days=1)
    type(run).objects.filter(pk=run.pk).update(starts_on=day, ends_on=day)


def test_places_results_certificates_and_time_become_the_person_s_own(cast):
    run, coming = visitors.run(capacity=9), visitors.run(capacity=9, start=rows.START + timedelta(days=30))
    guest = guest_in(run)
    assert guest_in(coming) == guest
    seat = Enrolment.objects.get(run=run)
    rows.attend([seat])
    Enrolment.objects.filter(pk=seat.pk).update(state=S.COMPLETED)
    past(run)
    seat.refresh_from_db()
    given = certificates.issue(enrolment=seat, actor=cast.hq.actor)
    assert record.of(cast.librarian.person, on=timezone.localdate()).certificates == 0
    assert claim(cast, guest) == 2
    own = record.of(cast.librarian.person, on=timezone.localdate())
    assert (own.courses, own.hours, own.certificates) == (1, 6, 1)
    given.refresh_from_db()
    guest.refresh_from_db()
    assert given.person == guest.merged_into == cast.librarian.person
    assert (guest.full_name, guest.email, guest.archived_at is None) == ("–", "", False)
    assert set(Enrolment.objects.values_list("person", flat=True)) == {cast.librarian.person.pk}
    assert set(Busy.objects.values_list("person", flat=True)) == {cast.librarian.person.pk}
    assert audit.history(cast.librarian.person).filter(verb="person.merge").count() == 1
    assert (offered(cast), seats.verify()) == ([], [])
    with pytest.raises(Stale):
        claim(cast, guest)


def test_a_guest_who_is_invited_finds_the_record_at_the_first_visit(cast, client):
    guest = guest_in(visitors.run(capacity=9), name="Бекова Айгүл", email="new@example.kz")
    data = people.PersonData(surname="Бекова", given_name="Айгүл", email="new@example.kz")
    invited = people.invite(
        data=data, role="librarian", school=cast.school, since=timezone.localdate(), actor=cast.hq.actor
    )
    assert claim_queries.found(invited) == []
    token = invitations.link(User.objects.get(person=invited), language="kk").rstrip("/").rpartition("/")[2]
    user = invitations.accept(token=token, password=make.PASSWORD)
    assert [one.guest for one in claim_queries.found(invited)] == [guest]
    browser = make.client_of(user)
    assert PAGE in browser.get("/kk/me/", follow=True).text
    assert browser.post(f"{PAGE}{guest.uid}/mine/").status_code == 302
    assert Enrolment.objects.get().person == invited


def test_colleagues_of_a_contact_are_not_offered(cast):
    run = visitors.run(capacity=9)
    guest_in(run, bring=3)
    assert (run.enrolments.count(), offered(cast)) == (4, [NAME])


@pytest.mark.parametrize(
    ("fields", "is_offered"),
    [
        ({}, True),
        ({"name": "Сарсенова Алия"}, True),
        ({"name": "Ахметова Әлия Қайратқызы"}, True),
        ({"name": "Сәрсенова Гүлнар"}, True),
        ({"name": "Бекова Айгүл Қайратқызы"}, False),
        ({"email": "other@example.kz"}, False),
    ],
)
def test_who_is_offered_to_whom(cast, fields, is_offered):
    guest = guest_in(visitors.run(capacity=9), **fields)
    assert offered(cast) == ([guest.full_name] if is_offered else [])


def test_an_address_that_is_not_proved_shows_nothing(cast):
    guest = guest_in(visitors.run(capacity=9), email="second@example.kz")
    own = {"user": cast.librarian.user, "email": "second@example.kz"}
    added = EmailAddress.objects.create(verified=False, **own)
    assert offered(cast) == []
    with pytest.raises(Stale):
        claim(cast, guest)
    added.verified = True
    added.save()
    assert offered(cast) == [NAME]


def test_what_came_to_nothing_is_not_offered(cast):
    run = visitors.run(capacity=9)
    guest_in(run)
    Enrolment.objects.update(state=S.EXPIRED)
    assert offered(cast) == []


def test_nobody_takes_the_record_of_somebody_else(cast):
    guest = guest_in(visitors.run(capacity=9))
    with pytest.raises(Refused):
        claiming.claim(person=cast.librarian.person, guest=guest, actor=cast.hq.actor)
    for deed in ("mine", "not-mine", "ask-again"):
        assert cast.colleague.client().post(f"{PAGE}{guest.uid}/{deed}/").status_code == 404
    with pytest.raises(Refused):
        merging.merge(kept=cast.librarian.person, gone=cast.colleague.person, actor=cast.hq.actor)


@pytest.mark.parametrize(
    ("own", "theirs", "left"),
    [
        (S.CONFIRMED, S.CONFIRMED, [S.CONFIRMED, S.WITHDRAWN]),
        (S.WAITING, S.CONFIRMED, [S.WITHDRAWN, S.CONFIRMED]),
        (S.NOMINATED, S.CONFIRMED, [S.REFUSED, S.CONFIRMED]),
        (S.CONFIRMED, S.WAITING, [S.CONFIRMED, S.WITHDRAWN]),
        (S.CONFIRMED, S.COMPLETED, [S.WITHDRAWN, S.COMPLETED]),
        (S.COMPLETED, S.CONFIRMED, [S.COMPLETED, S.WITHDRAWN]),
        (S.WITHDRAWN, S.CONFIRMED, [S.WITHDRAWN, S.CONFIRMED]),
        (S.CONFIRMED, S.EXPIRED, [S.CONFIRMED, S.EXPIRED]),
    ],
)
def test_of_two_places_in_one_run_the_better_stays(cast, own, theirs, left):
    run, elsewhere = visitors.run(capacity=9), visitors.run(capacity=9, start=rows.START + timedelta(days=30))
    guest = guest_in(elsewhere)
    (mine,) = rows.seats(run, [cast.librarian.person], state=own)
    signup = sign_up(run)
    (other,) = visitors.rows_of(signup)
    Enrolment.objects.filter(pk=other.pk).update(state=theirs, offer_until=None)
    claim(cast, guest)
    mine.refresh_from_db()
    other.refresh_from_db()
    assert [mine.state, other.state] == left
    assert mine.person == other.person == cast.librarian.person
    assert EnrolmentMove.objects.filter(enrolment__run=run, verb__in=["withdraw", "refuse"], told_at=None).count() == 0


def test_two_results_in_one_run_are_left_to_the_coordinator(cast):
    run = visitors.run(capacity=9)
    guest = guest_in(run)
    run.refresh_from_db()
    rows.seats(run, [cast.librarian.person], state=S.COMPLETED)
    Enrolment.objects.filter(person=guest).update(state=S.NOT_COMPLETED)
    with pytest.raises(Refused, match=str(run.course)):
        claim(cast, guest)
    guest.refresh_from_db()
    assert (guest.merged_into, guest.full_name, offered(cast)) == (None, NAME, [NAME])


def test_the_place_that_is_given_up_goes_to_the_queue(cast):
    run = visitors.run(capacity=2)
    guest = guest_in(run)
    run.refresh_from_db()
    rows.seats(run, [cast.librarian.person])
    visitors.confirmed(run)
    assert visitors.states(run) == [(1, S.CONFIRMED), (2, S.CONFIRMED), (3, S.WAITING)]
    claim(cast, guest)
    assert visitors.states(run) == [(1, S.CONFIRMED), (2, S.WITHDRAWN), (3, S.CONFIRMED)]


def test_somebody_else_is_remembered_and_can_be_taken_back(cast):
    guest, client = guest_in(visitors.run(capacity=9)), cast.librarian.client()
    assert (claim_queries.offered(cast.librarian.person), NAME in client.get(PAGE).text) == (1, True)
    for deed, left in (("not-mine", 0), ("not-mine", 0), ("ask-again", 1), ("ask-again", 1)):
        assert client.post(f"{PAGE}{guest.uid}/{deed}/").url == PAGE
        assert claim_queries.offered(cast.librarian.person) == left
    verbs = AuditEntry.objects.filter(person=guest, verb__startswith="person.").values_list("verb", flat=True)
    assert sorted(verbs) == ["person.ask_again", "person.disown"]
    client.post(f"{PAGE}{guest.uid}/not-mine/")
    text = client.get(PAGE).text
    assert (f"{guest.uid}/ask-again/" in text, f"{guest.uid}/mine/" in text) == (True, False)
    NotMine.objects.create(person=cast.colleague.person, guest=guest)
    assert client.post(f"{PAGE}{guest.uid}/mine/").url == "/kk/record/"
    assert NotMine.objects.count() == 0


def test_the_own_pages_ask_and_those_of_others_do_not(cast):
    guest_in(visitors.run(capacity=9))
    for path, member, asks in (
        ("/kk/record/", "librarian", True),
        ("/kk/record/", "colleague", False),
        (f"/kk/record/{cast.librarian.person.uid}/", "director", False),
    ):
        assert (PAGE in getattr(cast, member).client().get(path).text) is asks


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_costs_the_same_queries_for_one_and_thirty(cast, count, django_assert_num_queries):
    for n in range(count):
        guest_in(visitors.run(capacity=9, start=rows.START + timedelta(days=n)))
    client = cast.librarian.client()
    with django_assert_num_queries(7):
        client.get(PAGE)


def test_a_link_in_a_mail_renames_nobody_with_an_account(cast):
    run = visitors.run(capacity=9)
    guest = guest_in(run)
    claim(cast, guest)
    signup, row = Signup.objects.get(), Enrolment.objects.get()
    with pytest.raises(Refused):
        signup_changes.correct(signup=signup, enrolment=row.uid, name=GuestData("Басқа", "Адам"))
    cast.librarian.person.refresh_from_db()
    assert cast.librarian.person.full_name == NAME
    signup_changes.cancel(signup=signup)
    assert Enrolment.objects.get().state == S.WITHDRAWN


def test_a_contact_who_puts_the_own_name_right_stays_the_contact(cast):
    run = visitors.run(capacity=9)
    signup = sign_up(run, name="Срсенва Әлия")
    signup_changes.correct(
        signup=signup, enrolment=visitors.rows_of(signup)[0].uid, name=GuestData("Сәрсенова", "Әлия")
    )
    signup.refresh_from_db()
    assert (signup.name, offered(cast)) == ("Сәрсенова Әлия", ["Сәрсенова Әлия"])


def test_what_a_room_refuses_undoes_the_whole(cast):
    guest = guest_in(visitors.run(capacity=9))

    def refuse(**facts: object) -> None:
        raise Refused("no")

    registry.merged.listen(refuse)
    try:
        with pytest.raises(Refused):
            claim(cast, guest)
    finally:
        registry.merged.forget(refuse)
    guest.refresh_from_db()
    assert (guest.merged_into, Enrolment.objects.get().person) == (None, guest)


def test_erasing_a_person_erases_what_was_said_of_the_guest(cast):
    guest = guest_in(visitors.run(capacity=9))
    claim(cast, guest)
    seal()
    audit.erase(person=cast.librarian.person, actor=cast.hq.actor)
    seal()
    about = [guest, cast.librarian.person]
    values = AuditValues.objects.filter(entry__person__in=about).exclude(entry__verb=audit.ERASED)
    assert (values.exclude(values=None).count(), values.count() > 0, first_flaw()) == (0, True, None)


def test_rows_of_issued_reports_bear_the_name_of_the_one_person(cast):
    run = visitors.run(capacity=9)
    guest = guest_in(run)
    row = {"person": guest.pk, "run": run.uid, "school": "", "ends_on": "2026-04-08", "hours": 6}
    claim(cast, guest)
    assert [line.person for line in report_rows.with_names([row], {})] == [NAME]


def test_whoever_was_removed_is_not_joined(cast):
    guest = guest_in(visitors.run(capacity=9))
    guests.forget(guest, actor=cast.hq.actor)
    with pytest.raises(Stale):
        merging.merge(kept=cast.librarian.person, gone=guest, actor=cast.hq.actor)


def coming(cast, **fields):
    """A seminar that is still ahead, in which the guest has a place."""
    run = visitors.run(capacity=5, **fields)
    return run, guest_in(run)


def refused(cast, guest: Person) -> str:
    with translation.override("en"), pytest.raises(Refused) as refusal:
        claim(cast, guest)
    assert not Person.objects.filter(pk=guest.pk, merged_into__isnull=False).exists()
    return str(refusal.value)


def test_a_coming_place_asks_for_what_must_come_before(cast):
    run, guest = coming(cast)
    Prerequisite.objects.create(course=run.course, needed=rows.course())
    assert "Needed before this course" in refused(cast, guest)
    PrerequisiteWaiver.objects.create(course=run.course, person=cast.librarian.person, reason="Шетелде оқыған")
    assert claim(cast, guest) == 1


def test_what_the_guest_has_completed_comes_along_and_counts(cast):
    run, guest = coming(cast)
    before = visitors.run(capacity=9, start=rows.START + timedelta(days=30))
    assert guest_in(before) == guest
    Prerequisite.objects.create(course=run.course, needed=before.course)
    assert "Needed before this course" in refused(cast, guest)
    assert set(Enrolment.objects.values_list("person", flat=True)) == {guest.pk}
    Enrolment.objects.filter(run=before).update(state=S.COMPLETED)
    assert claim(cast, guest) == 2


def test_a_coming_place_needs_free_time(cast):
    _run, guest = coming(cast)
    other = rows.run()
    own = enrolling.enrol(person=cast.librarian.person, run=other, actor=cast.librarian.actor)
    assert "time is already taken" in refused(cast, guest)
    enrolling.withdraw(enrolment=own, actor=cast.librarian.actor)
    assert claim(cast, guest) == 1


def test_of_parallel_runs_one_is_given_up_first(cast):
    run, guest = coming(cast)
    other = rows.run(course=run.course, start=rows.START + timedelta(days=9))
    intakes.join(run=run, other=other, actor=cast.hq.actor)
    other.refresh_from_db()
    own = enrolling.enrol(person=cast.librarian.person, run=other, actor=cast.librarian.actor)
    assert "parallel run" in refused(cast, guest)
    enrolling.withdraw(enrolment=own, actor=cast.librarian.actor)
    assert claim(cast, guest) == 1
    assert seats.verify() == []


def test_what_has_been_is_only_recorded(cast):
    run, guest = coming(cast)
    Prerequisite.objects.create(course=run.course, needed=rows.course())
    rows.seats(rows.run(), [cast.librarian.person])
    past(run)
    assert claim(cast, guest) == 1


def test_two_places_in_one_run_do_not_clash_with_each_other(cast):
    run, guest = coming(cast)
    enrolling.enrol(person=cast.librarian.person, run=run, actor=cast.librarian.actor)
    assert claim(cast, guest) == 1
    assert sorted(Enrolment.objects.filter(run=run).values_list("state", flat=True)) == [S.CONFIRMED, S.WITHDRAWN]
