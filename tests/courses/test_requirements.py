"""Prerequisites and equivalents: what is needed first, what counts for it, who is let off, and no circles."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from courses import enrolling, requirement_queries, requiring
from courses.models import Enrolment, Equivalence, Prerequisite, PrerequisiteWaiver
from courses.requiring import Missing
from courses.states import EnrolmentState as S
from schools.errors import Refused
from schools.models import AuditEntry
from tests import make
from tests.courses import guests, rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def hq(cast):
    return cast.hq.actor


@pytest.fixture
def first(cast):
    return rows.course(title_en="Reading aloud")


@pytest.fixture
def run(hq, first):
    """A run whose course needs `first`."""
    run = rows.run()
    requiring.need(course=run.course, needed=first, actor=hq)
    return run


def completed(member, course):
    rows.seats(rows.run(course=course, start=None), [member.person], state=S.COMPLETED)


def apply(member, run):
    return enrolling.enrol(person=member.person, run=run, actor=member.actor)


def test_who_has_not_completed_what_is_needed_is_told_which_course_it_is(cast, run, first):
    with pytest.raises(Missing, match="«Reading aloud»") as refusal:
        apply(cast.librarian, run)
    assert refusal.value.courses == [first]
    assert not Enrolment.objects.exists()
    completed(cast.librarian, first)
    assert apply(cast.librarian, run).state == S.CONFIRMED


def test_a_seat_in_it_or_a_failed_result_is_not_enough(cast, run, first):
    rows.seats(rows.run(course=first, start=None), [cast.librarian.person])
    rows.seats(rows.run(course=first, start=None), [cast.librarian.person], state=S.NOT_COMPLETED)
    with pytest.raises(Missing):
        apply(cast.librarian, run)


@pytest.mark.parametrize("turned", [False, True])
def test_an_equivalent_counts_in_both_directions_and_no_further(cast, hq, run, first, turned):
    same, further = rows.course(), rows.course()
    pair = (same, first) if turned else (first, same)
    requiring.equate(course=pair[0], other=pair[1], actor=hq)
    requiring.equate(course=same, other=further, actor=hq)
    completed(cast.colleague, further)
    with pytest.raises(Missing):
        apply(cast.colleague, run)
    completed(cast.librarian, same)
    assert apply(cast.librarian, run).state == S.CONFIRMED


def test_nominating_and_accepting_ask_the_same(cast, hq, run, first):
    with pytest.raises(Missing):
        enrolling.nominate(person=cast.librarian.person, run=run, actor=cast.director.actor)
    requiring.forgo(course=run.course, needed=first, actor=hq)
    row = enrolling.nominate(person=cast.librarian.person, run=run, actor=cast.director.actor)
    requiring.need(course=run.course, needed=first, actor=hq)
    with pytest.raises(Missing):
        enrolling.accept_nomination(enrolment=row, actor=cast.librarian.actor)
    completed(cast.librarian, first)
    assert enrolling.accept_nomination(enrolment=row, actor=cast.librarian.actor).state == S.CONFIRMED


def test_an_exception_is_for_one_person_and_course_has_a_reason_and_stands_in_the_ledger(cast, hq, run):
    with pytest.raises(Refused, match="reason"):
        requiring.waive(course=run.course, person=cast.librarian.person, reason=" ", actor=hq)
    with pytest.raises(Refused, match="Only coordinators"):
        requiring.waive(course=run.course, person=cast.librarian.person, reason="–", actor=cast.director.actor)
    with pytest.raises(Refused, match="to oneself"):
        requiring.waive(course=run.course, person=cast.hq.person, reason="–", actor=hq)
    waiver = requiring.waive(course=run.course, person=cast.librarian.person, reason="Шетелде оқыған", actor=hq)
    assert waiver.by == cast.hq.person
    assert AuditEntry.objects.filter(verb="course.waive").count() == 1
    assert apply(cast.librarian, run).state == S.CONFIRMED
    with pytest.raises(Missing):
        apply(cast.colleague, run)
    requiring.end_waiver(waiver=waiver, actor=hq)
    assert (PrerequisiteWaiver.objects.count(), Enrolment.objects.get().state) == (0, S.CONFIRMED)


def test_circles_are_refused_at_any_distance(hq):
    a, b, c = (rows.course() for _ in range(3))
    requiring.need(course=a, needed=b, actor=hq)
    requiring.need(course=b, needed=c, actor=hq)
    for needed in (a, b, c):
        with pytest.raises(Refused):
            requiring.need(course=c, needed=needed, actor=hq)
    with pytest.raises(Refused, match="cannot count as the same"):
        requiring.equate(course=c, other=a, actor=hq)
    requiring.equate(course=c, other=rows.course(), actor=hq)
    assert Prerequisite.objects.count() == 2
    requiring.forgo(course=b, needed=c, actor=hq)
    requiring.need(course=c, needed=a, actor=hq)


def test_what_counts_as_the_same_cannot_be_needed(hq):
    a, b = rows.course(), rows.course()
    requiring.equate(course=b, other=a, actor=hq)
    requiring.equate(course=a, other=b, actor=hq)
    assert Equivalence.objects.count() == 1
    with pytest.raises(Refused, match="count as the same"):
        requiring.need(course=a, needed=b, actor=hq)
    requiring.separate(course=a, other=b, actor=hq)
    requiring.need(course=a, needed=b, actor=hq)
    assert list(AuditEntry.objects.filter(subject_id=a.pk, verb="course.need").values_list("verb")) == [
        ("course.need",)
    ]


@pytest.mark.parametrize("deed", ["need", "forgo", "equate", "separate"])
def test_only_coordinators_say_so(cast, deed):
    name = "needed" if deed in ("need", "forgo") else "other"
    with pytest.raises(Refused, match="Only coordinators"):
        getattr(requiring, deed)(course=rows.course(), actor=cast.director.actor, **{name: rows.course()})


def test_the_database_refuses_itself_twins_and_pairs_out_of_order(cast):
    a, b = rows.course(), rows.course()
    for careless in (
        lambda: Prerequisite.objects.create(course=a, needed=a),
        lambda: Equivalence.objects.create(one=a, other=a),
        lambda: Equivalence.objects.create(one=b, other=a),
        lambda: PrerequisiteWaiver.objects.create(course=a, person=cast.librarian.person, reason=""),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            careless()
    Prerequisite.objects.create(course=a, needed=b)
    with pytest.raises(IntegrityError), transaction.atomic():
        Prerequisite.objects.create(course=a, needed=b)


def test_guests_of_a_seminar_are_not_asked(hq, first):
    seminar = guests.run()
    requiring.need(course=seminar.course, needed=first, actor=hq)
    assert guests.states(seminar) == []
    guests.confirmed(seminar)
    assert guests.states(seminar) == [(1, S.CONFIRMED)]


def test_the_page_of_the_run_says_what_is_missing_and_where_to_get_it(cast, hq, run, first):
    next_run = rows.run(course=first, start=rows.START.replace(month=3))
    client, page = cast.librarian.client(), f"/en/courses/{run.uid}/"
    shown = client.get(page).content.decode()
    assert "Reading aloud · not completed yet" in shown
    assert f"/en/courses/{next_run.uid}/" in shown
    assert "apply/" not in shown
    answer = client.post(f"{page}apply/", {})
    assert answer.status_code == 409
    assert "Needed before this course, and not completed yet: «Reading aloud»." in answer.content.decode()
    completed(cast.librarian, first)
    shown = client.get(page).content.decode()
    assert "Reading aloud · completed" in shown
    assert f"{page}apply/" in shown


def test_the_open_run_of_an_equivalent_is_shown_where_the_course_has_none(cast, hq, run, first):
    same = rows.course()
    requiring.equate(course=first, other=same, actor=hq)
    rows.run(course=first, state="draft")
    there = rows.run(course=same)
    [need] = requirement_queries.open_runs_of([first])
    assert need.run == there


def test_who_nominates_reads_it_with_the_way_out(cast, run, first):
    next_run = rows.run(course=first)
    page = f"/en/courses/{run.uid}/nominate/"
    answer = cast.director.client().post(page, {"person": cast.librarian.person.pk})
    assert answer.status_code == 422
    assert f"/en/courses/{next_run.uid}/" in answer.content.decode()


def test_coordinators_name_take_back_and_allow_exceptions_in_the_browser(cast, first):
    course = rows.course()
    client, page = cast.hq.client(), f"/en/organise/courses/{course.uid}/"
    assert "Reading aloud" in client.get(f"{page}needs/?q=reading").content.decode()
    assert client.post(f"{page}needs/add/", {"other": first.uid}).status_code == 302
    assert client.post(f"{page}same/add/", {"other": first.uid}).status_code == 422
    assert client.post(f"{page}needs/add/", {"other": "nowhere"}).status_code == 422
    missing = client.post(f"{page}exceptions/add/", {"person": cast.librarian.person.uid, "reason": ""})
    assert missing.status_code == 422
    client.post(f"{page}exceptions/add/", {"person": cast.librarian.person.uid, "reason": "Шетелде оқыған"})
    shown = client.get(f"{page}needs/").content.decode()
    assert "Шетелде оқыған" in shown
    waiver = PrerequisiteWaiver.objects.get()
    assert client.post(f"{page}exceptions/{waiver.uid}/drop/").status_code == 302
    client.post(f"{page}needs/drop/", {"other": first.uid})
    client.post(f"{page}same/add/", {"other": first.uid})
    client.post(f"{page}same/drop/", {"other": first.uid})
    assert (Prerequisite.objects.count(), Equivalence.objects.count(), PrerequisiteWaiver.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(("many", "queries"), [(0, 1), (1, 2), (12, 2)])
def test_one_query_finds_that_nothing_is_needed_and_two_whatever_is(cast, hq, many, queries, django_assert_num_queries):
    course = rows.course()
    for _ in range(many):
        requiring.need(course=course, needed=rows.course(), actor=hq)
    with django_assert_num_queries(queries):
        assert len(requirement_queries.missing(course.pk, cast.librarian.person.pk)) == many


@pytest.mark.parametrize("many", [1, 30])
def test_the_page_costs_the_same_for_one_and_for_thirty(cast, hq, many, django_assert_num_queries):
    course = rows.course()
    for person in make.librarians(cast.school, many):
        requiring.waive(course=course, person=person, reason="–", actor=hq)
    client = cast.hq.client()
    with django_assert_num_queries(10):
        client.get(f"/en/organise/courses/{course.uid}/needs/")
