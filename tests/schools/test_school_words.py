"""The key that finds a school: what its words are, that it follows every change, that both databases read it alike."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from schools.models import School, SchoolName, SchoolRequest
from schools.models.school import search_key_of, write_search_keys
from schools.models.words import search_key, words_of
from schools.queries import nis_schools
from schools.states import SchoolKind
from tests import make


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("№12-мектеп", ["12", "мектеп"]),
        ("№ 12", ["12"]),
        ("#5", ["5"]),
        ("Қызылағаш", ["кызылагаш"]),
        ("Кызылагаш", ["кызылагаш"]),
        ("5А", ["5", "а"]),
        ("5A", ["5", "а"]),
        ("мeктeп", ["мектеп"]),
        ("  «»—%_| ", []),
        ("O'%", ["о"]),
        ("", []),
    ],
)
def test_words_are_spelt_one_way(text, words):
    assert words_of(text) == words


def test_the_beginning_of_a_word_is_spelt_as_the_word():
    for word in ("Talgar", "Semey", "Қазығұрт", "НИШ", "NIS"):
        assert [words_of(word)[0].startswith(words_of(word[:n])[0]) for n in range(1, len(word) + 1)] == [True] * len(
            word
        )


def test_a_key_has_each_word_once_between_spaces():
    assert search_key(["№ 12 мектеп", "Школа № 12"], ["Талғар", "Талгар"]) == " 12 мектеп школа | талгар "
    assert search_key([], []) == "  |  "


def key(school: School) -> str:
    return School.objects.get(pk=school.pk).search_key


def test_the_key_follows_the_school_its_names_and_its_region(db):
    school = make.school(name="№ 7 мектеп", district_kk="Абай ауданы")
    assert key(school) == " 7 мектеп кк ru еn | семей sемеу абай ауданы облысы область аваи rеgиоn "
    school.district_kk = "Жаңа аудан"
    school.save(update_fields=["district_kk"])
    assert "жана" in key(school).split()
    name = SchoolName.objects.create(school=school, valid_from="2020-01-01", short_kk="Қайнар", official_kk="Қайнар")
    assert "каинар" not in key(school).split()
    assert "кайнар" in key(school).split()
    name.delete()
    assert "кайнар" not in key(school).split()
    school.region.name_ru = "Семипалатинская область"
    school.region.save()
    assert "семипалатинская" in key(school).split()


def test_keys_written_in_bulk_are_made_right(db):
    school, right = make.school(name="№ 7 мектеп"), make.school()
    School.objects.filter(pk=school.pk).update(search_key="")
    assert write_search_keys(School.objects.all()) == 1
    assert key(school) == search_key_of(school, school.names.all())
    assert key(right) == search_key_of(right, right.names.all())


def find(lookup: str, word: str) -> list[str]:
    return list(School.objects.filter(**{f"search_key__{lookup}": word}).values_list("code", flat=True))


def in_three_lookups() -> None:
    make.school("twelve", name="№ 12 мектеп")
    make.school("hundred", name="№ 120 мектеп", district_kk="12 аула")
    assert find("word_start", "12") == ["hundred", "twelve"]
    assert find("word_start", "2") == []
    assert find("word", "12") == ["hundred", "twelve"]
    assert find("word", "1") == []
    assert find("name_word", "12") == ["twelve"]
    assert find("name_word", "сем") == find("name_word", "семей") == []


def test_words_are_found_by_start_whole_and_in_names(db):
    in_three_lookups()


@pytest.mark.postgres
def test_words_are_found_alike_on_postgresql(db):
    in_three_lookups()


def test_general_schools_stay_out_of_the_lists_of_the_network(cast):
    """Twin: the school is there, and it is of NIS that it would be listed."""
    general = make.school("general", name="№ 12 мектеп", kind=SchoolKind.GENERAL, in_network=False, direction="")
    hq = cast.hq.client()

    def listed() -> list[bool]:
        pages = [hq.get(page) for page in ("/kk/schools/", "/kk/people/", "/kk/people/invite/", "/kk/people/roster/")]
        assert [page.status_code for page in pages] == [200] * len(pages)
        return [general.short_name() in page.content.decode() for page in pages] + [general in nis_schools()]

    assert listed() == [False] * 5
    general.kind = SchoolKind.NIS
    general.save()
    assert listed() == [False, True, True, False, True]


def test_a_school_and_a_request_say_what_they_must(cast):
    """What no verb may write, the database refuses."""
    make.school(external_code="1")
    make.school(external_code="")
    request = SchoolRequest(region=cast.school.region, name="Қайнар мектебі")
    wrong = [
        lambda: make.school(external_code="1"),
        lambda: make.school(source="rumour"),
        lambda: replace(request, name=""),
        lambda: replace(request, state="lost"),
        lambda: replace(request, language="tr"),
        lambda: replace(request, state="refused"),
        lambda: replace(request, state="found", decided_at=timezone.now()),
        lambda: replace(request, state="refused", school=cast.school, decided_at=timezone.now()),
        lambda: replace(request, decided_at=timezone.now()),
    ]
    for write in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
    replace(request, state="found", school=cast.school, decided_at=timezone.now())


def replace(request: SchoolRequest, **fields: object) -> None:
    SchoolRequest.objects.create(**{"region": request.region, "name": request.name, **fields})
