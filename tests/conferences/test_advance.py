"""The account of a trip's money: written by those who travelled, decided by somebody else, spent once."""

from datetime import date

import pytest
from django.db import transaction
from django.utils import timezone

from conferences import advance, advance_lines, advance_moves, budgeting, coming_back_queries, written_reports
from conferences.coming_back_states import ADVANCE_MOVES, AdvanceState, AdvanceVerb
from conferences.models import AdvanceMove, AdvanceReport, Budget, BudgetMove, Rate, Receipt, Trip, TripHand
from conferences.money import Money
from schools.errors import Refused, Stale
from schools.models import AuditEntry
from tests.cast import Cast
from tests.conferences import coming_back as rows

BACK = date(2027, 8, 9)
DOLLARS = Money(90_000, "USD")


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def trip(cast: Cast, time_machine) -> Trip:
    """A trip that is over; the network has promised 495,870 tenge for tickets to it."""
    time_machine.move_to("2027-08-10T10:00:00+05:00", tick=False)
    Rate.objects.create(currency="USD", on=date(2027, 8, 1), micro=rows.RATE, source="НБ РК")
    trip = rows.approved(cast.librarian, cast.stranger)
    rows.estimate(trip)
    return trip


@pytest.fixture
def budget(trip: Trip, cast: Cast) -> Budget:
    """A network's budget of a million tenge for travel, of which the trip's estimate is promised."""
    budget = Budget.objects.create(year=2027, kind="travel", planned=100_000_000)
    with transaction.atomic():
        how = {"trip": trip, "actor": cast.hq.actor, "now": timezone.now()}
        budgeting.reserve(charges={budget.pk: 49_587_000}, **how)
        budgeting.commit(**how)
    return budget


def begun(trip: Trip, who) -> AdvanceReport:
    return advance.start(trip=trip, actor=who.actor)


def whole(trip: Trip, who, sum: Money = DOLLARS, reason: str = "") -> AdvanceReport:
    """A report whose one line is written and has its receipt."""
    report = begun(trip, who)
    line = report.lines.get()
    advance_lines.write(line=line, sum=sum, on=BACK, actor=who.actor, reason=reason)
    advance_lines.add_receipt(line=line, upload=rows.upload("чек.pdf"), actor=who.actor)
    return report


def sent(trip: Trip, who, sum: Money = DOLLARS, reason: str = "") -> AdvanceReport:
    return advance.submit(report=whole(trip, who, sum, reason), actor=who.actor)


def test_it_begins_with_the_lines_that_budgets_pay(cast, trip):
    per_diem = rows.estimate(trip, kind="per_diem", payer="school", payer_school=cast.school)
    rows.estimate(trip, kind="housing", payer="host")
    report = begun(trip, cast.librarian)
    assert begun(trip, cast.stranger) == report, "a second start finds the first"
    found = list(report.lines.values_list("kind", "payer", "amount", "tenge"))
    assert found == [("travel", "network", None, None), ("per_diem", "school", per_diem.amount, per_diem.tenge)]


def test_it_begins_with_the_trip(cast, trip, time_machine):
    time_machine.move_to("2027-08-01T10:00:00+05:00", tick=False)
    with pytest.raises(Refused):
        begun(trip, cast.librarian)
    time_machine.move_to("2027-08-02T10:00:00+05:00", tick=False)
    report = begun(trip, cast.librarian)
    advance_lines.write(
        line=report.lines.get(), sum=DOLLARS, on=date(2027, 8, 2), actor=cast.librarian.actor, reason="Чек жоқ"
    )
    with pytest.raises(Refused):
        advance.submit(report=report, actor=cast.librarian.actor)


def test_a_line_takes_the_rate_of_its_day_or_that_of_the_receipt(cast, trip):
    line = begun(trip, cast.librarian).lines.get()
    how = {"line": line, "sum": DOLLARS, "actor": cast.stranger.actor}
    written = advance_lines.write(on=date(2027, 8, 3), **how)
    assert (written.tenge, written.rate, written.rate_on, written.rate_source) == (
        44_628_300,
        rows.RATE,
        date(2027, 8, 1),
        "НБ РК",
    )
    with pytest.raises(Refused):
        advance_lines.write(on=BACK, micro=500_000_000, **how)
    written = advance_lines.write(on=BACK, micro=500_000_000, source="Банк", **how)
    assert (written.tenge, written.rate_on, written.rate_source) == (45_000_000, BACK, "Банк")
    for day in (date(2027, 8, 11), date(2027, 7, 1)):
        with pytest.raises(Refused):
            advance_lines.write(on=day, **how)
    assert advance_lines.write(line=line, sum=Money(0), on=BACK, actor=cast.librarian.actor).tenge == 0


def faults(report: AdvanceReport) -> list[str]:
    return list(advance.faults_of(coming_back_queries.for_account(report.trip)).values())


