"""Finding a school by what people remember: forgiving, the best first, quick, on both databases."""

import pytest
from django.urls import reverse

from schools import generated, reference
from schools.models import Region, School
from schools.school_search import CANDIDATES, search_schools, telling
from tests import make

ADDRESS = "/kk/schools/search/"


@pytest.fixture
def some(db) -> dict[str, School]:
    almaty = make.region("KZ-19", name_kk="Алматы облысы", name_ru="Алматинская область", name_en="Almaty Region")
    school = make.general_school
    return {
        "twelve": school("№ 12 жалпы білім беретін мектеп", region=almaty, district_kk="Талғар ауданы"),
        "hundred": school("№ 120 орта мектеп", name_ru="Средняя школа № 120", region=almaty, city_kk="Қонаев"),
        "village": school("Қызылағаш негізгі мектебі", name_ru="Кызылагашская школа", city_kk="Қызылағаш"),
        "five": school("№5-мектеп-лицей", city_kk="Семей", rural=False),
        "named": school("Семей қаласының гимназиясы", city_kk="Семей"),
        "gone": school("№ 12 мектеп-гимназия", archived_at="2026-01-01T00:00Z"),
    }


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("12", ["twelve", "hundred"]),
        ("№12", ["twelve", "hundred"]),
        ("№ 12", ["twelve", "hundred"]),
        ("12-мектеп", ["twelve", "hundred"]),
        ("мектеп 12 талгар", ["twelve"]),
        ("12 Талғар", ["twelve"]),
        ("120", ["hundred"]),
        ("20", []),
        ("кызылагаш", ["village"]),
        ("Кызыл", ["village"]),
        ("ағаш", []),
        ("5", ["five"]),
        ("№5", ["five"]),
        ("5 лицей", ["five"]),
        ("5 гимназия", []),
        ("семей", ["named", "five"]),
        ("cемей", ["named", "five"]),
        ("12 almaty", ["twelve", "hundred"]),
        ("қонаев орта мектебі", ["hundred"]),
        ("", []),
        ("  №  ", []),
        ("%_|", []),
        ("' OR 1=1", []),
    ],
)
def test_a_school_is_found_by_what_is_remembered(some, typed, names):
    assert search_schools(typed) == [some[name] for name in names]


def test_a_region_narrows(some):
    assert search_schools("мектеп", region=some["twelve"].region) == [some["twelve"], some["hundred"]]
    assert search_schools("қызыл", region=some["twelve"].region) == []


def test_a_common_word_tells_nothing_beside_another():
    assert telling("№ 12 жалпы білім беретін мектеп") == ["12"]
    assert telling("мект 12") == ["12"]
    assert telling("мектеп") == ["мектеп"]


def test_a_whole_word_is_not_lost_among_many_beginnings(db):
    for n in range(CANDIDATES + 1):
        make.general_school(f"№ 7{n:04} мектеп")
    seven = make.general_school("№ 7 мектеп")
    found = search_schools("7")
    assert (found[0], len(found)) == (seven, 20)


def test_searching_costs_as_many_queries_for_one_school_as_for_thirty(some, django_assert_num_queries):
    for _ in range(2):
        with django_assert_num_queries(3):
            for school in search_schools("12"):
                assert str(school.region) + school.short_name()
        for n in range(30):
            make.general_school(f"№ 12{n} мектеп")


def test_the_address_answers_a_stranger_with_radios(some, client):
    page = client.get(ADDRESS, {"q": "12", "region": "KZ-19", "name": "who-school"}).text
    assert page.count('type="radio"') == 2
    assert f'<input type="radio" name="who-school" value="{some["twelve"].uid}">' in page
    assert "Талғар, Талғар ауданы, Алматы облысы" in page


def test_the_address_keeps_what_was_chosen_and_says_what_is_made_up(some, client):
    some["five"].source = "generated"
    some["five"].save()
    page = client.get(ADDRESS, {"q": "12", "chosen": some["five"].uid}).text
    assert f'value="{some["five"].uid}" checked>' in page
    assert page.count("*") == 2
    plain = client.get(ADDRESS, {"q": "12", "chosen": some["gone"].uid}).text
    assert ("checked" in plain, "*" in plain) == (False, False)


@pytest.mark.parametrize("bad", ["\x00", "<script>", "ұ" * 20_000, "%", "12 " * 5000])
def test_rubbish_finds_nothing_and_breaks_nothing(some, client, bad):
    answer = client.get(reverse("schools:school_search"), dict.fromkeys(("q", "region", "name", "chosen"), bad))
    assert answer.status_code == 200
    assert "<script>" not in answer.text


def many(count: int) -> None:
    reference.load_all()
    generated.generate_schools(count)


@pytest.mark.postgres
@pytest.mark.parametrize("typed", ["5", "№ 12", "12 алматы", "қызылағаш", "мектеп 7 ақ"])
def test_postgresql_searches_by_index(db, typed):
    many(7690)
    rows = School.objects.filter(archived_at=None)
    for word in telling(typed):
        rows = rows.filter(search_key__word_start=word)
    assert "school_search_trigrams" in rows.explain()


@pytest.mark.postgres
def test_the_search_ranks_alike_on_postgresql(some):
    assert search_schools("12") == [some["twelve"], some["hundred"]]
    assert search_schools("семей") == [some["named"], some["five"]]


def test_generated_schools_are_the_same_for_a_seed_and_say_what_they_are(db):
    reference.load_all()
    nis = School.objects.count()
    generated.generate_schools(300, seed=5)
    fields = ("uid", "names__official_kk", "names__short_ru", "city_kk", "district_kk", "region__iso", "search_key")
    made = School.objects.filter(source="generated").order_by("pk")
    first = list(made.values_list(*fields))
    assert (len(first), School.objects.count() - nis) == (300, 300)
    made.delete()
    generated.generate_schools(300, seed=5)
    assert list(made.all().values_list(*fields)) == first
    assert 0.6 < made.all().filter(rural=True).count() / 300 < 0.76
    assert made.all().filter(region__iso="KZ-75", rural=True).count() == 0


def test_the_regions_share_the_schools_by_their_numbers(db):
    reference.load_all()
    shares = {region.iso: n for region, n in generated.shares(7690, list(Region.objects.order_by("iso"))).items()}
    assert sum(shares.values()) == 7690
    assert (shares["KZ-19"], shares["KZ-31"], shares["KZ-75"]) == (484, 523, 333)
    few = generated.shares(7, list(Region.objects.order_by("iso")))
    assert sum(few.values()) == 7
