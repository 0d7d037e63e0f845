"""Invite, correct, give and end roles, transfer; the list of people and the pages behind it."""

from datetime import date, timedelta

import pytest
from django.db.transaction import TransactionManagementError
from django.urls import reverse
from django.utils import timezone

from schools import people, registry, roles
from schools.access import NOBODY, SYSTEM
from schools.errors import Refused
from schools.models import AuditEntry, Mail, Membership, Person, User
from schools.queries import actor_of, school_of
from schools.states import Role
from tests import make

DAY = timedelta(days=1)


@pytest.fixture
def today() -> date:
    return timezone.localdate()


def data(**changes: str) -> people.PersonData:
    return people.PersonData(**{"surname": "Жаңа", "given_name": "Адам", "email": "new@example.kz", **changes})


def spans(person: Person, role: str = Role.LIBRARIAN) -> list[tuple[str, date, date | None]]:
    rows = Membership.objects.filter(person=person, role=role).order_by("valid_from")
    return [(row.school.code if row.school else "", row.valid_from, row.valid_to) for row in rows]


def test_the_cast_is_what_the_portal_sees(cast, today):
    assert {name: actor_of(member.user, on=today) for name, member in cast.everyone().items()} == {
        name: member.actor for name, member in cast.everyone().items()
    }


def test_an_invited_person_has_a_role_an_account_without_password_and_a_letter(cast, today):
    row = people.invite(data=data(), role=Role.LIBRARIAN, school=cast.school, since=today, actor=cast.hq.actor)
    user = User.objects.get(person=row)
    assert (user.email, user.has_usable_password()) == ("new@example.kz", False)
    assert spans(row) == [("semey", today, None)]
    assert Mail.objects.get(person=row).kind == "invitation"
    verbs = AuditEntry.objects.filter(person=row).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["person.add", "role.grant", "account.invite"]


@pytest.mark.parametrize(
    ("who", "role", "allowed"),
    [
        ("hq", Role.LIBRARIAN, True),
        ("hq", Role.DIRECTOR, True),
        ("hq", Role.TRAINER, True),
        ("hq", Role.HQ, False),
        ("hq", Role.ADMINISTRATOR, False),
        ("hq", Role.FINANCE, False),
        ("hq", Role.AUDITOR, False),
        ("administrator", Role.ADMINISTRATOR, True),
        ("administrator", Role.HQ, True),
        ("director", Role.LIBRARIAN, False),
        ("director", Role.DIRECTOR, False),
        ("librarian", Role.LIBRARIAN, False),
        ("auditor", Role.TRAINER, False),
        ("finance", Role.TRAINER, False),
    ],
)
def test_who_may_give_which_role(cast, today, who, role, allowed):
    school = cast.school if role in ("librarian", "director") else None
    actor, target = getattr(cast, who).actor, make.person()
    if allowed:
        roles.grant(person=target, role=role, school=school, since=today, actor=actor)
    else:
        with pytest.raises(Refused):
            roles.grant(person=target, role=role, school=school, since=today, actor=actor)
    assert Membership.objects.filter(person=target).count() == int(allowed)


def test_nobody_changes_their_own_roles(cast, today):
    own = cast.administrator
    with pytest.raises(Refused):
        roles.grant(person=own.person, role=Role.FINANCE, school=None, since=today, actor=own.actor)
    with pytest.raises(Refused):
        roles.end(membership=own.person.memberships.get(), last_day=today, actor=own.actor)
    with pytest.raises(Refused):
        people.set_sign_in(person=own.person, allowed=False, actor=own.actor)
    assert actor_of(own.user, on=today + DAY) == own.actor


def test_an_address_with_an_account_is_refused_and_nothing_is_left_behind(cast, today):
    before = Person.objects.count()
    for taken in ("librarian@example.kz",):
        with pytest.raises(Refused):
            people.invite(
                data=data(email=taken), role=Role.LIBRARIAN, school=cast.school, since=today, actor=cast.hq.actor
            )
    assert Person.objects.count() == before


