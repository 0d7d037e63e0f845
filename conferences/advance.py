"""The account of a trip's money: begun by those who travelled, sent to finance, accepted or returned with a word."""

from collections import defaultdict

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from conferences import advance_moves, budgeting, closing, trip_moves
from conferences.budget_states import CostKind
from conferences.coming_back_states import AdvanceVerb
from conferences.models import AdvanceLine, AdvanceReport, EstimateLine, Trip
from conferences.models.coming_back import ACCOUNTED
from conferences.trip_states import TripState
from schools import wording
from schools.access import Actor
from schools.errors import Refused, Stale


@transaction.atomic
def start(*, trip: Trip, actor: Actor) -> AdvanceReport:
    """Begin the account with the lines of the estimate; one that was begun already is given back.

    Raises Refused before the trip's first day, and where the trip is not approved or not the actor's.
    """
    trip = trip_moves.lock(trip)
    advance_moves.refuse_move(AdvanceVerb.START, None, trip, actor)
    found = AdvanceReport.objects.filter(trip=trip).first()
    if found is not None:
        return found
    if trip.state != TripState.APPROVED:
        raise Refused(_("Only an approved trip is accounted for."))
    if timezone.localdate() < trip.starts_on:
        day = wording.long_date(trip.starts_on)
        raise Refused(_("The report can be begun on the trip's first day. First day: %(day)s.") % {"day": day})
    report = AdvanceReport(trip=trip)
    advance_moves.make(report, AdvanceVerb.START, actor=actor, now=timezone.now())
    take_in_estimate(report)
    return report


def missing_lines(report: AdvanceReport) -> list[EstimateLine]:
    """Lines of the estimate that the account does not have: it was begun before they were."""
    rows = EstimateLine.objects.filter(trip=report.trip_id, payer__in=ACCOUNTED)
    return list(rows.exclude(pk__in=report.lines.filter(estimate__isnull=False).values("estimate")))


def take_in_estimate(report: AdvanceReport) -> None:
    """A line for each of the estimate that budgets pay for. A per diem is a norm: it is what was estimated."""
    last = report.lines.aggregate(last=Max("order"))["last"] or 0
    AdvanceLine.objects.bulk_create(
        _line_of(report, line, last + number) for number, line in enumerate(missing_lines(report), start=1)
    )


def _line_of(report: AdvanceReport, line: EstimateLine, order: int) -> AdvanceLine:
    made = AdvanceLine(
        report=report,
        order=order,
        estimate=line,
        traveller_id=line.traveller_id,
        kind=line.kind,
        what=line.what,
        payer=line.payer,
        payer_school_id=line.payer_school_id,
    )
    if line.kind == CostKind.PER_DIEM:
        made.amount, made.currency, made.tenge = line.amount, line.currency, line.tenge
        made.rate, made.rate_on, made.rate_source = line.rate, line.rate_on, line.rate_source
    return made


def faults_of(report: AdvanceReport) -> dict[int | None, str]:
    """What stands in the way of sending it: a sentence by line; under None what the report as a whole lacks.

    Lines come with their estimate and receipts (`coming_back_queries.for_account`).
    """
    found: dict[int | None, str] = {}
    if missing_lines(report):
        found[None] = _("The estimate has got new lines since. Save any line of the report to take them in.")
    for line in report.lines.all():
        if sentence := _fault_of(line):
            found[line.pk] = sentence
    return found


def _fault_of(line: AdvanceLine) -> str:
    if line.amount is None or line.tenge is None:
        return _("Write what it did cost, or 0.")
    if line.reason.strip():
        return ""
    if line.amount and line.kind != CostKind.PER_DIEM and not line.receipts.all():
        return _("Add the receipt, or say why there is none.")
    if line.estimate is not None and line.tenge > line.estimate.tenge:
        return _("It did cost more than was estimated: say why.")
    return ""


@transaction.atomic
def submit(*, report: AdvanceReport, actor: Actor) -> AdvanceReport:
    """Send it to finance. Raises Refused before the trip is over, and where a line is not whole."""
    report = advance_moves.lock(report)
    advance_moves.refuse_move(AdvanceVerb.SUBMIT, report.state, report.trip, actor)
    if timezone.localdate() < report.trip.ends_on:
        day = wording.long_date(report.trip.ends_on)
        raise Refused(_("The report can be sent on the trip's last day. Last day: %(day)s.") % {"day": day})
    if faults_of(report):
        raise Refused(_("Not sent: see at the lines what is still missing."))
    report.version += 1
    advance_moves.make(report, AdvanceVerb.SUBMIT, actor=actor, now=timezone.now())
    closing.take_back_reminders(report.trip)
    return report


@transaction.atomic
def take_back(*, report: AdvanceReport, actor: Actor) -> AdvanceReport:
    """Change it once more, as long as finance has not decided."""
    report = advance_moves.lock(report)
    advance_moves.make(report, AdvanceVerb.TAKE_BACK, actor=actor, now=timezone.now())
    return report


@transaction.atomic
def send_back(*, report: AdvanceReport, actor: Actor, seen: int, note: str) -> AdvanceReport:
    """Return it with a word on what to change. Raises Stale if another version was seen."""
    if not note.strip():
        raise Refused(_("Write what has to be changed: the traveller will read it."))
    report = _seen(report, seen, AdvanceVerb.RETURN, actor)
    advance_moves.make(report, AdvanceVerb.RETURN, actor=actor, now=timezone.now(), note=note.strip())
    return report


@transaction.atomic
def accept(*, report: AdvanceReport, actor: Actor, seen: int, note: str = "") -> AdvanceReport:
    """Accept what was seen: the money is spent, what is left of it is free again, all in one transaction.

    Raises Stale if another version was seen, Refused where a budget has too little for what was overspent.
    """
    now = timezone.now()
    report = _seen(report, seen, AdvanceVerb.ACCEPT, actor)
    advance_moves.make(report, AdvanceVerb.ACCEPT, actor=actor, now=now, note=note.strip())
    actuals = budgeting.charges_for(start=report.trip.starts_on, needs=sums_of(report))
    budgeting.spend(trip=report.trip, actuals=actuals, actor=actor, now=now)
    closing.close_if_done(report.trip, actor=actor, now=now)
    return report


def sums_of(report: AdvanceReport) -> dict[budgeting.Need, int]:
    """Tiyn by budget, as it was spent."""
    sums: dict[budgeting.Need, int] = defaultdict(int)
    for line in report.lines.all():
        sums[(line.payer_school_id, line.kind)] += line.tenge or 0
    return {charge: tiyn for charge, tiyn in sums.items() if tiyn}


def _seen(report: AdvanceReport, seen: int, verb: str, actor: Actor) -> AdvanceReport:
    report = advance_moves.lock(report)
    advance_moves.refuse_move(verb, report.state, report.trip, actor)
    if report.version != seen:
        raise Stale(_("This report was sent, decided or changed in the meantime. Its present status is shown."))
    return report
