"""The trainer's room in a browser: marks for many at once, nothing lost, results decided as they were shown."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from courses import completing
from courses.models import Attendance, Enrolment, RunTrainer
from courses.states import Assessment, MarkSource, Presence
from courses.states import EnrolmentState as S
from schools.models import AuditEntry
from tests import make
from tests.courses import rows

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>'\";--‮🦅"
PRESENT, ABSENT = Presence.PRESENT, Presence.ABSENT


@pytest.fixture
def run(cast):
    return rows.past_run(cast.trainer.person)


@pytest.fixture
def seats(cast, run):
    return rows.seats(run, [cast.librarian.person, cast.colleague.person], school=cast.school)


@pytest.fixture
def trainer(cast):
    return cast.trainer.client()


def url(run, part=""):
    return f"/kk/teaching/{run.uid}/{part}"


def marks(*pairs, seen="", **more):
    """What the page of a meeting sends: a mark for each enrolment given."""
    return {"seen": seen, **{f"mark-{row.uid}": mark for row, mark in pairs}, **more}


def standing(run):
    return dict(Attendance.objects.filter(meeting=run.meetings.first()).values_list("enrolment", "presence"))


def test_one_form_marks_everybody(trainer, run, seats):
    answer = trainer.post(url(run, "attendance/1/"), marks((seats[0], PRESENT), (seats[1], "excused")))
    assert (answer.status_code, answer.url) == (302, url(run, "attendance/"))
    assert standing(run) == {seats[0].pk: "present", seats[1].pk: "excused"}


def test_the_others_were_present_without_a_script(trainer, run, seats):
    trainer.post(url(run, "attendance/1/"), marks((seats[0], ABSENT), rest="present"))
    assert standing(run) == {seats[0].pk: "absent", seats[1].pk: "present"}


@pytest.mark.slow
def test_five_hundred_people_are_one_post(trainer, run):
    people = rows.seats(run, make.librarians(make.school(), 500))
    page = trainer.get(url(run, "attendance/1/"))
    assert page.text.count('value="present"') == 500 + 1
    answer = trainer.post(url(run, "attendance/1/"), marks(*((row, PRESENT) for row in people[:499]), rest="present"))
    assert answer.status_code == 302
    assert Attendance.objects.filter(presence=PRESENT).count() == 500


def test_a_correction_without_a_reason_comes_back_with_everything(trainer, run, seats):
    rows.attend([seats[0]])
    seen = f"{seats[0].uid}=present"
    sent = marks((seats[0], ABSENT), (seats[1], "excused"), seen=seen)
    answer = trainer.post(url(run, "attendance/1/"), sent)
    assert answer.status_code == 422
    assert "is-invalid" in answer.text
    for row, mark in ((seats[0], "absent"), (seats[1], "excused")):
        assert f'name="mark-{row.uid}" value="{mark}" class="mark-{mark}" checked' in answer.text
    assert standing(run) == {seats[0].pk: "present"}
    again = trainer.post(url(run, "attendance/1/"), {**sent, "reason": HOSTILE})
    assert again.status_code == 302
    assert standing(run) == {seats[0].pk: "absent", seats[1].pk: "excused"}
    assert AuditEntry.objects.get(verb="attendance.correct").values.note == HOSTILE


@pytest.mark.parametrize("reason", ["x" * 2001, "a\x00b"])
def test_a_bad_reason_comes_back_at_its_field(trainer, run, seats, reason):
    answer = trainer.post(url(run, "attendance/1/"), marks((seats[0], PRESENT), reason=reason))
    assert answer.status_code == 422
    assert "is-invalid" in answer.text
    assert standing(run) == {}


def test_who_marks_at_the_same_time_does_not_undo_the_other(cast, trainer, run, seats):
    """The page showed nobody marked; meanwhile one checked in, and the other was marked by a second trainer."""
    rows.attend(seats)
    answer = trainer.post(url(run, "attendance/1/"), marks((seats[0], ABSENT), seen=""))
    assert answer.status_code == 422, "it would be a correction, and has no reason"
    trainer.post(url(run, "attendance/1/"), marks((seats[0], ABSENT), seen=f"{seats[0].uid}=absent"))
    assert standing(run) == {row.pk: "present" for row in seats}, "what the page showed so already is no change"


def test_an_impossible_mark_is_told_at_its_line(trainer, run, seats):
    answer = trainer.post(url(run, "attendance/1/"), marks((seats[0], "flying"), (seats[1], PRESENT)))
    assert answer.status_code == 422
    assert answer.text.count('class="mark-error"') == 1
    assert standing(run) == {}


def test_a_page_of_a_meeting_that_was_moved_is_not_saved(trainer, run, seats):
    sent = marks((seats[0], PRESENT), starts="2020-01-01T04:00:00+00:00")
    answer = trainer.post(url(run, "attendance/1/"), sent)
    assert answer.status_code == 409
    assert f'name="mark-{seats[0].uid}" value="present" class="mark-present" checked' in answer.text
    assert standing(run) == {}


def test_a_meeting_to_come_cannot_be_marked_and_one_beyond_the_last_is_not_there(cast, trainer, run, seats):
    run.meetings.exclude(pk=run.meetings.first().pk).delete()
    run.meetings.update(starts_at=timezone.now() + timedelta(days=2), ends_at=timezone.now() + timedelta(days=3))
    assert 'type="radio"' not in trainer.get(url(run, "attendance/1/")).text
    assert trainer.post(url(run, "attendance/1/"), marks((seats[0], PRESENT))).status_code == 422
    assert [trainer.get(url(run, f"attendance/{order}/")).status_code for order in (0, 2)] == [404, 404]


def test_marks_of_a_decided_result_are_shown_and_cannot_be_sent(cast, trainer, run, seats):
    rows.attend(seats)
    completing.close(run=run, actor=cast.trainer.actor)
    page = trainer.get(url(run, "attendance/1/")).text
    assert 'type="radio"' not in page
    trainer.post(url(run, "attendance/1/"), marks((seats[0], ABSENT), reason="Қате"))
    assert standing(run) == {row.pk: "present" for row in seats}


def test_the_final_assessment_of_everybody(trainer, run, seats):
    run.course.final_assessment = True
    run.course.save(update_fields=["final_assessment"])
    page = trainer.get(url(run, "assessment/")).text
    assert page.count('value="passed"') == 2 + 1
    trainer.post(url(run, "assessment/"), marks((seats[0], "not_passed"), seen=f"{seats[0].uid}=", rest="passed"))
    assert list(Enrolment.objects.order_by("id").values_list("assessment", flat=True)) == ["not_passed", "passed"]
    trainer.post(url(run, "assessment/"), marks((seats[0], ""), seen=f"{seats[0].uid}=not_passed"))
    assert Enrolment.objects.get(pk=seats[0].pk).assessment == ""


def test_a_course_without_assessment_has_no_such_page(trainer, run):
    assert trainer.get(url(run, "assessment/")).url == url(run, "results/")


def test_results_say_why_and_are_decided_as_shown(cast, trainer, run, seats):
    rows.attend([seats[0]])
    page = trainer.get(url(run, "results/")).text
    assert 'name="seen" value="1-1"' in page
    assert "16 сағаттан қатысқаны: 0" in page
    assert "2 белгісі қойылмаған" in page
    Attendance.objects.all().delete()
    stale = trainer.post(url(run, "results/close/"), {"seen": "1-1"})
    assert stale.status_code == 409
    assert set(Enrolment.objects.values_list("state", flat=True)) == {S.CONFIRMED}
    assert trainer.post(url(run, "results/close/"), {"seen": "0-2"}).url == url(run, "results/")
    assert set(Enrolment.objects.values_list("state", flat=True)) == {S.NOT_COMPLETED}


def test_nothing_is_foretold_while_meetings_lie_ahead(cast, trainer, run, seats):
    with time_machine.travel(run.meetings.first().ends_at):
        client = cast.trainer.client()
        page = client.get(url(run, "results/")).text
        assert "Өтпейді" not in page
        assert "results/close/" not in page
        assert client.post(url(run, "results/close/"), {"seen": "0-2"}).status_code == 422


def test_a_result_is_opened_again_with_a_reason(cast, trainer, run, seats):
    completing.close(run=run, actor=cast.trainer.actor)
    page = f"/kk/applications/{seats[0].uid}/reopen/"
    assert trainer.post(page, {"reason": " "}).status_code == 422
    assert trainer.post(page, {"reason": "Қате белгіленген"}).url == url(run, "results/")
    second = trainer.post(page, {"reason": "Тағы да"})
    assert (second.status_code, "Тағы да" in second.text) == (409, True)
    assert Enrolment.objects.get(pk=seats[0].pk).state == S.CONFIRMED


def test_names_of_hostile_people_do_no_harm(cast, trainer, run, seats):
    seats[0].person.surname = HOSTILE
    seats[0].person.save(update_fields=["surname"])
    for part in ("", "attendance/1/", "results/", "certificates/"):
        page = trainer.get(url(run, part)).text
        assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in trainer.get(url(run)).text


def test_who_teaches_without_the_role_of_a_trainer_enters_the_own_room_alone(cast, run):
    other = rows.past_run(cast.colleague.person)
    client = cast.colleague.client()
    assert [client.get(url(row)).status_code for row in (other, run)] == [200, 404]
    listed = client.get("/kk/teaching/?show=past").text
    assert [row.uid in listed for row in (other, run)] == [True, False]


def test_a_run_stays_in_sight_until_its_results_are_decided(cast, trainer, run, seats):
    over, done = rows.past_run(cast.trainer.person), rows.past_run(cast.trainer.person)
    rows.seats(done, [cast.librarian.person], school=cast.school, state=S.COMPLETED)
    now, past = trainer.get("/kk/teaching/").text, trainer.get("/kk/teaching/?show=past").text
    assert [row.uid in now for row in (run, over, done)] == [True, False, False]
    assert [row.uid in past for row in (run, over, done)] == [False, True, True]


@pytest.mark.parametrize(
    ("part", "queries"),
    [
        ("", 11),  # session, account, roles, the run with host names, meetings, trainers; people, schools, count
        ("attendance/", 10),
        ("attendance/1/", 11),
        ("assessment/", 10),
        ("results/", 15),
        ("certificates/", 13),
    ],
)
@pytest.mark.parametrize("count", [1, 30])
def test_pages_of_the_room_cost_the_same_for_one_and_for_thirty(cast, django_assert_num_queries, part, queries, count):
    run = rows.past_run(cast.trainer.person, course=rows.course(final_assessment=True), host=cast.school)
    school = make.school()
    open_ones = rows.seats(run, make.librarians(school, count), school=school)
    rows.attend(open_ones)
    rows.seats(run, make.librarians(school, count), school=school, state=S.COMPLETED, assessment=Assessment.PASSED)
    client = cast.trainer.client()
    with django_assert_num_queries(queries):
        assert client.get(url(run, part)).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_of_runs_costs_the_same_for_one_and_for_twenty(cast, django_assert_num_queries, count):
    for _ in range(count):
        rows.past_run(cast.trainer.person, host=cast.school, course=rows.course())
    client = cast.trainer.client()
    with django_assert_num_queries(6):
        assert client.get("/kk/teaching/?show=past").status_code == 200


def test_a_check_in_stands_beside_the_marks_of_the_trainer(cast, trainer, run, seats):
    Attendance.objects.create(
        meeting=run.meetings.first(), enrolment=seats[0], presence=PRESENT, source=MarkSource.CHECK_IN
    )
    RunTrainer.objects.create(run=run, name="Қонақ тренер")
    page = trainer.get(url(run, "attendance/1/")).text
    assert str(MarkSource.CHECK_IN.label) in page
