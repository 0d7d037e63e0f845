"""Kazakh order of names, the same on every database, and search that forgives."""

import pytest

from schools.alphabet import LETTERS, in_order, sort_key
from schools.folding import fold
from schools.models import Person
from schools.models.folded import holds_words
from schools.phones import normal_phone, spoken_phone
from tests import make

ORDERED = [
    "Абаев",
    "Әбаев",
    "Бек",
    "Гүл",
    "Ғазиз",
    "Ерлан",
    "Ёлкин",
    "Кәрім",
    "Қазы",
    "Нұр",
    "Ораз",
    "Өмір",
    "Ұлан",
    "Үміт",
    "Хасен",
    "Һадис",
    "Ыбырай",
    "Ілияс",
    "Юсуп",
    "Яков",
]


def test_the_database_orders_names_as_kazakhs_do(db):
    Person.objects.bulk_create(make.new_person(surname=name) for name in sorted(ORDERED))
    assert [person.surname for person in Person.objects.order_by(*in_order("surname"))] == ORDERED


def test_the_same_order_without_a_database():
    assert sorted(ORDERED, key=sort_key) == ORDERED
    assert sorted(LETTERS, key=sort_key) == list(LETTERS)
    assert sorted(["б", "Ә", "ә", "А", "а"], key=sort_key) == ["а", "А", "ә", "Ә", "б"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [("казак", True), ("ҚАЗАҚ", True), ("Қaзaқ", True), ("абаи казак", False), ("абай казак", True), ("ёлка", False)],
)
def test_search_forgives_letters_case_and_order(db, typed, found):
    make.person(surname="Қазақ", given_name="Аба\u0438\u0306")
    assert Person.objects.filter(holds_words("search_key", typed)).exists() is found


def test_the_search_key_follows_every_way_of_writing_a_name(db):
    person = make.person(surname="Ескі")
    person.surname = "Жаңа"
    person.save(update_fields=["surname"])
    person.refresh_from_db()
    assert fold("Жаңа") in person.search_key


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("8 701 123 45 67", "+77011234567"),
        ("+7 (701) 123-45-67", "+77011234567"),
        ("77011234567", "+77011234567"),
        ("7011234567", "+77011234567"),
        ("8–701–123–45–67", "+77011234567"),
        ("+44 20 7946 0958", "+442079460958"),
        ("  ", ""),
    ],
)
def test_telephones_as_people_type_them(typed, phone):
    assert normal_phone(typed) == phone


@pytest.mark.parametrize(
    "typed", ["12", "call me", "8 701 123 45 6", "+0 701", "8701123456789", "+7701123456a", "٨٧٠١١٢٣٤٥٦٧"]
)
def test_what_is_no_telephone(typed):
    with pytest.raises(ValueError, match="telephone"):
        normal_phone(typed)


def test_telephones_are_shown_in_groups():
    assert (spoken_phone("+77011234567"), spoken_phone("+442079460958")) == ("+7 701 123 45 67", "+442079460958")
