"""Pages of how seats are shared and held: typed text is kept, refusals stand at their fields, no page grows by rows."""

import pytest

from courses.models import Enrolment, Run, SeatShare
from courses.states import EnrolmentState as S
from tests import make
from tests.courses import intakes, rows

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


def rules(run, schools=(), regions=(), **changes):
    """What the page of rules sends; a row is (code, promised, most, held)."""
    data = {"hold_limit": "2", "offer_hours": "48", "school_limit": "", "region_limit": "", "merge_at": ""}
    for kind, lines in (("schools", schools), ("regions", regions)):
        data |= {f"{kind}-TOTAL_FORMS": str(len(lines)), f"{kind}-INITIAL_FORMS": "0"}
        for at, cells in enumerate(lines):
            data |= {
                f"{kind}-{at}-{cell}": value
                for cell, value in zip(("whose", "floor", "cap", "held"), cells, strict=False)
            }
    return data | changes


def send(cast, run, language="en", **data):
    url = f"/{language}/organise/runs/{run.uid}/seats/"
    client = cast.hq.client()
    seen = client.get(url).context["seen"]
    return client.post(url, {"seen": seen, **rules(run, **data)})


def test_rules_are_typed_on_the_clock_of_the_place(cast):
    run = rows.run(capacity=20)
    answer = send(
        cast,
        run,
        schools=[(cast.school.code, "2", "", "1"), ("", "", "", "")],
        regions=[("KZ-75", "", "4")],
        school_limit="3",
        merge_at="2030-03-20T18:00",
    )
    assert answer.status_code == 302
    run.refresh_from_db()
    assert (run.school_limit, run.hold_limit, run.offer_hours) == (3, 2, 48)
    assert f"{run.merge_at:%Y-%m-%d %H:%M}" == "2030-03-20 13:00"
    shares = list(run.shares.order_by("id").values_list("school__code", "region__iso", "floor", "cap", "held"))
    assert shares == [(cast.school.code, None, 2, None, 1), (None, "KZ-75", 0, 4, 0)]
    page = cast.hq.client().get(f"/en/organise/runs/{run.uid}/seats/").text
    assert 'value="2030-03-20T18:00"' in page
    assert "3 kept for schools" in page


def test_what_cannot_be_kept_comes_back_with_all_that_was_typed(cast):
    run = rows.run(capacity=3)
    line = (cast.school.code, "4", "2", "1")
    answer = send(cast, run, schools=[line], merge_at="2030-04-08T09:00")
    assert answer.status_code == 422
    assert "Held places must go to all before the first day of the run." in answer.text
    answer = send(cast, run, schools=[line])
    assert answer.status_code == 422
    assert "promised and held are 5 places, the most is 2." in answer.text
    assert "Promised and held are 5 places in all, but the run has 3." in answer.text
    assert all(f'value="{number}"' in answer.text for number in ("4", "48"))
    assert not SeatShare.objects.exists()


def test_a_school_stands_in_one_row(cast):
    line = (cast.school.code, "1", "", "")
    answer = send(cast, rows.run(capacity=9), schools=[line, line])
    assert answer.status_code == 422
    assert "This stands in a row above already." in answer.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("school_limit", "0"),
        ("school_limit", "many"),
        ("region_limit", "-1"),
        ("hold_limit", ""),
        ("hold_limit", "9" * 30),
        ("offer_hours", "337"),
        ("offer_hours", "1.5"),
        ("merge_at", "tomorrow"),
        ("merge_at", "0001-01-01T00:00"),
        ("merge_at", "2024-02-29T23:30"),
        ("merge_at", HOSTILE),
        ("schools-0-whose", "hogwarts"),
        ("schools-0-floor", "-1"),
        ("schools-0-cap", HOSTILE),
        ("regions-0-whose", "KZ-00"),
    ],
)
def test_nonsense_is_shown_at_its_field(cast, field, value):
    run = rows.run(capacity=9)
    line = [(cast.school.code, "1", "", "")]
    answer = send(cast, run, schools=line, regions=[("KZ-75", "1", "")], **{field: value})
    assert (answer.status_code, run.shares.count()) == (422, 0)
    assert "is-invalid" in answer.text
    assert HOSTILE not in answer.text


