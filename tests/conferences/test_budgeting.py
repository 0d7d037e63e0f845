"""Money of trips: held, promised, accounted for and given back, line by line."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from conferences import budget_proof, budgeting, planning
from conferences.models import Budget, BudgetMove, Trip, TripHand
from schools.errors import Refused, Stale
from schools.models import AuditEntry
from tests.conferences import trips
from tests.conferences.money import NOW, YEAR, budget, ledger, sums

pytestmark = pytest.mark.django_db


@pytest.fixture
def trip(cast) -> Trip:
    return trips.trip_of(cast.librarian)


@pytest.fixture
def act(cast, trip):
    """Do a verb for the trip as the librarian."""

    def do(verb, **facts):
        return verb(trip=trip, actor=cast.librarian.actor, now=NOW, **facts)

    return do


def test_a_request_holds_money_and_its_approval_promises_it(act):
    row = budget(1000)
    act(budgeting.reserve, charges={row.pk: 400})
    assert sums(row) == [(400, 0, 0, 600)]
    act(budgeting.commit)
    assert sums(row) == [(0, 400, 0, 600)]
    assert ledger(row) == [("reserve", "free", "reserved", 400), ("commit", "reserved", "committed", 400)]


def test_a_request_sent_again_holds_the_new_sums_alone(act):
    row, other = budget(1000), budget(500, kind="fee")
    act(budgeting.reserve, charges={row.pk: 400, other.pk: 100})
    act(budgeting.reserve, charges={row.pk: 150})
    act(budgeting.reserve, charges={row.pk: 1000})
    assert sums(row, other) == [(1000, 0, 0, 0), (0, 0, 0, 500)]


def test_a_change_after_approval_takes_the_promise_back(act):
    row = budget(1000)
    act(budgeting.reserve, charges={row.pk: 900})
    act(budgeting.commit)
    act(budgeting.reserve, charges={row.pk: 950})
    assert sums(row) == [(950, 0, 0, 50)]


@pytest.mark.parametrize("approved", [False, True])
def test_what_is_declined_or_called_off_is_free_again(act, approved):
    row = budget(1000)
    act(budgeting.reserve, charges={row.pk: 400})
    if approved:
        act(budgeting.commit)
    act(budgeting.release)
    assert sums(row) == [(0, 0, 0, 1000)]


def test_the_report_spends_and_gives_the_rest_back(act):
    row, other = budget(1000), budget(1000, kind="fee")
    act(budgeting.reserve, charges={row.pk: 400, other.pk: 100})
    act(budgeting.commit)
    act(budgeting.spend, actuals={row.pk: 350})
    assert sums(row, other) == [(0, 0, 350, 650), (0, 0, 0, 1000)]


def test_the_report_takes_more_where_more_is_free_and_nowhere_else(act):
    row = budget(1000)
    act(budgeting.reserve, charges={row.pk: 400})
    act(budgeting.commit)
    with pytest.raises(Refused):
        act(budgeting.spend, actuals={row.pk: 1001})
    assert sums(row) == [(0, 400, 0, 600)]
    act(budgeting.spend, actuals={row.pk: 1000})
    assert sums(row) == [(0, 0, 1000, 0)]


@pytest.mark.parametrize("verb", ["reserve", "commit", "spend", "release"])
def test_a_deed_done_twice_writes_no_second_line(act, verb):
    row = budget(1000)
    deeds = [("reserve", {"charges": {row.pk: 400}}), ("commit", {}), ("spend", {"actuals": {row.pk: 350}})]
    if verb == "release":
        deeds = [deeds[0], ("release", {})]
    for name, facts in deeds:
        act(getattr(budgeting, name), **facts)
        if name == verb:
            before = BudgetMove.objects.count(), AuditEntry.objects.count()
            assert act(getattr(budgeting, name), **facts) == []
            assert (BudgetMove.objects.count(), AuditEntry.objects.count()) == before
            return


def test_short_money_is_refused_with_what_is_left_and_where(cast, act):
    row = budget(100_000, school=cast.school)
    with translation.override("en"), pytest.raises(Refused) as refusal:
        act(budgeting.reserve, charges={row.pk: 150_050})
    for words in (str(cast.school), "2027", "travel", "1,000\u00a0KZT", "1,500.50\u00a0KZT"):
        assert words in str(refusal.value)
    assert (sums(row), ledger(row)) == ([(0, 0, 0, 100_000)], [])


def test_all_or_nothing(act):
    rich, poor = budget(1000), budget(10, kind="fee")
    with pytest.raises(Refused):
        act(budgeting.reserve, charges={rich.pk: 500, poor.pk: 11})
    assert (sums(rich, poor), ledger(rich), ledger(poor)) == ([(0, 0, 0, 1000), (0, 0, 0, 10)], [], [])


def test_what_is_not_approved_is_not_accounted_for(act):
    row = budget(1000)
    act(budgeting.reserve, charges={row.pk: 400})
    with pytest.raises(Refused):
        act(budgeting.spend, actuals={row.pk: 400})
    assert sums(row) == [(400, 0, 0, 600)]


def accounted(act, row) -> None:
    act(budgeting.reserve, charges={row.pk: 400})
    act(budgeting.commit)
    act(budgeting.spend, actuals={row.pk: 400})


def test_after_the_account_money_moves_by_correction_alone(cast, act, trip):
    row = budget(1000)
    accounted(act, row)
    for verb, facts in ((budgeting.reserve, {"charges": {row.pk: 1}}), (budgeting.spend, {"actuals": {row.pk: 300}})):
        with pytest.raises(Refused):
            act(verb, **facts)
    for actuals, reason in (({row.pk: 300}, "Түбіртек екі рет есептелген"), ({row.pk: 450}, "Түбіртек табылды")):
        budgeting.correct(trip=trip, actuals=actuals, reason=reason, actor=cast.finance.actor, now=NOW)
        assert sums(row) == [(0, 0, actuals[row.pk], 1000 - actuals[row.pk])]
    assert row.moves.latest("id").note == "Түбіртек табылды"
    assert ledger(row)[-2:] == [("correct", "spent", "free", 100), ("correct", "free", "spent", 150)]


@pytest.mark.parametrize("who", ["librarian", "director", "deputy", "auditor", "trainer"])
def test_only_offices_put_an_account_right(cast, act, trip, who):
    row = budget(1000)
    accounted(act, row)
    with pytest.raises(Refused):
        budgeting.correct(trip=trip, actuals={row.pk: 300}, reason="Себеп", actor=getattr(cast, who).actor, now=NOW)
    assert sums(row) == [(0, 0, 400, 600)]


def test_nobody_puts_the_own_account_right(cast, act, trip):
    row = budget(1000)
    accounted(act, row)
    TripHand.objects.create(trip=trip, person=cast.finance.person)
    call = {"trip": trip, "actuals": {row.pk: 300}, "reason": "Себеп", "now": NOW}
    with pytest.raises(Refused):
        budgeting.correct(actor=cast.finance.actor, **call)
    assert len(budgeting.correct(actor=cast.hq.actor, **call)) == 1


def test_a_correction_needs_an_account_a_reason_and_a_fresh_eye(cast, act, trip):
    row = budget(1000)
    call = {"trip": trip, "actuals": {row.pk: 300}, "actor": cast.finance.actor, "now": NOW}
    act(budgeting.reserve, charges={row.pk: 400})
    with pytest.raises(Refused):
        budgeting.correct(reason="Ерте", **call)
    act(budgeting.release)
    accounted(act, row)
    with pytest.raises(Refused):
        budgeting.correct(reason=" ", **call)
    with pytest.raises(Stale):
        budgeting.correct(reason="Себеп", seen={row.pk: 399}, **call)
    assert len(budgeting.correct(reason="Себеп", seen={row.pk: 400}, **call)) == 1


def test_two_trips_share_a_line_and_neither_takes_the_others(cast):
    row, one, two = budget(1000), trips.trip_of(cast.librarian), trips.trip_of(cast.stranger)
    for trip, tiyn in ((one, 600), (two, 400)):
        budgeting.reserve(trip=trip, charges={row.pk: tiyn}, actor=cast.librarian.actor, now=NOW)
    budgeting.release(trip=one, actor=cast.librarian.actor, now=NOW)
    budgeting.commit(trip=two, actor=cast.librarian.actor, now=NOW)
    assert sums(row) == [(0, 400, 0, 600)]


def test_a_charge_below_zero_is_nobodys_wish(act):
    row = budget(1000)
    for verb, facts in ((budgeting.reserve, {"charges": {row.pk: -1}}), (budgeting.spend, {"actuals": {row.pk: -1}})):
        with pytest.raises(ValueError, match="below zero"):
            act(verb, **facts)


def test_each_deed_is_audited_with_the_sums_and_the_trip(cast, act, trip):
    row = budget(1000, school=cast.school)
    act(budgeting.reserve, charges={row.pk: 400})
    entry = AuditEntry.objects.latest("id")
    assert (entry.verb, entry.actor, entry.school) == ("budget.reserve", cast.librarian.person, cast.school)
    assert entry.values.values == {"reserved": [0, 400], "trip": [None, trip.pk]}


@pytest.mark.parametrize(
    ("start", "year"),
    [
        (date(2027, 12, 31), 2027),
        (datetime(2027, 12, 31, 18, 59, tzinfo=UTC), 2027),
        (datetime(2027, 12, 31, 19, 0, tzinfo=UTC), 2028),
    ],
)
def test_the_year_is_that_of_the_start_in_almaty(start, year):
    assert budgeting.year_of(start) == year


def test_a_need_finds_the_line_of_its_year_and_payer(cast):
    own, network = budget(school=cast.school), budget()
    budget(school=cast.other_school)
    budget(year=YEAR + 1)
    needs = {(cast.school.pk, "travel"): 5, (None, "travel"): 7, (None, "visa"): 0}
    assert budgeting.charges_for(start=trips.STARTS, needs=needs) == {own.pk: 5, network.pk: 7}
    for need in ((cast.other_school.pk, "fee"), (None, "visa")):
        with pytest.raises(Refused):
            budgeting.charges_for(start=trips.STARTS, needs={need: 1})


def plan(cast, planned, *, who="finance", **facts):
    actor = getattr(cast, who).actor
    return planning.plan(year=YEAR, school=None, planned=planned, actor=actor, now=NOW, **facts)


def test_a_plan_is_made_and_changed_with_a_reason(cast):
    plan(cast, {"travel": 500, "fee": 0})
    assert [(row.kind, row.planned) for row in Budget.objects.all()] == [("travel", 500)]
    with pytest.raises(Refused):
        plan(cast, {"travel": 700})
    plan(cast, {"travel": 700, "visa": 50}, reason="Билет қымбаттады", seen={"travel": 500})
    row = Budget.objects.get(kind="travel")
    plan(cast, {"travel": 600}, reason="Қайта есептелді")
    assert ledger(row) == [("plan", "outside", "free", 200), ("cut", "free", "outside", 100)]
    assert plan(cast, {"travel": 600}) == []


def test_a_plan_is_not_below_what_is_taken(cast, act):
    row = budget(1000)
    act(budgeting.reserve, charges={row.pk: 400})
    with pytest.raises(Refused):
        plan(cast, {"travel": 399}, reason="Үнемдеу")
    plan(cast, {"travel": 400}, reason="Үнемдеу")
    assert sums(row) == [(400, 0, 0, 0)]


def test_a_plan_that_is_another_by_now_is_not_written_over(cast):
    plan(cast, {"travel": 500})
    with pytest.raises(Stale):
        plan(cast, {"travel": 800}, reason="Қосымша", seen={"travel": 400})
    with pytest.raises(Stale):
        plan(cast, {"travel": 800}, reason="Қосымша", seen={})


@pytest.mark.parametrize("who", ["hq", "finance", "administrator"])
def test_offices_plan(cast, who):
    assert len(plan(cast, {"travel": 5}, who=who)) == 1


@pytest.mark.parametrize("who", ["librarian", "director", "deputy", "auditor", "trainer"])
def test_nobody_else_plans(cast, who):
    with pytest.raises(Refused):
        plan(cast, {"travel": 5}, who=who)


def test_verify_finds_what_does_not_add_up(act, capsys):
    row = budget(1000)
    act(budgeting.reserve, charges={row.pk: 400})
    Trip.objects.update(state="draft")
    assert [fault.split(": ")[1] for fault in budget_proof.verify()] == ["400 reserved, though it is draft"]
    act(budgeting.release)
    call_command("verify_budgets")
    assert "0 faults" in capsys.readouterr().out
    Budget.objects.update(reserved=1)
    with pytest.raises(CommandError):
        call_command("verify_budgets")
    assert "reserved is 1, its ledger says 0" in capsys.readouterr().err


def test_verify_finds_a_pot_that_was_below_zero(trip):
    row = budget(1000)
    for source, target in (("reserved", "committed"), ("committed", "free")):
        kind = "commit" if target == "committed" else "release"
        BudgetMove.objects.create(budget=row, trip=trip, kind=kind, source=source, target=target, amount=5)
    assert budget_proof.verify()[0] == f"budget {row.uid}: a pot was below zero"
