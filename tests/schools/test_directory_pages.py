"""The pages of the directory and of schools that were not listed, for HQ."""

import pytest
from django.urls import reverse

from schools import directory
from schools.models import School, SchoolRequest
from tests import make


@pytest.fixture
def asked(cast) -> SchoolRequest:
    return directory.request_school(
        region=cast.school.region, name="12 мектеп", district="Талғар", contact="a@example.kz", actor=cast.hq.actor
    )


def page(cast, name: str, *args: object, **query: str) -> str:
    answer = cast.hq.client().get(reverse(f"schools:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.text


def post(cast, name: str, uid: str, **fields: str):
    return cast.hq.client().post(reverse(f"schools:{name}", args=[uid]), fields)


def test_the_directory_lists_general_schools_alone_and_filters(cast):
    almaty = make.region("KZ-19", name_kk="Алматы облысы", name_ru="Алматинская область", name_en="Almaty Region")
    make.general_school("Қайнар мектебі", rural=True)
    make.general_school("№ 12 мектеп", region=almaty, rural=False, source="import")
    make.general_school("Жабық мектеп", archived_at="2026-01-01T00:00Z")
    names = ("Қайнар мектебі", "№ 12 мектеп", "Жабық мектеп", str(cast.school))

    def shown(**query: str) -> list[bool]:
        text = page(cast, "directory", **query)
        return [name in text for name in names]

    assert shown() == [True, True, False, False]
    assert shown(q="кайнар") == shown(rural="yes") == shown(region="KZ-10") == [True, False, False, False]
    assert shown(rural="no") == shown(region="KZ-19") == shown(source="import") == [False, True, False, False]
    assert shown(state="archived") == [False, False, True, False]
    assert shown(region="XX", rural="?", source="?", state="?", page="x") == [True, True, False, False]


@pytest.mark.parametrize("count", [1, 30])
def test_the_directory_costs_the_same_queries_for_one_and_thirty(cast, count, django_assert_num_queries):
    for _ in range(count):
        make.general_school()
    client = cast.hq.client()
    with django_assert_num_queries(9):
        client.get("/kk/schools/directory/")


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_of_requests_costs_the_same_queries_for_one_and_thirty(cast, count, django_assert_num_queries):
    for _ in range(count):
        directory.request_school(region=cast.school.region, name="12 мектеп", actor=cast.hq.actor)
    client = cast.hq.client()
    with django_assert_num_queries(7):
        client.get("/kk/schools/directory/requests/")


def test_a_school_is_added_corrected_archived_and_restored(cast):
    form = {"name_kk": "№ 12 мектеп", "region": "KZ-10", "city_kk": "Талғар", "rural": "yes", "external_code": "7"}
    assert cast.hq.client().post(reverse("schools:directory_add"), form).status_code == 302
    school = School.objects.get(external_code="7")
    assert (school.rural, school.short_name()) == (True, "№ 12 мектеп")
    again = cast.hq.client().post(reverse("schools:directory_add"), {**form, "external_code": ""})
    assert (again.status_code, "№ 12 мектеп" in again.text) == (422, True)
    assert post(cast, "directory_school", school.uid, **{**form, "rural": "", "city_kk": "Есік"}).status_code == 302
    school.refresh_from_db()
    assert (school.rural, school.city_kk) == (None, "Есік")
    assert post(cast, "directory_school", school.uid, **{**form, "name_kk": "", "city_kk": "Үштөбе"}).status_code == 422
    for deed, archived in (("archive", True), ("archive", True), ("restore", False)):
        post(cast, f"directory_{deed}", school.uid)
        school.refresh_from_db()
        assert (school.archived_at is not None) is archived
    assert "№ 12 мектеп" in page(cast, "school", school.uid)


def test_a_request_is_answered_by_a_candidate(cast, asked):
    school = make.general_school("№ 12 орта мектеп", district_kk="Талғар ауданы")
    other = make.general_school("№ 13 орта мектеп")
    assert "12 мектеп" in page(cast, "school_requests")
    text = page(cast, "school_request", asked.uid)
    assert (school.uid in text, other.uid in text) == (True, False)
    assert post(cast, "school_request_find", asked.uid, school=school.uid).status_code == 302
    assert "12 мектеп" not in page(cast, "school_requests")
    assert "№ 12 орта мектеп" in page(cast, "school_requests", show="answered")
    assert "№ 12 орта мектеп" in page(cast, "school_request", asked.uid)


def test_a_request_looks_for_a_school_without_javascript(cast, asked):
    other = make.general_school("Қайнар мектебі")
    answer = post(cast, "school_request_find", asked.uid, school_text="кайнар", find_school="school")
    assert (answer.status_code, other.uid in answer.text) == (200, True)
    assert post(cast, "school_request_find", asked.uid, school_text="кайнар").status_code == 422
    unlisted = {"school": "other", "school_region": "KZ-10", "school_name": "Қайнар"}
    assert post(cast, "school_request_find", asked.uid, **unlisted).status_code == 422
    asked.refresh_from_db()
    assert asked.state == "waiting"


def test_a_request_adds_its_school(cast, asked):
    assert 'value="12 мектеп"' in page(cast, "school_request", asked.uid)
    assert post(cast, "school_request_add", asked.uid, name_kk="№ 12 мектеп").status_code == 422
    form = {"name_kk": "№ 12 мектеп", "region": "KZ-10", "city_kk": "Талғар"}
    assert post(cast, "school_request_add", asked.uid, **form).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, str(asked.school)) == ("added", "№ 12 мектеп")
    assert post(cast, "school_request_add", asked.uid, **form).status_code == 422


def test_a_request_is_refused_with_a_reason_and_taken_up_again(cast, asked):
    assert post(cast, "school_request_refuse", asked.uid, note="").status_code == 422
    assert post(cast, "school_request_refuse", asked.uid, note="Мұндай мектеп жоқ").status_code == 302
    assert "Мұндай мектеп жоқ" in page(cast, "school_request", asked.uid)
    post(cast, "school_request_reopen", asked.uid)
    post(cast, "school_request_reopen", asked.uid)
    asked.refresh_from_db()
    assert asked.state == "waiting"
