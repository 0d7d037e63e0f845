"""What a course or a run led to: generations, counts without doubles, and what the pages show of it."""

from datetime import timedelta
from itertools import pairwise

import pytest

from courses import chain_queries
from courses.chain_queries import Reach
from tests import make
from tests.courses import rows

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)


def seminar(weeks=0, **fields):
    return rows.run(**{"course": rows.course(kind="seminar"), "start": rows.START + weeks * WEEK, **fields})


def shape(branches):
    """The tree as nested pairs of a run's key and what it led to."""
    return [(branch.run.pk, shape(branch.branches)) for branch in branches]


def chain_of(*runs):
    for first, second in pairwise(runs):
        rows.source(second, first)
    return runs


def test_generations_over_runs_and_courses(cast):
    course = rows.course()
    held = rows.run(course=course)
    a, b, c, d = seminar(1), seminar(2), seminar(3), seminar(4)
    rows.source(a, course)
    rows.source(b, held)
    rows.source(c, a)
    rows.source(d, c.course)  # names no run: stands under the course's last one up to then
    assert shape(chain_queries.led_to(course).branches) == [(b.pk, []), (a.pk, [(c.pk, [(d.pk, [])])])]
    assert shape(chain_queries.led_to(held).branches) == [(b.pk, []), (a.pk, [(c.pk, [(d.pk, [])])])]
    assert shape(chain_queries.led_to(c).branches) == [(d.pk, [])]
    assert chain_queries.led_to(d).branches == []


def test_a_run_that_names_a_course_does_not_come_from_its_later_runs():
    early, late = seminar(0), rows.run(start=rows.START + 9 * WEEK)
    rows.source(early, late.course)
    assert chain_queries.led_to(late).branches == []
    assert shape(chain_queries.led_to(late.course).branches) == [(early.pk, [])]


def test_a_run_reached_twice_stands_once_and_a_circle_ends():
    a, b, c = chain_of(seminar(0), seminar(0), seminar(0))
    rows.source(c, a)
    rows.source(a, c)  # the verb would refuse it
    tree = chain_queries.led_to(a)
    assert (shape(tree.branches), tree.runs) == ([(b.pk, []), (c.pk, [])], 2)


def test_people_schools_and_regions_are_counted_once_in_the_whole(cast):
    root = rows.run()
    a, b = seminar(1, capacity=9), seminar(2, capacity=9)
    rows.source(a, root)
    rows.source(b, a)
    rows.attend(rows.seats(a, [cast.librarian.person], school=cast.school))
    rows.attend(rows.seats(a, [cast.colleague.person], school=cast.school), presence="absent")
    rows.seats(b, [cast.librarian.person], school=cast.school, state="completed")
    rows.seats(b, [cast.stranger.person], school=cast.other_school, state="completed")
    rows.seats(b, [cast.guest.person], state="completed")
    rows.seats(b, [make.person()], school=cast.school, state="withdrawn")
    tree = chain_queries.led_to(root)
    assert tree.branches[0].reach == Reach(1, 1, 1)
    assert tree.branches[0].branches[0].reach == Reach(3, 2, 2)
    assert (tree.whole, tree.generations, tree.cut) == (Reach(3, 2, 2), 2, False)


def test_drafts_are_for_organisers_and_what_was_called_off_led_nowhere():
    root, draft, off = rows.run(), seminar(1, state="draft"), seminar(1, state="cancelled")
    rows.source(draft, root)
    rows.source(off, root)
    assert shape(chain_queries.led_to(root).branches) == []
    assert shape(chain_queries.led_to(root, drafts=True).branches) == [(draft.pk, [])]


def test_the_tree_ends_after_six_generations_and_says_so():
    runs = chain_of(*(seminar(at) for at in range(8)))
    tree = chain_queries.led_to(runs[0])
    assert (tree.runs, tree.generations, tree.cut) == (6, 6, True)
    assert (chain_queries.led_to(runs[1]).runs, chain_queries.led_to(runs[1]).cut) == (6, False)


@pytest.mark.parametrize("count", [1, 30])
def test_one_query_a_generation_and_two_for_the_counts(django_assert_num_queries, count):
    root = rows.run()
    for at in range(count):
        first, second = seminar(at), seminar(at)
        rows.source(first, root)
        rows.source(second, first)
    with django_assert_num_queries(3 + 2):  # two generations, and the third, which is empty
        assert chain_queries.led_to(root).runs == 2 * count
    with django_assert_num_queries(1):
        chain_queries.led_to(second)


def test_pages_show_both_directions(cast, client):
    first, run, draft = rows.run(), seminar(1), seminar(2, state="draft")
    rows.source(run, first)
    rows.source(draft, run)
    text = client.get(f"/en/courses/{run.uid}/").text
    assert [f"/en/courses/{first.uid}/" in text, f"/en/courses/{draft.uid}/" in text] == [True, False]
    text = client.get(f"/en/courses/{first.uid}/").text
    assert f"/en/courses/{run.uid}/" in text
    hq = cast.hq.client()
    text = hq.get(f"/en/organise/runs/{run.uid}/").text
    assert [f"/en/organise/runs/{at.uid}/" in text for at in (first, draft)] == [True, True]
    assert f"/en/organise/runs/{run.uid}/" in hq.get(f"/en/organise/courses/{first.course.uid}/runs/").text


def test_a_source_called_off_later_is_not_shown_to_everybody(client):
    first, run = rows.run(), seminar(1)
    rows.source(run, first)
    first.state = "cancelled"
    first.save(update_fields=["state"])
    assert f"/en/courses/{first.uid}/" not in client.get(f"/en/courses/{run.uid}/").text