def test_what_is_missing_is_said_at_the_line(cast, trip):
    report = begun(trip, cast.librarian)
    line, actor = report.lines.get(), cast.librarian.actor
    assert faults(report) == ["Қанша жұмсалғанын жазыңыз немесе 0 деп қойыңыз."]
    advance_lines.write(line=line, sum=DOLLARS, on=BACK, actor=actor)
    assert faults(report) == ["Чекті қосыңыз немесе неге жоқ екенін жазыңыз."]
    with pytest.raises(Refused):
        advance.submit(report=report, actor=actor)
    receipt = advance_lines.add_receipt(line=line, upload=rows.upload(), actor=actor)
    assert faults(report) == []
    advance_lines.write(line=line, sum=Money(110_000, "USD"), on=BACK, actor=actor)
    assert faults(report) == ["Сметадағыдан көп жұмсалған: себебін жазыңыз."]
    advance_lines.write(line=line, sum=Money(110_000, "USD"), on=BACK, actor=actor, reason="Билет қымбаттады")
    advance_lines.drop_receipt(receipt=receipt, actor=actor)
    assert (faults(report), Receipt.objects.count()) == ([], 0)
    rows.estimate(trip, kind="visa")
    assert len(faults(report)) == 1
    advance_lines.write(line=line, sum=DOLLARS, on=BACK, actor=actor, reason="Чек жоғалды")
    assert list(report.lines.values_list("kind", flat=True)) == ["travel", "visa"]


def test_what_nobody_foresaw_has_a_reason_and_an_owner(cast, trip):
    report, like = begun(trip, cast.librarian), trip.lines.get()
    how = {"report": report, "kind": "other", "what": "Такси", "sum": Money(500_000), "on": BACK}
    how |= {"actor": cast.librarian.actor}
    with pytest.raises(Refused):
        advance_lines.add(like=like, reason=" ", **how)
    with pytest.raises(Refused):
        advance_lines.add(like=rows.estimate(rows.approved(cast.librarian)), reason="Түн", **how)
    line = advance_lines.add(like=like, reason="Түнде автобус жүрмейді", **how)
    advance_lines.add_receipt(line=line, upload=rows.upload(), actor=cast.librarian.actor)
    with pytest.raises(Refused):
        advance_lines.drop(line=report.lines.get(kind="travel"), actor=cast.librarian.actor)
    with pytest.raises(Refused):
        advance_lines.write(line=line, sum=DOLLARS, on=BACK, actor=cast.librarian.actor)
    advance_lines.drop(line=line, actor=cast.stranger.actor)
    assert (report.lines.count(), Receipt.objects.count()) == (1, 0)


def test_only_those_who_travelled_write_and_only_while_it_is_theirs(cast, trip):
    report = whole(trip, cast.librarian)
    line, receipt = report.lines.get(), Receipt.objects.get()
    deeds = [
        lambda actor: advance_lines.write(line=line, sum=DOLLARS, on=BACK, actor=actor),
        lambda actor: advance_lines.drop(line=line, actor=actor),
        lambda actor: advance_lines.add_receipt(line=line, upload=rows.upload(), actor=actor),
        lambda actor: advance_lines.drop_receipt(receipt=receipt, actor=actor),
    ]
    for name, who in cast.everyone().items():
        if name not in ("librarian", "stranger"):
            for deed in deeds:
                with pytest.raises(Refused):
                    deed(who.actor)
    advance.submit(report=report, actor=cast.librarian.actor)
    for deed in deeds:
        with pytest.raises(Stale):
            deed(cast.librarian.actor)
    assert Receipt.objects.count() == 1


def test_finance_accepts_what_was_seen_and_the_money_is_spent_once(cast, trip, budget):
    report = sent(trip, cast.librarian)
    with pytest.raises(Stale):
        advance.accept(report=report, actor=cast.finance.actor, seen=0)
    advance.accept(report=report, actor=cast.finance.actor, seen=1, note="Рахмет")
    with pytest.raises(Stale):
        advance.accept(report=report, actor=cast.finance.actor, seen=1)
    budget.refresh_from_db()
    assert (budget.committed, budget.spent, budget.free) == (0, 44_628_300, 100_000_000 - 44_628_300)
    assert BudgetMove.objects.filter(kind="spend").count() == 1
    assert list(AdvanceMove.objects.values_list("verb", "state")) == [
        ("start", "draft"),
        ("submit", "submitted"),
        ("accept", "accepted"),
    ]
    trip.refresh_from_db()
    assert trip.state == "approved", "what was learned is not written yet"


def test_a_refused_budget_undoes_the_acceptance(cast, trip, budget):
    report = sent(trip, cast.librarian, Money(1_000_000, "USD"), "Билет қымбаттады")
    with pytest.raises(Refused):
        advance.accept(report=report, actor=cast.finance.actor, seen=1)
    report.refresh_from_db()
    assert (report.state, AuditEntry.objects.filter(verb="advance.accept").count()) == ("submitted", 0)


