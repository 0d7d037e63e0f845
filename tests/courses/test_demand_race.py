"""Demand in many hands at once: one draft of one wish, and one wish of all who want the same."""

import pytest

from courses import asking, demand_moves, demands
from courses.asking import Asker
from courses.models import Course, Demand, DemandVoice, Run
from courses.states import DemandState, RunState
from schools.errors import Stale
from tests import make
from tests.courses import rows, wishes
from tests.courses.test_deriving_race import race

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def demand(db) -> Demand:
    """Its topic has no seminar yet, so that two drafts share no course whose lock would keep them apart."""
    rows.chain()
    row = wishes.demand()
    wishes.voice(row)
    return row


def seen(demand: Demand) -> Demand:
    """The row as a page shows it."""
    return Demand.objects.select_related("topic", "region", "run").get(pk=demand.pk)


def test_two_coordinators_draft_the_same_wish_at_once_and_one_draft_stands(cast, demand):
    one, other = seen(demand), seen(demand)
    errors, more = race(
        lambda: demands.plan(demand=one, actor=cast.hq.actor),
        lambda: demands.plan(demand=other, actor=cast.administrator.actor),
    )
    assert errors == []
    assert [type(error) for error in more] == [Stale]
    run = Run.objects.get()
    assert (seen(demand).state, seen(demand).run) == (DemandState.PLANNED, run)
    assert list(Course.objects.all()) == [run.course]


def test_without_the_lock_two_drafts_would_stand(cast, demand):
    """The twin: both look at the open row, both make a draft, and the last one wins the wish."""

    def careless(actor):
        row = seen(demand)
        run = rows.run(state=RunState.DRAFT, outreach=True)
        demand_moves.make(row, "plan", actor=actor, run=run)

    assert race(lambda: careless(cast.hq.actor), lambda: careless(cast.administrator.actor)) == ([], [])
    assert Run.objects.count() == 2


def test_two_who_want_the_same_at_once_stand_in_one_wish():
    topic, region = rows.topic(), make.region()

    def ask(email):
        asker = Asker(name="Бекова Гүлнар", email=email, language="kk")
        asking.ask(topic=topic, language="kk", region=region, asker=asker)

    assert race(lambda: ask("a@example.kz"), lambda: ask("b@example.kz")) == ([], [])
    assert Demand.objects.count() == 1
    assert DemandVoice.objects.filter(demand=Demand.objects.get()).count() == 2
