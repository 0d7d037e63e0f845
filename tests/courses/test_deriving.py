"""Naming what a run came from: who may, what is refused, and what the database holds by itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from courses import deriving, running
from courses.models import Derivation, RunTrainer
from schools.errors import Refused
from schools.models import AuditEntry
from tests.courses import rows

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>'\";--‮🦅"
WEEK = timedelta(weeks=1)


def page(run):
    return f"/kk/courses/{run.uid}/sources/"


def names(run):
    return [row.source for row in run.sources.all()]


def test_a_course_and_an_earlier_run_are_named_and_taken_back_and_audited(cast):
    course, first, run = rows.course(), rows.run(), rows.run()
    for source in (course, first, first):
        deriving.derive(run=run, source=source, actor=cast.hq.actor)
    assert names(run) == [course, first]
    for _again in range(2):
        deriving.forget(run=run, source=first, actor=cast.administrator.actor)
    assert names(run) == [course]
    entries = AuditEntry.objects.filter(subject_id=run.pk, verb__startswith="run.").order_by("id")
    assert list(entries.values_list("verb", "actor")) == [
        ("run.derive", cast.hq.person.pk),
        ("run.derive", cast.hq.person.pk),
        ("run.forget_source", cast.administrator.person.pk),
    ]
    assert entries[1].values.values == {"source": [None, f"run {first.uid}: {first}"]}


@pytest.mark.parametrize(("name", "may"), [("trainer", True), ("librarian", False), ("director", False)])
def test_the_runs_own_trainers_may_and_nobody_else(cast, name, may):
    run, course = rows.run(), rows.course()
    RunTrainer.objects.create(run=run, person=cast.trainer.person)
    member = getattr(cast, name)
    answer = member.client().post(f"{page(run)}add/", {"source": f"course-{course.uid}"})
    assert (answer.status_code, names(run)) == ((302, [course]) if may else (404, []))
    if not may:
        with pytest.raises(Refused):
            deriving.derive(run=run, source=course, actor=member.actor)
        with pytest.raises(Refused):
            deriving.forget(run=run, source=course, actor=member.actor)


def untaught(kind, run):
    """Something that nothing can have come from."""
    return {
        "its own course": lambda: run.course,
        "itself": lambda: run,
        "a course never published": lambda: rows.course(state="draft"),
        "a draft": lambda: rows.run(state="draft"),
        "a run called off": lambda: rows.run(state="cancelled"),
        "a later run": lambda: rows.run(start=rows.START + WEEK),
        "a run without dates": lambda: rows.run(start=None),
    }[kind]()


@pytest.mark.parametrize("kind", [
    "its own course", "itself", "a course never published", "a draft", "a run called off", "a later run",
    "a run without dates",
])  # fmt: skip
def test_what_was_never_taught_by_then_is_refused(cast, kind):
    run = rows.run()
    with pytest.raises(Refused):
        deriving.derive(run=run, source=untaught(kind, run), actor=cast.hq.actor)
    assert names(run) == []


def test_a_circle_is_refused_over_runs_and_over_courses(cast):
    first, second, third = rows.run(), rows.run(), rows.run()
    rows.source(second, first)
    rows.source(third, second.course)
    for source in (second, third, third.course, second.course):
        with pytest.raises(Refused):
            deriving.derive(run=first, source=source, actor=cast.hq.actor)
    assert names(first) == []


def test_a_course_whose_later_run_came_from_this_one_is_no_circle(cast):
    first = rows.run()
    later = rows.run(start=rows.START + WEEK)
    rows.source(later, first)
    deriving.derive(run=first, source=later.course, actor=cast.hq.actor)
    assert names(first) == [later.course]


def test_twelve_sources_and_no_more(cast):
    run = rows.run()
    for _at in range(12):
        rows.source(run, rows.course())
    with pytest.raises(Refused):
        deriving.derive(run=run, source=rows.course(), actor=cast.hq.actor)


def test_the_database_holds_what_the_verb_promises():
    run, other, course = rows.run(), rows.run(), rows.course()
    rows.source(run, other)
    rows.source(run, course)
    for broken in (
        {},
        {"source_course": rows.course(), "source_run": rows.run()},
        {"source_run": run},
        {"source_run": other},
        {"source_course": course},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Derivation.objects.create(run=run, **broken)


def test_a_copy_names_the_same_sources_and_a_draft_thrown_away_takes_its_names_along(cast):
    run, first, course = rows.run(), rows.run(), rows.course()
    rows.source(run, first)
    rows.source(run, course)
    copy = running.copy_run(run=run, starts_on=None, actor=cast.hq.actor)
    assert names(copy) == [first, course]
    running.discard_run(run=copy, actor=cast.hq.actor)
    assert Derivation.objects.count() == 2


def test_search_finds_by_words_of_the_title_and_offers_the_topic_without_words(cast):
    run = rows.run()
    near, far = rows.course(), rows.course(topic=rows.topic("law"), title_kk="Құқық негіздері")
    held, draft = rows.run(course=far), rows.course(state="draft")
    client = cast.hq.client()
    plain = client.get(page(run)).text
    assert f'value="course-{near.uid}"' in plain
    assert f'value="course-{far.uid}"' not in plain
    assert f'value="course-{draft.uid}"' not in plain
    found = client.get(page(run), {"q": "кукык"}).text
    assert [f'value="course-{far.uid}"' in found, f'value="run-{held.uid}"' in found] == [True, True]
    assert f'value="course-{near.uid}"' not in found


@pytest.mark.parametrize("source", ["", "course-", "run-aaaaaaaaaa", "trip-aaaaaaaaaa", HOSTILE, "a" * 500, "\x00"])
def test_a_source_that_is_none_is_answered_in_words(cast, source):
    run = rows.run()
    for deed in ("add", "drop"):
        answer = cast.hq.client().post(f"{page(run)}{deed}/", {"source": source})
        assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
    assert names(run) == []


@pytest.mark.parametrize("q", [HOSTILE, "\x00", "ұ" * 5000, "   ", "%_"])
def test_any_words_may_be_searched_for(cast, q):
    answer = cast.hq.client().get(page(rows.run()), {"q": q})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_a_refusal_is_told_on_the_page(cast):
    run = rows.run()
    answer = cast.hq.client().post(f"{page(run)}add/", {"source": f"run-{run.uid}"})
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)


@pytest.mark.parametrize("count", [1, 10])
def test_the_page_costs_the_same_for_one_and_for_many(cast, django_assert_num_queries, count):
    run = rows.run(host=cast.school)
    for _at in range(count):
        rows.source(run, rows.course())
        rows.source(run, rows.run(host=cast.school))
        rows.run(host=cast.school)
    client = cast.hq.client()
    with django_assert_num_queries(10):
        assert client.get(page(run)).status_code == 200
