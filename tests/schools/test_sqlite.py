"""The embedded default finds and sorts as PostgreSQL does: the same tests run on both."""

import random

import pytest
from django.db.models import F

from schools.alphabet import in_order
from schools.models import Region
from tests import make

IN_ORDER = ["10 мектеп", "5 мектеп", "Арман", "ән", "Ән", "Ән бота", "Әна", "Бота", "Ели", "Ёли", "Іле", "Яна", "NIS"]


def _regions(names: list[str]) -> None:
    for number, name in enumerate(names):
        make.region(f"KZ-T{number}", name_kk=name, name_ru=name, name_en=name)


def test_kazakh_order(db):
    names = IN_ORDER
    _regions(random.Random(1).sample(names, len(names)))
    assert list(Region.objects.order_by(*in_order("name_kk")).values_list("name_kk", flat=True)) == names


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("әлия", ["Әлия 100%"]),
        ("ӘЛИЯ", ["Әлия 100%"]),
        ("ҒАБИТ", ["ғабит_1"]),
        ("%", ["Әлия 100%"]),
        ("_", ["ғабит_1"]),
        ("\\", ["a\\b"]),
        (".*", []),
        ("жоқ", []),
    ],
)
def test_contains_without_regard_to_case(db, asked, found):
    _regions(["Әлия 100%", "ғабит_1", "a\\b", "x\ny"])
    assert list(Region.objects.filter(name_kk__icontains=asked).values_list("name_kk", flat=True)) == found


def test_whole_and_beginning(db):
    _regions(["Өскемен\nқаласы"])
    for lookup, value in (("iexact", "өскемен\nҚАЛАСЫ"), ("istartswith", "ӨСК"), ("iendswith", "ЛАСЫ")):
        assert Region.objects.filter(**{f"name_kk__{lookup}": value}).count() == 1
    assert Region.objects.filter(name_kk__icontains=F("name_ru")).count() == 1
