"""The directory of general schools: add, correct, archive; and what becomes of a school that was not listed."""

import pytest

from schools import audit, directory, registry
from schools.errors import Refused, Stale
from schools.models import School, SchoolRequest
from schools.school_search import search_schools
from tests import make

TWELVE = {"name_kk": "№ 12 орта мектеп", "name_ru": "Средняя школа № 12", "city_kk": "Талғар", "district_kk": "Талғар"}


@pytest.fixture
def asked(cast) -> SchoolRequest:
    return directory.request_school(
        region=cast.school.region, name="12 мектеп", district="Талғар", contact="a@example.kz", actor=cast.hq.actor
    )


@pytest.fixture
def told():
    """What the rooms above hear of schools that were found."""
    heard = []

    def listener(**facts):
        heard.append(facts)

    registry.school_found.listen(listener)
    yield heard
    registry.school_found.forget(listener)


def verbs(row) -> list[str]:
    return list(audit.history(row).values_list("verb", flat=True))


def add(cast, **values) -> School:
    return directory.add_school(values={"region": cast.school.region, **TWELVE, **values}, actor=cast.hq.actor)


def test_a_school_is_added_with_its_name_and_found(cast):
    school = add(cast, rural=True, external_code="77")
    assert (school.kind, school.source, school.rural, school.external_code) == ("general", "added", True, "77")
    assert (school.short_name(language="ru"), school.official_name(language="en")) == (
        "Средняя школа № 12",
        "№ 12 орта мектеп",
    )
    assert search_schools("12 талгар") == [school]
    assert verbs(school) == ["school.add"]


def test_the_same_school_is_not_added_twice(cast):
    add(cast)
    with pytest.raises(Refused, match="№ 12"):
        add(cast, name_kk="№12 Орта Мектеп")
    others = [add(cast, district_kk="Еңбекшіқазақ"), add(cast, city_kk="Есік"), add(cast, name_kk="№ 13 орта мектеп")]
    assert len({school.pk for school in others}) == 3


def test_a_code_of_the_ministry_belongs_to_one_school(cast):
    add(cast, external_code="77")
    with pytest.raises(Refused):
        add(cast, name_kk="№ 13 мектеп", external_code="77")
    other = add(cast, name_kk="№ 14 мектеп", external_code="78")
    with pytest.raises(Refused):
        directory.correct_school(school=other, values={"external_code": "77"}, actor=cast.hq.actor)
    assert School.objects.get(pk=other.pk).external_code == "78"


def test_a_long_name_is_cut_between_words_in_lists(cast):
    school = add(cast, name_kk="ұзақ " * 40 + "мектеп")
    assert len(school.short_name()) <= 120
    assert school.short_name().endswith("ұзақ…")
    assert school.official_name().endswith("мектеп")


def test_a_school_is_corrected_and_found_by_the_new_name_alone(cast):
    school = add(cast)
    assert directory.correct_school(school=school, values=TWELVE, actor=cast.hq.actor) is False
    changes = {"name_kk": "Қайнар мектебі", "name_ru": "", "city_kk": "Есік"}
    assert directory.correct_school(school=school, values=changes, actor=cast.hq.actor) is True
    assert (search_schools("Кайнар"), search_schools("есик"), search_schools("12")) == ([school], [school], [])
    assert verbs(school) == ["school.add", "school.correct"]
    assert audit.history(school).last().values.values["city_kk"] == ["Талғар", "Есік"]


def test_an_archived_school_is_found_no_more_until_it_is_restored(cast):
    school = add(cast)
    directory.archive_school(school=school, actor=cast.hq.actor)
    assert search_schools("12") == []
    with pytest.raises(Stale):
        directory.archive_school(school=school, actor=cast.hq.actor)
    directory.restore_school(school=school, actor=cast.hq.actor)
    assert search_schools("12") == [school]
    with pytest.raises(Stale):
        directory.restore_school(school=school, actor=cast.hq.actor)
    assert verbs(school) == ["school.add", "school.archive", "school.restore"]


def test_schools_of_nis_are_not_changed_here(cast):
    for deed in (directory.archive_school, directory.restore_school):
        with pytest.raises(Refused):
            deed(school=cast.school, actor=cast.hq.actor)
    with pytest.raises(Refused):
        directory.correct_school(school=cast.school, values={"city_kk": "Есік"}, actor=cast.hq.actor)


def test_a_request_is_answered_with_a_school_of_the_directory(cast, asked, told):
    school = add(cast)
    directory.find_requested(request=asked, school=school, actor=cast.hq.actor)
    asked.refresh_from_db()
    assert (asked.state, asked.school, asked.decided_by) == ("found", school, cast.hq.person)
    assert told == [{"request": asked, "school": school, "actor": cast.hq.actor}]
    assert verbs(asked) == ["school.request", "school.answer_request"]


def test_a_request_adds_its_school(cast, asked, told):
    school = directory.add_requested(
        request=asked, values={"region": asked.region, **TWELVE}, actor=cast.administrator.actor
    )
    asked.refresh_from_db()
    assert (asked.state, asked.school) == ("added", school)
    assert [facts["school"] for facts in told] == [school]


def test_what_a_listener_refuses_is_undone(cast, asked):
    def no(**facts):
        raise Refused("no")

    registry.school_found.listen(no)
    try:
        with pytest.raises(Refused):
            directory.add_requested(request=asked, values={"region": asked.region, **TWELVE}, actor=cast.hq.actor)
    finally:
        registry.school_found.forget(no)
    asked.refresh_from_db()
    assert (asked.state, search_schools("12")) == ("waiting", [])


def test_a_request_is_refused_and_taken_up_again(cast, asked, told):
    directory.refuse_requested(request=asked, note="Мұндай мектеп жоқ", actor=cast.hq.actor)
    asked.refresh_from_db()
    assert (asked.state, asked.school, asked.note) == ("refused", None, "Мұндай мектеп жоқ")
    directory.reopen_request(request=asked, actor=cast.hq.actor)
    asked.refresh_from_db()
    assert (asked.state, asked.decided_at, asked.decided_by) == ("waiting", None, None)
    assert told == []


def test_a_request_is_answered_once(cast, asked):
    school, hq = add(cast), cast.hq.actor
    directory.find_requested(request=asked, school=school, actor=hq)
    for again in (
        lambda: directory.find_requested(request=asked, school=school, actor=hq),
        lambda: directory.refuse_requested(request=asked, note="x", actor=hq),
        lambda: directory.add_requested(request=asked, values={"region": asked.region, "name_kk": "x"}, actor=hq),
        lambda: directory.reopen_request(request=asked, actor=hq),
    ):
        with pytest.raises(Stale):
            again()


def test_a_request_is_not_answered_with_an_archived_school(cast, asked):
    school = make.general_school("№ 12 мектеп")
    directory.archive_school(school=school, actor=cast.hq.actor)
    with pytest.raises(Refused):
        directory.find_requested(request=asked, school=school, actor=cast.hq.actor)
    asked.refresh_from_db()
    assert asked.state == "waiting"