def test_a_transfer_closes_the_old_row_the_day_before_and_tells_the_rooms(cast, today):
    heard = []

    def listener(**facts: object) -> None:
        heard.append({key: str(value) for key, value in facts.items() if key not in ("actor", "person")})

    registry.transferred.listen(listener)
    try:
        roles.transfer(person=cast.librarian.person, school=cast.other_school, on=today, actor=cast.hq.actor)
    finally:
        registry.transferred.forget(listener)
    assert spans(cast.librarian.person) == [
        ("semey", make.LONG_AGO, today - DAY),
        ("almaty-chb", today, None),
    ]
    assert school_of(cast.librarian.person, on=today - DAY) == cast.school
    assert school_of(cast.librarian.person, on=today) == cast.other_school
    assert heard == [{"source": "Семей ФМБ НЗМ", "target": "Алматы ХББ НЗМ", "on": str(today)}]


def test_what_a_listener_raises_undoes_the_transfer(cast, today):
    def listener(**facts: object) -> None:
        raise Refused("no")

    registry.transferred.listen(listener)
    try:
        with pytest.raises(Refused):
            roles.transfer(person=cast.librarian.person, school=cast.other_school, on=today, actor=cast.hq.actor)
    finally:
        registry.transferred.forget(listener)
    assert spans(cast.librarian.person) == [("semey", make.LONG_AGO, None)]


def test_a_transfer_ends_what_was_led_at_the_old_school(cast, today):
    make.role(cast.librarian.person, Role.DEPUTY, cast.school, valid_from=today - DAY, valid_to=today + 9 * DAY)
    roles.transfer(person=cast.librarian.person, school=cast.other_school, on=today, actor=cast.hq.actor)
    assert spans(cast.librarian.person, Role.DEPUTY) == [("semey", today - DAY, today - DAY)]


@pytest.mark.parametrize("on", [make.LONG_AGO, make.LONG_AGO - DAY])
def test_a_transfer_before_the_start_is_refused(cast, on):
    with pytest.raises(Refused):
        roles.transfer(person=cast.librarian.person, school=cast.other_school, on=on, actor=cast.hq.actor)


def test_a_transfer_to_the_same_school_or_of_no_librarian_is_refused(cast, today):
    for person, school in ((cast.librarian.person, cast.school), (cast.trainer.person, cast.school)):
        with pytest.raises(Refused):
            roles.transfer(person=person, school=school, on=today, actor=cast.hq.actor)


def test_a_role_is_held_once_a_day(cast, today):
    for school in (cast.school, cast.other_school):
        with pytest.raises(Refused):
            roles.grant(person=cast.librarian.person, role="librarian", school=school, since=today, actor=SYSTEM)
    past = make.LONG_AGO - DAY
    roles.grant(
        person=cast.librarian.person,
        role="librarian",
        school=cast.other_school,
        since=date(2014, 1, 1),
        until=past,
        actor=SYSTEM,
    )
    assert spans(cast.librarian.person)[0] == ("almaty-chb", date(2014, 1, 1), past)


def test_a_role_ends_after_its_last_day_and_one_that_never_held_is_taken_back(cast, today):
    row = cast.trainer.person.memberships.get()
    roles.end(membership=row, last_day=today, actor=cast.hq.actor)
    assert spans(cast.trainer.person, Role.TRAINER) == [("", make.LONG_AGO, today)]
    with pytest.raises(Refused):
        roles.end(membership=row, last_day=today, actor=cast.hq.actor)
    begun_today = roles.grant(
        person=cast.trainer.person, role="deputy", school=cast.school, since=today, actor=cast.hq.actor
    )
    roles.end(membership=begun_today, last_day=today - DAY, actor=cast.hq.actor)
    assert spans(cast.trainer.person, Role.DEPUTY) == []


