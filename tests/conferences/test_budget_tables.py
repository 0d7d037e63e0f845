"""What the tables of money hold by themselves, whoever writes to them."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from conferences.budget_states import PLANNING, WAYS, MoveKind, Pot
from conferences.models import Budget, BudgetMove, Mci, PerDiemNorm, Rate
from conferences.reference import load_mci
from tests import make
from tests.conferences import trips

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
MADE_UP = [
    (kind, source, target)
    for kind in MoveKind.values
    for source in Pot.values
    for target in Pot.values
    if (kind, source, target) not in {(way.kind, way.source, way.target) for way in WAYS}
]


def budget(**fields) -> Budget:
    return Budget.objects.create(**{"year": 2026, "kind": "travel", "planned": 100, **fields})


def refused(write) -> bool:
    """True if the database itself says no."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    "fields",
    [
        {"reserved": 101},
        {"reserved": 50, "committed": 30, "spent": 21},
        {"reserved": -1},
        {"planned": -1},
        {"committed": -1, "spent": 1},
        {"kind": "gift"},
        {"year": 1999},
    ],
)
def test_a_budget_never_goes_below_zero(fields):
    assert refused(lambda: budget(**fields))


def test_a_budget_may_be_used_up():
    assert budget(reserved=50, committed=30, spent=20).free == 0


def test_one_line_a_year_for_the_network_and_for_each_school():
    school, other = make.school(), make.school()
    for owner in (None, school, other):
        budget(school=owner)
        assert refused(lambda owner=owner: budget(school=owner))
    budget(year=2027)
    budget(kind="fee", school=school)
    assert Budget.objects.count() == 5


def move(budget, kind="plan", source="outside", target="free", amount=5, trip=None) -> BudgetMove:
    return BudgetMove.objects.create(budget=budget, kind=kind, source=source, target=target, amount=amount, trip=trip)


@pytest.fixture
def trip(cast):
    return trips.trip_of(cast.librarian)


@pytest.mark.parametrize("way", WAYS)
def test_money_moves_on_its_ways_for_a_trip_or_for_the_plan(way, trip):
    planning = way.kind in PLANNING
    move(budget(), way.kind, way.source, way.target, trip=None if planning else trip)
    assert BudgetMove.objects.count() == 1
    assert refused(lambda: move(budget(year=2027), way.kind, way.source, way.target, trip=trip if planning else None))


def test_money_moves_on_no_other_way(trip):
    row = budget()
    taken = [
        way
        for way in MADE_UP
        if not refused(lambda way=way: move(row, *way, trip=None if way[0] in PLANNING else trip))
    ]
    assert (len(MADE_UP), taken) == (7 * 25 - len(WAYS), [])


@pytest.mark.parametrize("amount", [0, -5])
def test_a_line_of_the_ledger_moves_something(amount):
    row = budget()
    assert refused(lambda: move(row, amount=amount))


def test_a_line_of_the_ledger_is_not_saved_twice():
    line = move(budget())
    with pytest.raises(TypeError):
        line.save()


@pytest.mark.postgres
def test_the_ledger_is_append_only():
    line = move(budget())
    assert refused(lambda: BudgetMove.objects.filter(pk=line.pk).update(amount=1))
    assert refused(lambda: BudgetMove.objects.filter(pk=line.pk).delete())


@pytest.mark.postgres
def test_without_its_guard_the_ledger_could_be_rewritten():
    """The twin."""
    line = move(budget())
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER conferences_budget_move_guard ON conferences_budgetmove")
    assert BudgetMove.objects.filter(pk=line.pk).update(amount=1) == 1


@pytest.mark.parametrize(
    "fields",
    [{"currency": "KZT"}, {"currency": "XXX"}, {"micro": 0}, {"micro": -1}, {"micro": 10**12}, {"source": ""}],
)
def test_rates_are_of_foreign_money_above_zero_and_have_a_source(fields):
    usual = {"currency": "USD", "on": DAY, "micro": 500_000_000, "source": "ҚР Ұлттық Банкі"}
    assert refused(lambda: Rate.objects.create(**{**usual, **fields}))
    Rate.objects.create(**usual)
    assert refused(lambda: Rate.objects.create(**usual))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"minor": 5000},
        {"minor": 5000, "currency": "USD", "mci": 1},
        {"minor": 0, "currency": "USD"},
        {"mci": 0},
        {"currency": "USD", "mci": 5},
        {"minor": 1, "currency": "XXX"},
    ],
)
def test_a_norm_is_a_sum_or_a_part_of_the_index(fields):
    assert refused(lambda: PerDiemNorm.objects.create(country="PL", valid_from=DAY, **fields))


def test_one_norm_a_country_and_day():
    PerDiemNorm.objects.create(country="", valid_from=DAY, mci=8000)
    PerDiemNorm.objects.create(country="PL", valid_from=DAY, minor=6000, currency="USD")
    assert refused(lambda: PerDiemNorm.objects.create(country="", valid_from=DAY, mci=6000))


def test_the_monthly_index_is_on_record_by_year():
    assert load_mci()["added"] == 16
    assert load_mci() == {"same": 16}
    row = Mci.objects.get(valid_from=date(2026, 1, 1))
    assert (row.kzt, row.checked) == (4325, True)
    assert refused(lambda: Mci.objects.create(valid_from=timezone.localdate(), kzt=0))
