"""Money of trips: reserved when a request is sent, committed by the last approval, spent by the report, or released.

All verbs run in the caller's transaction, after its locks on persons, runs and enrolments: they lock the trip, then the
budget lines by key, count again and write ledger lines. Each sets what ought to be, so that a second call of the
same deed finds nothing to move and writes no second line.
"""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from conferences.budget_access import may_correct
from conferences.budget_states import HELD, CostKind, MoveKind, Pot
from conferences.ledger import Ledger, Pots, held_by, lock
from conferences.models import Budget, BudgetMove, Trip, TripHand
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import School

HOME_ZONE = ZoneInfo("Asia/Almaty")
Need = tuple[int | None, str]
"""Whose budget, a school's key or None for the network, and which line."""
Charges = Mapping[int, int]
"""Tiyn by the key of the budget line."""


def year_of(start: date | datetime) -> int:
    """The year whose budget pays a trip: that of its first day, as the calendar stands in Almaty."""
    return start.astimezone(HOME_ZONE).year if isinstance(start, datetime) else start.year


def charges_for(*, start: date | datetime, needs: Mapping[Need, int]) -> dict[int, int]:
    """The budget lines of the trip's year that pay the needs, with their sums. One query.

    Raises Refused where a line that ought to pay something is not planned.
    """
    year, wanted = year_of(start), {need: tiyn for need, tiyn in needs.items() if tiyn}
    lines = {(row.school_id, row.kind): row.pk for row in Budget.objects.filter(year=year)} if wanted else {}
    for school_id, kind in wanted.keys() - lines.keys():
        whose = str(School.objects.get(pk=school_id)) if school_id else pgettext("budget", "network")
        words = {"whose": whose, "year": year, "line": CostKind(kind).label}
        raise Refused(_("There is no budget for this yet: %(whose)s, %(year)s, %(line)s.") % words)
    return {lines[need]: tiyn for need, tiyn in wanted.items()}


def reserve(*, trip: Trip, charges: Charges, actor: Actor, now: datetime) -> list[BudgetMove]:
    """Hold exactly these sums for a request, whatever it held before; an approval that was given no longer counts.

    Raises Refused with the line and what is left in it, if there is not enough.
    """
    _refuse_below_zero(charges)
    held = _open(trip)
    if _in(held, Pot.SPENT):
        raise Refused(_("The money of this trip is accounted for already."))
    book = Ledger(lock({*held, *charges}), "reserve", actor, now, trip)
    for key in sorted({*held, *charges}):
        pots, wanted = held.get(key, {}), charges.get(key, 0)
        reserved = pots.get(Pot.RESERVED, 0)
        book.move(key, MoveKind.RELEASE, Pot.COMMITTED, Pot.FREE, pots.get(Pot.COMMITTED, 0))
        book.move(key, MoveKind.RELEASE, Pot.RESERVED, Pot.FREE, max(0, reserved - wanted))
        book.move(key, MoveKind.RESERVE, Pot.FREE, Pot.RESERVED, max(0, wanted - reserved))
    return book.write()


def commit(*, trip: Trip, actor: Actor, now: datetime) -> list[BudgetMove]:
    """Promise what is reserved to the trip: its last approval was given."""
    held = _open(trip)
    book = Ledger(lock(held), "commit", actor, now, trip)
    for key in sorted(held):
        book.move(key, MoveKind.COMMIT, Pot.RESERVED, Pot.COMMITTED, held[key].get(Pot.RESERVED, 0))
    return book.write()


def release(*, trip: Trip, actor: Actor, now: datetime) -> list[BudgetMove]:
    """Give back all that the trip holds and has not spent: it was returned, declined, withdrawn or called off."""
    held = _open(trip)
    book = Ledger(lock(held), "release", actor, now, trip)
    for key in sorted(held):
        for pot in HELD:
            book.move(key, MoveKind.RELEASE, pot, Pot.FREE, held[key].get(pot, 0))
    return book.write()


def spend(*, trip: Trip, actuals: Charges, actor: Actor, now: datetime) -> list[BudgetMove]:
    """Account for what the trip really cost; the rest goes back, and what it cost more is taken where it is free.

    Raises Refused if a line has not enough for more, if money is still reserved (the trip is not approved), or if
    other sums are accounted for already: those are put right by `correct`.
    """
    _refuse_below_zero(actuals)
    held = _open(trip)
    if _in(held, Pot.RESERVED):
        raise Refused(_("The trip is not approved yet: its money cannot be accounted for."))
    spent = _in(held, Pot.SPENT)
    if spent and spent != {key: tiyn for key, tiyn in actuals.items() if tiyn}:
        raise Refused(_("The money of this trip is accounted for already."))
    book = Ledger(lock({*held, *actuals}), "spend", actor, now, trip)
    for key in sorted({*held, *actuals}):
        committed, more = held.get(key, {}).get(Pot.COMMITTED, 0), actuals.get(key, 0) - spent.get(key, 0)
        book.move(key, MoveKind.SPEND, Pot.COMMITTED, Pot.SPENT, min(committed, more))
        book.move(key, MoveKind.RELEASE, Pot.COMMITTED, Pot.FREE, max(0, committed - more))
        book.move(key, MoveKind.SPEND, Pot.FREE, Pot.SPENT, max(0, more - committed))
    return book.write()


def correct(
    *, trip: Trip, actuals: Charges, actor: Actor, now: datetime, reason: str, seen: Charges | None = None
) -> list[BudgetMove]:
    """Put right what was accounted for: the trip has spent exactly these sums. By finance and HQ, for no own trip.

    `seen` is what the person had before them. Raises Refused if money is missing, for a trip that still holds
    money, and without a reason; Stale if other sums stand by now.
    """
    _refuse_below_zero(actuals)
    if not may_correct(actor, TripHand.objects.filter(trip=trip).values_list("person_id", flat=True)):
        raise Refused(_("The account of a trip is put right by head office and finance, and by nobody who travelled."))
    if not reason.strip():
        raise Refused(_("Say why the sums are changed."))
    held = _open(trip)
    if any(_in(held, pot) for pot in HELD):
        raise Refused(_("The money of this trip is not accounted for yet."))
    book, spent = Ledger(lock({*held, *actuals}), "correct", actor, now, trip, reason.strip()), _in(held, Pot.SPENT)
    if seen is not None and spent != {key: tiyn for key, tiyn in seen.items() if tiyn}:
        raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
    for key in sorted({*held, *actuals}):
        more = actuals.get(key, 0) - spent.get(key, 0)
        book.move(key, MoveKind.CORRECT, Pot.SPENT, Pot.FREE, max(0, -more))
        book.move(key, MoveKind.CORRECT, Pot.FREE, Pot.SPENT, max(0, more))
    return book.write()


def _open(trip: Trip) -> dict[int, Pots]:
    """Lock the trip, so that nobody else moves its money, and read what it holds."""
    Trip.objects.select_for_update(no_key=True).only("pk").get(pk=trip.pk)
    return held_by(trip)


def _in(held: Mapping[int, Pots], pot: Pot) -> dict[int, int]:
    """What stands in one pot, by line."""
    return {key: pots[pot] for key, pots in held.items() if pots.get(pot)}


def _refuse_below_zero(charges: Charges) -> None:
    """A programmer's mistake, no person's: sums are checked where they are typed."""
    if any(tiyn < 0 for tiyn in charges.values()):
        raise ValueError("a charge below zero")
