"""Reference data: loaded twice it is there once, names hold on their days, people's own changes stay."""

from collections import Counter
from datetime import date

import pytest
from django.core.management import call_command
from django.utils import translation

from schools import reference
from schools.models import CityName, NetworkPeriod, Region, School, SchoolName
from schools.queries import network_schools

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded() -> None:
    reference.load_all()


def test_the_files_are_loaded_once_however_often(capsys):
    first, second = reference.load_all(), reference.load_all()
    assert first["regions"] == Counter(added=20)
    assert first["schools"] == Counter(added=22)
    assert second["regions"] == Counter(same=20)
    assert second["schools"] == Counter(same=22)
    assert (Region.objects.count(), School.objects.count(), NetworkPeriod.objects.count()) == (20, 22, 20)
    call_command("load_reference")
    assert "schools: 22 same" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("on", "short"),
    [
        (date(2018, 5, 1), "Астана ФМБ НЗМ"),
        (date(2019, 3, 22), "Астана ФМБ НЗМ"),
        (date(2019, 3, 23), "Нұр-Сұлтан ФМБ НЗМ"),
        (date(2022, 9, 16), "Нұр-Сұлтан ФМБ НЗМ"),
        (date(2022, 9, 17), "Астана ФМБ НЗМ"),
        (date(2040, 1, 1), "Астана ФМБ НЗМ"),
    ],
)
def test_a_school_is_called_as_on_its_day(loaded, on, short):
    assert School.objects.get(code="astana-phm").short_name(on=on) == short


def test_official_names_in_three_languages_on_a_day(loaded):
    school = School.objects.get(code="astana-nis")
    assert [school.official_name(on=date(2020, 1, 1), language=code) for code in ("kk", "ru", "en")] == [
        "Нұр-Сұлтан қаласындағы Назарбаев Зияткерлік мектебі",
        "Назарбаев Интеллектуальная школа г. Нур-Султана",
        "Nazarbayev Intellectual School of Nur-Sultan",
    ]


def test_a_name_that_is_only_to_come_is_not_shown_yet(loaded):
    school = School.objects.get(code="kostanay")
    school.names.update(valid_to=date(2098, 12, 31))
    words = {f"{field}_{code}": "NEW" for field in ("short", "official") for code in ("kk", "ru", "en")}
    SchoolName.objects.create(school=school, valid_from=date(2099, 1, 1), **words)
    school = School.objects.get(code="kostanay")
    assert (school.short_name(), school.short_name(on=date(2099, 1, 1))) == ("Қостанай ФМБ НЗМ", "NEW")


@pytest.mark.parametrize(
    ("code", "on", "region"),
    [
        ("semey", date(2022, 6, 7), "KZ-63"),
        ("semey", date(2022, 6, 8), "KZ-10"),
        ("shymkent-phm", date(2018, 6, 18), "KZ-61"),
        ("shymkent-phm", date(2018, 6, 19), "KZ-79"),
        ("kostanay", date(2010, 1, 1), "KZ-39"),
    ],
)
def test_a_school_counts_to_the_region_of_the_day(loaded, code, on, region):
    assert School.objects.get(code=code).region_on(on).iso == region


def test_regions_and_cities_are_called_as_on_their_day(loaded):
    south = Region.objects.get(iso="KZ-61")
    assert south.name_on(date(2018, 6, 18), language="en") == "South Kazakhstan Region"
    assert south.name_on(date(2018, 6, 19), language="en") == "Turkistan Region"
    astana = School.objects.get(code="astana-phm")
    assert astana.city_on(date(2020, 1, 1), language="ru") == "Нур-Султан"
    with translation.override("en"):
        assert School.objects.get(code="semey").city_on(date(2020, 1, 1)) == "Semey"
    assert CityName.objects.count() == 3


def test_what_people_changed_stays_when_the_files_are_loaded_again(loaded):
    school = School.objects.get(code="kostanay")
    school.names.update(valid_to=date(2025, 8, 31))
    words = {f"{field}_{code}": "NEW" for field in ("short", "official") for code in ("kk", "ru", "en")}
    SchoolName.objects.create(school=school, valid_from=date(2025, 9, 1), **words)
    NetworkPeriod.objects.filter(school=school).update(valid_from=date(2013, 9, 1))
    reference.load_all()
    assert list(school.names.order_by("id").values_list("valid_to", "short_en")) == [
        (date(2025, 8, 31), "NIS PhM Kostanay"),
        (None, "NEW"),
    ]
    assert list(school.network_periods.values_list("valid_from", flat=True)) == [date(2013, 9, 1)]


def test_a_wrong_row_is_corrected_from_the_file(loaded):
    Region.objects.filter(iso="KZ-10").update(name_kk="?")
    assert reference.load_all()["regions"] == Counter(same=19, changed=1)
    assert Region.objects.get(iso="KZ-10").name_kk == "Абай облысы"


def test_the_network_is_asked_by_day(loaded):
    codes = set(network_schools(on=date(2018, 9, 1)).values_list("code", flat=True))
    assert (len(codes), "turkistan" in codes, "astana-isa" in codes) == (20, False, False)
    NetworkPeriod.objects.filter(school__code="semey").update(valid_to=date(2020, 1, 1))
    assert network_schools(on=date(2020, 1, 2)).count() == 19


def test_all_is_loaded_or_nothing(monkeypatch):
    def broken() -> Counter:
        raise ValueError("a file is damaged")

    monkeypatch.setitem(reference._loaders, "broken", broken)
    with pytest.raises(ValueError, match="damaged"):
        reference.load_all()
    assert Region.objects.count() == 0
