"""Courses in the hands of coordinators: drafts, the gate of publication, the archive, two editors at once."""

import pytest

from courses import gates, organising
from courses.models import Course
from courses.states import CourseState
from schools.errors import Refused, Stale
from schools.models import AuditEntry
from tests.courses import rows

pytestmark = pytest.mark.django_db
LIST = "/kk/organise/courses/"
HOSTILE = "<script>alert(1)</script>'\";--‮🦅"
TEXTS = ("title", "summary", "outcomes", "audience")


def draft(**fields):
    blank = {f"{text}_{language}": "" for text in TEXTS for language in ("kk", "ru", "en")}
    return rows.course(state=CourseState.DRAFT, **{**blank, "title_kk": "Кітап әлемі", **fields})


def full(*languages):
    return {f"{text}_{language}": f"{text} {language}" for text in TEXTS for language in languages}


def typed(course, **changes):
    """What the page of a course sends, with some fields changed."""
    names = [f"{text}_{language}" for text in TEXTS for language in ("kk", "ru", "en")]
    data = {name: getattr(course, name) for name in ("kind", "format", "hours", *names)}
    return {**data, "topic": course.topic.code, "seen": organising.version(course), **changes}


def edit(course, cast, **changes):
    return organising.edit_course(course=course, facts=changes, seen=organising.version(course), actor=cast.hq.actor)


def test_a_draft_is_made_with_what_there_is_and_audited(cast):
    rows.course()
    answer = cast.hq.client().post(
        f"{LIST}new/", {"topic": "reading", "kind": "seminar", "format": "online", "hours": "8", "title_ru": "Мир книг"}
    )
    course = Course.objects.get(title_ru="Мир книг")
    assert (answer.status_code, answer.url) == (302, f"{LIST}{course.uid}/")
    assert (course.state, course.hours, course.title_kk) == (CourseState.DRAFT, 8, "")
    assert AuditEntry.objects.get(verb="course.create").values.values["title_ru"] == [None, "Мир книг"]


def test_an_edit_writes_each_changed_field_into_the_ledger_and_nothing_for_no_change(cast):
    course = rows.course()
    edit(course, cast, title_kk=course.title_kk, hours=24)
    edit(Course.objects.get(pk=course.pk), cast, hours=24)
    entry = AuditEntry.objects.get(verb="course.edit")
    assert (entry.fields, entry.values.values) == (["hours"], {"hours": [16, 24]})


def test_publication_names_each_missing_text_and_language(cast):
    course = draft(**full("kk"))
    with pytest.raises(gates.Incomplete) as refusal:
        organising.publish_course(course=course, actor=cast.hq.actor)
    assert [field for field, _ in refusal.value.faults] == ["title_ru", "summary_ru", "outcomes_ru", "audience_ru"]


@pytest.mark.parametrize(("kind", "languages", "passes"), [
    ("course", ("kk", "ru"), True),
    ("placement", ("kk", "ru"), False),
    ("placement", ("kk", "ru", "en"), True),
])  # fmt: skip
def test_english_too_for_a_placement_abroad(cast, kind, languages, passes):
    course = draft(kind=kind, **full(*languages))
    assert (gates.course_faults(course) == []) is passes


def test_a_published_course_cannot_lose_a_text_it_needs(cast):
    course = rows.course()
    with pytest.raises(gates.Incomplete):
        edit(course, cast, summary_ru="")
    assert Course.objects.get(pk=course.pk).summary_ru == course.summary_ru


def test_save_and_publish_keeps_the_text_and_marks_the_fields(cast):
    course = draft()
    answer = cast.hq.client().post(f"{LIST}{course.uid}/", typed(course, summary_kk=HOSTILE, publish="1"))
    assert answer.status_code == 422
    course.refresh_from_db()
    assert (course.state, course.summary_kk) == (CourseState.DRAFT, HOSTILE)
    assert sorted(answer.context["form"].errors.keys() - {"__all__"}) == sorted(
        ["audience_kk", "audience_ru", "outcomes_kk", "outcomes_ru", "summary_ru", "title_ru"]
    )
    assert "&lt;script&gt;" in answer.text
    assert "<script>alert" not in answer.text
    again = cast.hq.client().post(f"{LIST}{course.uid}/", typed(course, **full("kk", "ru"), publish="1"))
    course.refresh_from_db()
    assert (again.status_code, course.state) == (302, CourseState.PUBLISHED)