def test_a_director_names_a_deputy_of_the_own_school_for_days_to_come(cast, today):
    def name(person: Person, school: object, since: date, until: date | None, actor: object) -> None:
        roles.grant(person=person, role=Role.DEPUTY, school=school, since=since, until=until, actor=actor)

    refused = [
        (cast.stranger.person, cast.school, today, today + DAY, cast.director.actor),
        (cast.librarian.person, cast.other_school, today, today + DAY, cast.director.actor),
        (cast.librarian.person, cast.school, today, None, cast.director.actor),
        (cast.librarian.person, cast.school, today - DAY, today, cast.director.actor),
        (cast.librarian.person, cast.school, today, today + DAY, cast.deputy.actor),
    ]
    for case in refused:
        with pytest.raises(Refused):
            name(*case)
    name(cast.librarian.person, cast.school, today, today + DAY, cast.director.actor)
    assert spans(cast.librarian.person, Role.DEPUTY) == [("semey", today, today + DAY)]


def test_only_an_administrator_touches_who_holds_a_guarded_role(cast):
    values = {"surname": "Басқа"}
    for member in (cast.administrator, cast.finance, cast.auditor):
        with pytest.raises(Refused):
            people.correct(person=member.person, values=values, actor=cast.hq.actor)
        with pytest.raises(Refused):
            people.correct_address(person=member.person, email="mine@example.kz", actor=cast.hq.actor)
    assert people.correct(person=cast.hq.person, values=values, actor=cast.administrator.actor)
    assert people.correct(person=cast.librarian.person, values=values, actor=cast.hq.actor)


def test_a_superuser_counts_as_an_administrator(cast):
    person = make.person()
    make.account(person, is_superuser=True)
    with pytest.raises(Refused):
        people.correct(person=person, values={"surname": "Басқа"}, actor=cast.hq.actor)


def test_a_corrected_name_is_found_recorded_and_told(cast):
    heard = []

    def listener(**facts: object) -> None:
        heard.append((facts["old_name"], str(facts["person"])))

    registry.renamed.listen(listener)
    try:
        people.correct(person=cast.librarian.person, values={"surname": "Әбілова"}, actor=cast.hq.actor)
        people.correct(person=cast.librarian.person, values={"phone": "+77010000000"}, actor=cast.hq.actor)
        same = people.correct(person=cast.librarian.person, values={"surname": "Әбілова"}, actor=cast.hq.actor)
    finally:
        registry.renamed.forget(listener)
    assert (heard, same) == ([("Сәрсенова Әлия Қайратқызы", "Әбілова Әлия Қайратқызы")], False)
    assert Person.objects.get(search_key__contains="абилова") == cast.librarian.person
    entry = AuditEntry.objects.filter(person=cast.librarian.person, verb="person.correct").first()
    assert entry.values.values == {"surname": ["Сәрсенова", "Әбілова"]}


def test_the_registry_wants_a_transaction_and_all_facts(transactional_db, cast):
    with pytest.raises(TransactionManagementError):
        registry.renamed.tell(person=cast.librarian.person, old_name="", actor=NOBODY)
    with pytest.raises(TypeError):
        registry.renamed.tell(person=cast.librarian.person)


# -- pages ------------------------------------------------------------------------------------------------------------


def names_on(response: object) -> list[str]:
    return [person.surname for person in response.context["page"].object_list]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("сарсенова", ["Сәрсенова"]),
        ("ГАБИТ", ["Ғабитова"]),
        ("алия сарсен", ["Сәрсенова"]),
        ("librarian@", ["Сәрсенова"]),
        ("усенова нурсулу", ["Үсенова"]),
        ("жоқ адам", []),
    ],
)
def test_people_are_found_by_letters_typed_the_russian_way(cast, query, found):
    response = cast.hq.client().get(reverse("schools:people"), {"q": query})
    assert names_on(response) == found


def test_the_list_is_in_kazakh_order_and_shows_a_director_only_the_own_school(cast):
    page = cast.director.client().get(reverse("schools:people"))
    assert names_on(page) == ["Ғабитова", "Оспанов", "Сәрсенова", "Төлегенова"]
    other = cast.director.client().get(reverse("schools:people"), {"school": "almaty-chb"})
    assert "Ермекова" not in other.content.decode()


def test_guests_are_listed_when_asked_for(cast):
    client = cast.hq.client()
    listed = {
        query: "Қонақова" in client.get(f"/kk/people/?{query}").text for query in ("", "q=конакова", "role=everybody")
    }
    assert listed == {"": False, "q=конакова": True, "role=everybody": True}