def test_a_row_more_keeps_what_was_typed_and_judges_nothing(cast):
    run = rows.run()
    data = {**rules(run, schools=[("hogwarts", "x", "", "")]), "add": "schools", "seen": "old"}
    answer = cast.hq.client().post(f"/en/organise/runs/{run.uid}/seats/", data)
    assert answer.status_code == 200
    assert 'name="schools-1-whose"' in answer.text
    assert 'value="old"' in answer.text
    assert "is-invalid" not in answer.text


def test_what_somebody_else_saved_in_between_is_pointed_out(cast):
    run = rows.run(capacity=9)
    data = {"seen": "old", **rules(run, schools=[(cast.school.code, "3", "", "")])}
    answer = cast.hq.client().post(f"/en/organise/runs/{run.uid}/seats/", data)
    assert answer.status_code == 409
    assert 'value="3"' in answer.text


def holding_run(**fields):
    return rows.run(**{"capacity": 9, "hold_limit": 3, **fields})


def test_a_director_holds_names_and_sees_who_was_named(cast):
    run, client = holding_run(), cast.director.client()
    home = f"/en/courses/{run.uid}/held/"
    assert home in client.get(f"/en/courses/{run.uid}/").text
    mine = f"{home}{cast.school.code}/"
    assert client.get(home).url == mine
    assert client.post(f"{mine}hold/", {"count": "1"}).url == mine
    assert cast.librarian.person.full_name in client.get(mine).text
    answer = client.post(f"{mine}name/", {"person": cast.librarian.person.pk, "reason": "Жаңа кітапхана"})
    assert answer.url == mine
    row = Enrolment.objects.get()
    assert (row.person, row.of_held, row.state) == (cast.librarian.person, True, S.NOMINATED)
    page = client.get(mine).text
    assert f"/en/applications/{row.uid}/" in page
    assert "Name a colleague" not in page


def test_refusals_stand_at_the_field_with_what_was_typed(cast):
    run, client = holding_run(), cast.director.client()
    mine = f"/en/courses/{run.uid}/held/{cast.school.code}/"
    answer = client.post(f"{mine}hold/", {"count": "4"})
    assert answer.status_code == 422
    assert "One school may hold at most this many places: 3." in answer.text
    assert 'value="4"' in answer.text
    for count in ("", "-1", "x", "9" * 40, HOSTILE):
        answer = client.post(f"{mine}hold/", {"count": count})
        assert (answer.status_code, HOSTILE in answer.text) == (422, False)
    answer = client.post(f"{mine}name/", {"person": cast.librarian.person.pk, "reason": "x"})
    assert answer.status_code == 422
    assert not SeatShare.objects.exists()


def test_the_other_school_s_director_neither_sees_nor_holds_nor_names(cast):
    run, client = holding_run(), cast.other_director.client()
    SeatShare.objects.create(run=run, school=cast.school, held=2)
    rows.seats(run, [cast.librarian.person], state=S.NOMINATED, school=cast.school, of_held=True)
    ours = f"/en/courses/{run.uid}/held/{cast.school.code}/"
    assert client.get(ours).status_code == 404
    assert client.post(f"{ours}hold/", {"count": "3"}).status_code == 404
    assert client.post(f"{ours}name/", {"person": cast.colleague.person.pk, "reason": ""}).status_code == 404
    own = f"/en/courses/{run.uid}/held/{cast.other_school.code}/"
    assert cast.librarian.person.full_name not in client.get(own).text
    answer = client.post(f"{own}name/", {"person": cast.colleague.person.pk, "reason": ""})
    assert answer.status_code == 422
    assert list(run.shares.values_list("school", "held")) == [(cast.school.pk, 2)]
    assert Enrolment.objects.count() == 1