def test_two_editors_do_not_overwrite_each_other(cast):
    course = rows.course()
    mine = typed(course, title_kk="Менікі")
    edit(course, cast, title_kk="Басқаныкі")
    client = cast.administrator.client()
    answer = client.post(f"{LIST}{course.uid}/", mine)
    assert answer.status_code == 409
    assert Course.objects.get(pk=course.pk).title_kk == "Басқаныкі"
    assert 'value="Менікі"' in answer.text
    fresh = {**mine, "seen": answer.context["seen"]}
    assert client.post(f"{LIST}{course.uid}/", fresh).status_code == 302
    assert Course.objects.get(pk=course.pk).title_kk == "Менікі"


def test_an_archived_course_comes_back_as_a_draft(cast):
    course = rows.course()
    organising.archive_course(course=course, actor=cast.hq.actor)
    with pytest.raises(Stale):
        organising.archive_course(course=course, actor=cast.hq.actor)
    course.refresh_from_db()
    with pytest.raises(Refused):
        edit(course, cast, hours=3)
    assert organising.restore_course(course=course, actor=cast.hq.actor).state == CourseState.DRAFT


def test_a_course_with_coming_runs_stays_out_of_the_archive(cast):
    run = rows.run(start=None)
    with pytest.raises(Refused):
        organising.archive_course(course=run.course, actor=cast.hq.actor)
    type(run).objects.update(state="cancelled")
    assert organising.archive_course(course=run.course, actor=cast.hq.actor).state == CourseState.ARCHIVED


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("topic", ""),
        ("topic", "no-such-topic"),
        ("kind", "cooking"),
        ("format", "<b>"),
        ("hours", "0"),
        ("hours", "99999999999999999999"),
        ("hours", "восемь"),
        ("title_kk", "ұ" * 201),
        ("title_kk", "bell\x07"),
        ("summary_ru", "я" * 5001),
        ("summary_ru", "nul\x00"),
        ("audience_en", "line\u0085break"),
    ],
)
def test_bad_input_is_answered_at_its_field_and_the_rest_is_kept(cast, field, value):
    course = draft(**full("kk", "ru"))
    data = typed(course, title_en="Kept as typed", **{field: value})
    answer = cast.hq.client().post(f"{LIST}{course.uid}/", data)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert 'value="Kept as typed"' in answer.text
    assert not AuditEntry.objects.exists()


def test_nothing_at_all_is_an_error_and_no_failure(cast):
    answer = cast.hq.client().post(f"{LIST}new/", {})
    assert (answer.status_code, Course.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Әліппе", "Ұлттық кітап"]),
        ("?q=улттык", ["Ұлттық кітап"]),
        ("?q=%00%07<b>", ["Әліппе", "Ұлттық кітап"]),
        ("?state=draft", ["Әліппе"]),
        ("?state=archived", ["Ескі"]),
        ("?kind=seminar&topic=reading", ["Ұлттық кітап"]),
        ("?kind=nonsense&topic=x&page=-7", ["Әліппе", "Ұлттық кітап"]),
    ],
)
def test_the_list_is_found_and_filtered(cast, query, found):
    rows.course(title_kk="Ұлттық кітап", kind="seminar")
    draft(title_kk="Әліппе")
    rows.course(title_kk="Ескі", state=CourseState.ARCHIVED)
    answer = cast.hq.client().get(LIST + query)
    assert [course.title_kk for course in answer.context["page"]] == found


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_for_one_and_for_thirty(cast, count, django_assert_num_queries):
    for _ in range(count):
        rows.run()
    client = cast.hq.client()
    client.get(LIST)
    with django_assert_num_queries(7):
        assert len(client.get(LIST).context["page"]) == count


@pytest.mark.parametrize("name", ["librarian", "director", "trainer", "finance", "auditor"])
def test_only_coordinators_come_in(cast, name):
    member, course = getattr(cast, name), draft()
    client = member.client()
    assert [client.get(path).status_code for path in (LIST, f"{LIST}new/", f"{LIST}{course.uid}/")] == [403] * 3
    with pytest.raises(Refused):
        organising.publish_course(course=course, actor=member.actor)
    with pytest.raises(Refused):
        organising.create_course(facts={}, actor=member.actor)


def test_an_unknown_course_is_not_found(cast):
    assert cast.hq.client().get(f"{LIST}aaaaaaaaaa/").status_code == 404