def test_filters_of_the_list(cast):
    client = cast.auditor.client()
    assert names_on(client.get(reverse("schools:people"), {"school": "almaty-chb"})) == ["Ермекова", "Хамитов"]
    assert names_on(client.get(reverse("schools:people"), {"role": "finance"})) == ["Ким"]
    wrong = client.get(reverse("schools:people"), {"role": "queen", "school": "x", "page": "999", "q": "\x00"})
    assert wrong.status_code == 200


@pytest.mark.parametrize("more", [1, 30])
def test_the_list_of_people_takes_the_same_queries_for_few_and_many(cast, django_assert_num_queries, more):
    make.librarians(cast.school, more)
    client = cast.auditor.client()
    with django_assert_num_queries(9):
        client.get(reverse("schools:people"))


@pytest.mark.parametrize("more", [1, 30])
def test_a_person_page_takes_the_same_queries_for_few_and_many_roles(cast, django_assert_num_queries, more):
    person = make.person()
    for year in range(more):
        first = date(1990 + year, 1, 1)
        make.role(person, Role.DEPUTY, cast.school, valid_from=first, valid_to=first + 9 * DAY)
    client = cast.auditor.client()
    with django_assert_num_queries(7):
        client.get(reverse("schools:person", args=[person.uid]))


@pytest.mark.parametrize("more", [1, 30])
def test_school_pages_take_the_same_queries_for_few_and_many(cast, client, django_assert_num_queries, more):
    for _ in range(more):
        make.librarians(make.school(), 1)
    make.librarians(cast.school, more)
    with django_assert_num_queries(2):
        client.get(reverse("schools:schools"))
    signed_in = cast.librarian.client()
    with django_assert_num_queries(8):
        signed_in.get(reverse("schools:school", args=[cast.school.uid]))


def test_a_school_page_tells_names_to_colleagues_only(cast, client):
    address = reverse("schools:school", args=[cast.school.uid])
    assert "Сәрсенова" not in client.get(address).content.decode()
    assert "Сәрсенова" not in cast.stranger.client().get(address).content.decode()
    assert "Сәрсенова" in cast.colleague.client().get(address).content.decode()
    assert "Сәрсенова" in cast.auditor.client().get(address).content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("librarian", 200),
        ("director", 200),
        ("deputy", 200),
        ("hq", 200),
        ("auditor", 200),
        ("administrator", 200),
        ("colleague", 403),
        ("stranger", 403),
        ("other_director", 403),
        ("trainer", 403),
        ("finance", 403),
    ],
)
def test_who_sees_a_persons_page(cast, who, status):
    response = getattr(cast, who).client().get(reverse("schools:person", args=[cast.librarian.person.uid]))
    assert response.status_code == status


def test_a_person_without_roles_is_no_open_door(cast):
    nobody = make.person()
    assert cast.librarian.client().get(reverse("schools:person", args=[nobody.uid])).status_code == 403
    assert cast.hq.client().get(reverse("schools:person", args=["aaaaaaaaaa"])).status_code == 404


INVITE = {
    "surname": "Жаңа",
    "given_name": "Адам",
    "email": "NEW@Example.kz",
    "phone": "8 (701) 123-45-67",
    "post": "teacher_librarian",
    "language": "ru",
    "role": "librarian",
    "school": "semey",
    "since": "2026-09-01",
}


