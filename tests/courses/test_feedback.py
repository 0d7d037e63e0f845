"""What people say afterwards: once each, without a name, and shown only when enough have spoken."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.apps import apps
from django.utils import timezone

from courses import feedback
from courses.models import EnrolmentMove, Feedback, FeedbackGiven
from courses.states import EnrolmentState as S
from schools.access import Actor
from schools.errors import Refused
from schools.models import AuditEntry, Job, Mail
from schools.models.norm import Norm
from tests import make
from tests.courses import rows

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>'\";--‮🦅"
GOOD = {"useful": "5", "clear": "4", "organised": "3", "will_use": "Дебат клубы", "better": HOSTILE}
ANSWER = feedback.Answer(useful=5, clear=4, organised=3, will_use="Дебат клубы", better="Көбірек уақыт")


@pytest.fixture
def run(cast):
    return rows.past_run(cast.trainer.person)


@pytest.fixture
def seat(cast, run):
    return rows.seats(run, [cast.librarian.person], school=cast.school)[0]


def url(seat):
    return f"/kk/applications/{seat.uid}/feedback/"


def answers(run, count):
    """So many answers of so many people, given through the verb."""
    for row in rows.seats(run, make.librarians(make.school(), count)):
        feedback.give(enrolment=row, answer=ANSWER, actor=Actor(row.person_id, is_authenticated=True))


@pytest.mark.parametrize("state", [S.CONFIRMED, S.COMPLETED, S.NOT_COMPLETED])
def test_who_took_part_answers_once_and_is_thanked(cast, run, seat, state):
    type(seat).objects.update(state=state)
    client = cast.librarian.client()
    assert client.get(url(seat)).text.count('type="radio"') == 15
    assert client.post(url(seat), GOOD).url == url(seat)
    row = Feedback.objects.get()
    assert (row.run, row.useful, row.clear, row.organised, row.better) == (run, 5, 4, 3, HOSTILE)
    assert row.day == timezone.localdate()
    assert 'type="radio"' not in client.get(url(seat)).text
    assert client.post(url(seat), GOOD).status_code == 409
    assert Feedback.objects.count() == FeedbackGiven.objects.count() == 1


@pytest.mark.parametrize("field", ["useful", "clear", "organised"])
@pytest.mark.parametrize("value", ["", "0", "6", "x", "9" * 5000])
def test_a_bad_mark_comes_back_at_its_field_with_the_rest_kept(cast, seat, field, value):
    answer = cast.librarian.client().post(url(seat), {**GOOD, field: value})
    assert answer.status_code == 422
    assert "Дебат клубы" in answer.text
    assert "&lt;script&gt;" in answer.text
    assert not FeedbackGiven.objects.exists()


@pytest.mark.parametrize("text", ["x" * 2001, "a\x00b", "bell\x07"])
def test_a_bad_text_comes_back_at_its_field(cast, seat, text):
    answer = cast.librarian.client().post(url(seat), {**GOOD, "will_use": text})
    assert answer.status_code == 422
    assert "is-invalid" in answer.text


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, True), (89, True), (91, False)])
def test_the_questions_are_open_from_the_end_of_the_last_meeting_for_three_months(cast, run, seat, days, allowed):
    moment = run.meetings.last().ends_at + timedelta(days=days, minutes=1)
    with time_machine.travel(moment):
        client = cast.librarian.client()
        assert ('type="radio"' in client.get(url(seat)).text) == allowed
        assert client.post(url(seat), GOOD).status_code == (302 if allowed else 422)


def test_a_run_without_meetings_asks_after_its_last_day_where_it_is(run):
    run.meetings.all().delete()
    run.starts_on = run.ends_on = date(2030, 4, 8)
    run.zone = "Asia/Tokyo"
    assert feedback.opens_at(run).isoformat() == "2030-04-09T00:00:00+09:00"


@pytest.mark.parametrize("state", [S.WAITING, S.WITHDRAWN, S.DECLINED, S.CANCELLED])
def test_who_had_no_seat_is_not_asked(cast, seat, state):
    type(seat).objects.update(state=state)
    assert cast.librarian.client().post(url(seat), GOOD).status_code == 422
    assert not Feedback.objects.exists()


def test_nobody_answers_for_another(cast, seat):
    for member in (cast.colleague, cast.director, cast.hq, cast.trainer):
        assert member.client().post(url(seat), GOOD).status_code == 404
        with pytest.raises(Refused):
            feedback.give(enrolment=seat, answer=ANSWER, actor=member.actor)


def test_nothing_leads_from_an_answer_to_its_author(run):
    """Neither a column, nor the order of keys, nor an hour, nor another table that writes at the same time."""
    before = {model: model.objects.count() for model in (AuditEntry, EnrolmentMove, Mail, Job)}
    answers(run, 12)
    assert {field.name for field in Feedback._meta.get_fields()} == {
        "id", "run", "day", "useful", "clear", "organised", "will_use", "better",
    }  # fmt: skip
    pointing = {
        field
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.related_model is Feedback and not field.auto_created
    }
    assert pointing == set()
    written = list(Feedback.objects.order_by("pk").values_list("pk", flat=True))
    assert all(b - a > 1000 for a, b in pairwise(written)), "keys are of chance"
    assert {model: model.objects.count() for model in before} == before


def test_keys_that_were_counted_would_tell_the_order(run):
    """The twin: rows written with the table's own keys stand in the order of those who answered."""
    made = [Feedback.objects.create(run=run, day=timezone.localdate(), useful=n, clear=1, organised=1) for n in (1, 2)]
    assert made[1].pk - made[0].pk == 1


def test_a_broken_answer_leaves_no_trace_that_it_was_given(cast, seat):
    with pytest.raises(Exception, match=r"(?i)constraint|check"):
        feedback.give(
            enrolment=seat, answer=feedback.Answer(useful=9, clear=1, organised=1), actor=cast.librarian.actor
        )
    assert not FeedbackGiven.objects.exists()


@pytest.mark.parametrize(("count", "shown"), [(4, False), (5, True)])
def test_answers_are_shown_from_the_minimum_on(cast, run, count, shown):
    answers(run, count)
    page = cast.trainer.client().get(f"/kk/teaching/{run.uid}/feedback/").text
    assert ("Дебат клубы" in page, "Көбірек уақыт" in page) == (shown, shown)
    summary = feedback.summary(run)
    assert (summary.missing, summary.answers) == ((0, 5) if shown else (1, 0))


def test_the_minimum_is_a_setting_of_its_day(cast, run):
    Norm.objects.create(key="feedback_minimum", value=3, valid_from=run.ends_on)
    answers(run, 3)
    summary = feedback.summary(run)
    assert [(mark.mean, mark.counts) for mark in summary.marks] == [
        (mean, [(str(mark), 3 if mark == mean else 0) for mark in (5, 4, 3, 2, 1)]) for mean in (5, 4, 3)
    ]


def test_hostile_words_are_shown_as_words(cast, run):
    Norm.objects.create(key="feedback_minimum", value=1, valid_from=run.ends_on)
    Feedback.objects.create(run=run, day=run.ends_on, useful=1, clear=1, organised=1, better=HOSTILE)
    page = cast.trainer.client().get(f"/kk/teaching/{run.uid}/feedback/").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("count", [5, 30])
def test_the_summary_costs_the_same_for_few_and_for_many(cast, run, django_assert_num_queries, count):
    answers(run, count)
    client = cast.trainer.client()
    with django_assert_num_queries(9):
        client.get(f"/kk/teaching/{run.uid}/feedback/")