def test_what_is_returned_comes_again_as_another_version(cast, trip, budget):
    report = sent(trip, cast.librarian)
    with pytest.raises(Refused):
        advance.send_back(report=report, actor=cast.finance.actor, seen=1, note=" ")
    advance.send_back(report=report, actor=cast.finance.actor, seen=1, note="Чек оқылмайды")
    report = advance.submit(report=report, actor=cast.stranger.actor)
    with pytest.raises(Stale):
        advance.accept(report=report, actor=cast.finance.actor, seen=1)
    assert advance.accept(report=report, actor=cast.finance.actor, seen=2).state == "accepted"


@pytest.mark.parametrize("first", ["account", "words"])
def test_a_trip_is_closed_once_both_reports_stand(cast, trip, budget, first):
    report, words = sent(trip, cast.librarian), rows.written(trip, cast.librarian)
    deeds = {
        "account": lambda: advance.accept(report=report, actor=cast.finance.actor, seen=1),
        "words": lambda: written_reports.publish(report=words, actor=cast.librarian.actor),
    }
    for name in sorted(deeds, key=lambda name: name != first):
        assert Trip.objects.get().state == "approved"
        deeds[name]()
    assert Trip.objects.get().state == "closed"


MAY = {
    "submit": {"librarian", "stranger"},
    "take_back": {"librarian", "stranger"},
    "accept": {"finance"},
    "return": {"finance"},
}


def do(verb: str, report: AdvanceReport, actor) -> AdvanceReport:
    deeds = {
        "submit": lambda: advance.submit(report=report, actor=actor),
        "take_back": lambda: advance.take_back(report=report, actor=actor),
        "accept": lambda: advance.accept(report=report, actor=actor, seen=report.version),
        "return": lambda: advance.send_back(report=report, actor=actor, seen=report.version, note="Чек"),
    }
    return deeds[verb]()


@pytest.mark.parametrize("verb", [verb for verb in ADVANCE_MOVES if verb != AdvanceVerb.START])
@pytest.mark.parametrize("state", AdvanceState.values)
def test_every_other_move_is_refused(cast, trip, verb, state):
    """Every (state, move, member of the cast) that the table does not name."""
    for name, who in cast.everyone().items():
        AdvanceReport.objects.all().delete()
        report = rows.account(trip, state=state, version=int(state != "draft"))
        rows.spent(report, trip.lines.get(), amount=0, tenge=0)
        if name in MAY[verb] and state in ADVANCE_MOVES[verb].sources:
            assert do(verb, report, who.actor).state == ADVANCE_MOVES[verb].target
        else:
            with pytest.raises(Stale if name in MAY[verb] else Refused):
                do(verb, report, who.actor)
            assert AdvanceReport.objects.get().state == state


@pytest.mark.parametrize("state", AdvanceState.values)
def test_a_second_account_is_begun_by_nobody(cast, trip, state):
    report = rows.account(trip, state=state, version=1)
    for name, who in cast.everyone().items():
        if name in ("librarian", "stranger"):
            assert begun(trip, who) == report
        else:
            with pytest.raises(Refused):
                begun(trip, who)
    assert AdvanceReport.objects.count() == 1


@pytest.mark.parametrize("part", ["travels", "asked", "wrote"])
def test_a_finance_officer_decides_nothing_on_an_own_trip(cast, trip, part):
    own = rows.approved(*([cast.finance] if part == "travels" else [cast.librarian]))
    if part == "asked":
        Trip.objects.filter(pk=own.pk).update(requester=cast.finance.person)
        TripHand.objects.create(trip=own, person=cast.finance.person)
    if part == "wrote":
        TripHand.objects.create(trip=own, person=cast.finance.person)
    report = rows.account(own, state="submitted", version=1)
    for verb in ("accept", "return"):
        with pytest.raises(Refused):
            do(verb, report, cast.finance.actor)


def test_a_move_that_is_not_the_actors_is_refused_before_a_stale_one(cast, trip):
    with pytest.raises(Refused) as refusal:
        advance_moves.refuse_move("accept", "accepted", trip, cast.librarian.actor)
    assert not isinstance(refusal.value, Stale)


def test_late_reports_are_debts_of_those_who_travelled(cast, trip):
    people = [cast.librarian.person.pk, cast.stranger.person.pk, cast.colleague.person.pk]

    def debts(day: date) -> list[int]:
        return list(coming_back_queries.unfinished_reports(people, day).values_list("person", flat=True))

    assert coming_back_queries.due_on(trip) == date(2027, 8, 16)
    assert debts(date(2027, 8, 16)) == []
    assert debts(date(2027, 8, 17)) == people[:2]
    report, words = rows.account(trip, state="submitted", version=1), rows.written(trip, cast.librarian)
    assert debts(date(2027, 8, 17)) == people[:2], "what was learned is still a draft"
    words.state, words.published_at = "published", report.changed_at
    words.save()
    assert debts(date(2027, 8, 17)) == [], "what waits for finance is nobody's debt"
    AdvanceReport.objects.update(state="returned")
    assert debts(date(2027, 8, 17)) == people[:2]
    Trip.objects.filter(pk=trip.pk).update(state="cancelled")
    assert debts(date(2027, 8, 17)) == []