def test_inviting_by_the_form(cast):
    response = cast.hq.client().post(reverse("schools:invite"), INVITE)
    person = Person.objects.get(email="new@example.kz")
    assert response.url == reverse("schools:person", args=[person.uid])
    assert (person.phone, person.language) == ("+77011234567", "ru")
    assert spans(person) == [("semey", date(2026, 9, 1), None)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("surname", ""),
        ("surname", "Жа\x07ңа"),
        ("surname", "Жа\x00ңа"),
        ("surname", "12345"),
        ("surname", "Ж" * 81),
        ("email", "not an address"),
        ("email", "librarian@example.kz"),
        ("email", f"{'a' * 250}@example.kz"),
        ("phone", "12"),
        ("phone", "8 701 123 45 67 89"),
        ("phone", "٨٧٠١١٢٣٤٥٦٧"),
        ("post", "queen"),
        ("language", "xx"),
        ("role", "administrator"),
        ("role", "queen"),
        ("school", ""),
        ("school", "no-such-school"),
        ("since", "yesterday"),
        ("since", "0001-01-01"),
        ("since", "9999-12-31"),
        ("until", "2026-08-31"),
    ],
)
def test_bad_invitations_come_back_filled_with_a_word_at_the_field(cast, field, value):
    response = cast.hq.client().post(reverse("schools:invite"), {**INVITE, field: value})
    assert response.status_code == 422
    assert list(response.context["form"].errors) in ([field], ["__all__"] if value == "librarian@example.kz" else [])
    assert response.context["form"]["given_name"].value() == "Адам"
    assert not Person.objects.filter(surname="Жаңа").exists()


@pytest.mark.parametrize("name", ["O'Коннор-<b>", "Тест 🙂", "\u202eНепорядок", 'Ім"я', "إسم"])
def test_unusual_names_are_taken_as_they_are_and_shown_harmlessly(cast, name):
    cast.hq.client().post(reverse("schools:invite"), {**INVITE, "surname": name})
    person = Person.objects.get(email="new@example.kz")
    assert person.surname == name
    page = cast.hq.client().get(reverse("schools:person", args=[person.uid])).content.decode()
    assert "O'Коннор-<b>" not in page


@pytest.mark.parametrize("page", ["correct", "correct_address", "transfer", "grant"])
def test_forms_about_a_person_open_and_refuse_nothing_typed(cast, page):
    address = reverse(f"schools:{page}", args=[cast.librarian.person.uid])
    client = cast.hq.client()
    assert client.get(address).status_code == 200
    wrong = {"email": "x", "school": "x", "since": "x", "role": "x", "language": "x"}
    assert client.post(address, wrong).status_code == 422


def test_the_forms_do_what_they_say(cast, today):
    client, person = cast.hq.client(), cast.librarian.person
    client.post(reverse("schools:transfer", args=[person.uid]), {"school": "almaty-chb", "on": "2026-10-01"})
    assert spans(person)[-1] == ("almaty-chb", date(2026, 10, 1), None)
    client.post(reverse("schools:grant", args=[person.uid]), {"role": "trainer", "since": "2026-10-01"})
    role = person.memberships.get(role="trainer")
    address = reverse("schools:end_role", args=[person.uid, role.uid])
    assert client.get(address).status_code == 200
    assert client.post(address, {"last_day": "2008-01-01"}).status_code == 422
    client.post(address, {"last_day": today.isoformat()})
    assert spans(person, Role.TRAINER) == [("", date(2026, 10, 1), today)]


def test_a_director_ends_a_deputy_of_the_own_school_and_nothing_else(cast, today):
    def end(member: object, role: Membership) -> int:
        address = reverse("schools:end_role", args=[role.person.uid, role.uid])
        return member.client().post(address, {"last_day": today.isoformat()}).status_code

    deputy, librarian = cast.deputy.person.memberships.get(), cast.librarian.person.memberships.get()
    assert end(cast.director, librarian) == 403
    assert end(cast.other_director, deputy) == 403
    assert end(cast.director, deputy) == 302
    assert spans(cast.deputy.person, Role.DEPUTY) == [("semey", make.LONG_AGO, today)]


def test_a_director_names_a_deputy_on_the_page(cast, today):
    address = reverse("schools:name_deputy", args=[cast.school.uid])
    client = cast.director.client()
    days = {"since": today.isoformat(), "until": (today + DAY).isoformat()}
    assert cast.other_director.client().get(address).status_code == 403
    assert client.post(address, {"person": cast.stranger.person.uid, **days}).status_code == 422
    assert client.post(address, {"person": "x", "since": "x", "until": ""}).status_code == 422
    assert client.post(address, {"person": cast.librarian.person.uid, **days}).status_code == 302
    assert spans(cast.librarian.person, Role.DEPUTY) == [("semey", today, today + DAY)]
