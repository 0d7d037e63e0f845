"""The admin shows courses, runs and enrolments, and changes none of them."""

import pytest

from courses import enrolling
from tests.courses import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(cast):
    user = cast.administrator.user
    user.is_staff = user.is_superuser = True
    user.save(update_fields=["is_staff", "is_superuser"])
    return cast.administrator.client()


@pytest.mark.parametrize("table", ["topic", "approvalchain", "course", "run", "enrolment", "runnotice"])
def test_every_table_is_listed_and_searched(cast, staff, table):
    enrolling.enrol(person=cast.librarian.person, run=rows.run(), actor=cast.librarian.actor)
    assert staff.get(f"/admin/courses/{table}/?q=title").status_code == 200


def test_what_has_verbs_is_only_looked_at(staff):
    run = rows.run()
    url = f"/admin/courses/run/{run.pk}/change/"
    assert staff.get(url).status_code == 200
    assert [staff.post(url, {}).status_code, staff.get("/admin/courses/run/add/").status_code] == [403, 403]
    assert staff.post(f"/admin/courses/run/{run.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_topic_is_renamed(staff):
    topic = rows.course().topic
    names = {f"name_{language}": f"Жаңа {language}" for language in ("kk", "ru", "en")}
    answer = staff.post(f"/admin/courses/topic/{topic.pk}/change/", {"code": topic.code, "order": "1", **names})
    topic.refresh_from_db()
    assert (answer.status_code, topic.name_kk) == (302, "Жаңа kk")