def test_a_librarian_holds_nothing(cast):
    run = holding_run()
    for part in ("", f"{cast.school.code}/"):
        assert cast.librarian.client().get(f"/en/courses/{run.uid}/held/{part}").status_code == 403


def test_a_coordinator_sees_every_school_and_holds_for_any(cast):
    run, client = holding_run(), cast.hq.client()
    page = client.get(f"/en/courses/{run.uid}/held/").text
    assert all(f"/held/{school.code}/" in page for school in (cast.school, cast.other_school))
    client.post(f"/en/courses/{run.uid}/held/{cast.other_school.code}/hold/", {"count": "2"})
    assert list(run.shares.values_list("school", "held")) == [(cast.other_school.pk, 2)]


def left(member, run):
    return member.client().get(f"/en/courses/{run.uid}/").context["left"]


def test_the_page_says_what_is_left_for_the_reader_s_school_and_why(cast):
    run = rows.run(capacity=5, school_limit=1)
    SeatShare.objects.create(run=run, school=cast.other_school, floor=2, cap=3)
    rows.seats(run, [cast.colleague.person], school=cast.school)
    ours, theirs = left(cast.librarian, run), left(cast.stranger, run)
    assert (ours.kept, ours.mine, ours.why) == (2, 0, "Of your school the most people who may come have places.")
    assert (theirs.kept, theirs.mine, theirs.why) == (2, 3, "")
    page = cast.librarian.client().get(f"/en/courses/{run.uid}/").text
    assert "0 seats for your school" in page
    assert "Join the waiting list" in page


def test_kept_places_are_explained_with_their_day(cast):
    run = rows.run(capacity=2, merge_at=rows.START.replace(day=1))
    SeatShare.objects.create(run=run, school=cast.other_school, held=2)
    assert left(cast.librarian, run).why == (
        "The free places are kept for other schools. What is left goes to all: 1 April 2030, 09:00"
    )
    assert (left(cast.hq, run).mine, left(cast.hq, run).kept) == (None, 2)


def test_a_run_without_rules_says_nothing_more(cast):
    assert (left(cast.librarian, rows.run()).mine, left(cast.librarian, rows.run()).kept) == (None, 0)


def queries_of(client, url, counter):
    client.get(url)
    with counter() as queries:
        client.get(url)
    return len(queries)


def test_pages_of_seats_do_not_grow_by_rows(cast, django_assert_max_num_queries):
    run = Run.objects.get(pk=holding_run(capacity=99).pk)
    SeatShare.objects.create(run=run, school=cast.school, floor=1, held=1)
    rows.seats(run, make.librarians(cast.school, 1), state=S.NOMINATED, school=cast.school, of_held=True)
    pages = [
        (cast.hq, f"/kk/organise/runs/{run.uid}/seats/"),
        (cast.hq, f"/kk/courses/{run.uid}/held/"),
        (cast.director, f"/kk/courses/{run.uid}/held/{cast.school.code}/"),
        (cast.librarian, f"/kk/courses/{run.uid}/"),
    ]
    clients = [(member.client(), url) for member, url in pages]

    def count():
        return [queries_of(client, url, lambda: django_assert_max_num_queries(99)) for client, url in clients]

    few = count()
    for _number in range(30):
        school = make.school()
        SeatShare.objects.create(run=run, school=school, floor=1, held=1)
    SeatShare.objects.filter(school=cast.school).update(held=31)
    rows.seats(run, make.librarians(cast.school, 30), state=S.NOMINATED, school=cast.school, of_held=True)
    assert count() == few == [19, 9, 12, 18]


def test_where_places_are_allocated_nobody_joins_a_waiting_list(cast):
    [run] = intakes.runs(1)
    rows.seats(run, [cast.colleague.person])
    page = cast.librarian.client().get(f"/en/courses/{run.uid}/").text
    assert "places are shared after the deadline" in page
    assert "Join the waiting list" not in page
