"""A hall of five hundred is marked by one form: as many statements as for fifty."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import Attendance, Enrolment
from courses.states import EnrolmentState as S
from schools.models import AuditEntry, Person
from tests import make
from tests.courses import guests, rows

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]  # SQLite takes many rows in several statements
STATEMENTS = 19


def hall(trainer, many):
    run = guests.on_now(trainer.person, capacity=many)
    people = Person.objects.bulk_create(make.new_person(email=f"p{many}-{at}@example.kz") for at in range(many))
    rows.seats(run, people, school=make.school(in_network=False, kind="general"))
    return run


def marks(run, presence, **more):
    uids = run.enrolments.values_list("uid", flat=True)
    return {"seen": "", **{f"mark-{uid}": presence for uid in uids}, **more}


def sent(client, run, data):
    with CaptureQueriesContext(connection) as found:
        answer = client.post(f"/kk/teaching/{run.uid}/attendance/1/", data)
    assert answer.status_code == 302
    return len(found)


def test_marking_five_hundred_takes_as_many_statements_as_fifty(cast):
    client = cast.trainer.client()
    counts = []
    for many in (50, 500):
        run = hall(cast.trainer, many)
        counts.append(sent(client, run, marks(run, "present")))
        assert Attendance.objects.filter(meeting__run=run, presence="present").count() == many
        noted = AuditEntry.objects.filter(verb="attendance.mark", subject_id__in=run.enrolments.values("pk"))
        assert noted.count() == many
    assert counts == [STATEMENTS] * 2


def test_correcting_five_hundred_takes_as_many_statements_as_fifty(cast):
    client, counts = cast.trainer.client(), []
    for many in (50, 500):
        run = hall(cast.trainer, many)
        sent(client, run, marks(run, "present"))
        seen = " ".join(f"{uid}=present" for uid in run.enrolments.values_list("uid", flat=True))
        counts.append(sent(client, run, marks(run, "absent", seen=seen, reason="Басқа тізім")))
        noted = AuditEntry.objects.filter(verb="attendance.correct", subject_id__in=run.enrolments.values("pk"))
        assert set(noted.values_list("values__note", flat=True)) == {"Басқа тізім"}
        assert noted.count() == many
    assert counts == [STATEMENTS] * 2


def test_those_left_are_marked_by_one_button(cast):
    run = hall(cast.trainer, 500)
    absent = Enrolment.objects.filter(run=run, state=S.CONFIRMED).order_by("number").first()
    sent(cast.trainer.client(), run, {"seen": "", f"mark-{absent.uid}": "absent", "rest": "present"})
    assert Attendance.objects.filter(meeting__run=run, presence="present").count() == 499
