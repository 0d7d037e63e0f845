"""What every step of a history must leave behind. Each check gives sentences; none if all is well."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from courses.models import Run
from tests.courses import seat_model
from tests.courses.seat_model import SEATED, Picture
from tests.courses.seat_world import Seen

LEAVES = {"withdrawn", "cancelled"}
STEPS = {
    None: {"nominated", "pending", "waiting", "offered", "confirmed"},
    "nominated": {"pending", "waiting", "offered", "confirmed", "refused", "cancelled"},
    "pending": {"waiting", "offered", "confirmed", "declined", "returned", *LEAVES},
    "returned": {"pending", *LEAVES},
    "waiting": {"offered", "confirmed", "expired", *LEAVES},
    "offered": {"confirmed", "expired", *LEAVES},
    "confirmed": LEAVES,
}
"""Where one step may lead; the seat that follows an approval at once belongs to the same step."""
LIVE = {*STEPS} - {None} | set(SEATED)


def of_rows(before: Mapping[int, Seen], after: Mapping[int, Seen]) -> Iterator[str]:
    """Numbers, timelines and states: nobody is lost, nobody is in twice, no number is used again."""
    highest = Counter[int]()
    for seen in before.values():
        highest[seen.row.run_id] = max(highest[seen.row.run_id], seen.row.number)
    if gone := before.keys() - after.keys():
        yield f"rows are gone: {gone}"
    for key, now in after.items():
        was, row = before.get(key), now.row
        if was is None and row.number <= highest[row.run_id]:
            yield f"number {row.number} was used again"
        if was and (was.row.number, was.row.run_id) != (row.number, row.run_id):
            yield f"number {was.row.number} became {row.number}"
        moved = was is None or was.row.state != row.state
        if moved and row.state not in STEPS.get(was.row.state if was else None, set()):
            yield f"number {row.number} went from {was.row.state if was else None} to {row.state}"
        if moved != (was is None or now.told > was.told) and not (was and was.row.state == "pending"):
            yield f"number {row.number} is {row.state}, and its timeline has {now.told} rows"
        if now.last != row.state:
            yield f"number {row.number} is {row.state}, its timeline says {now.last}"
    live = Counter((one.row.run_id, one.row.person_id) for one in after.values() if one.row.state in LIVE)
    yield from (f"person {person} is in a run {count} times" for (_run, person), count in live.items() if count > 1)
    seats = Counter(one.row.person_id for one in after.values() if one.row.state in SEATED)
    yield from (f"person {person} has {count} seats of parallel runs" for person, count in seats.items() if count > 1)


def of_hand_overs(before: Mapping[int, Seen], after: Mapping[int, Seen], handed: Mapping[int, int]) -> Iterator[str]:
    """A place that passed (to whose row, from whose) was given up by the one, and is the same kind of place."""
    for taker, giver in handed.items():
        to, had, has = after[taker].row, before[giver].row, after[giver].row
        if (had.state, has.state, to.state) != ("confirmed", "withdrawn", "confirmed"):
            yield f"handed over: number {had.number} is {has.state} after {had.state}, number {to.number} is {to.state}"
        if (to.run_id, to.school_id, to.of_held) != (had.run_id, had.school_id, had.of_held):
            yield f"number {to.number} was handed another kind of place than number {had.number} had"


def of_seats(
    before: Mapping[int, Seen],
    pictures: Iterable[Picture],
    *,
    by_hand: Iterable[int],
    guests_get: int | None,
    handed: Iterable[int] = (),
) -> Iterator[str]:
    """Exactly those got seats who were due, in every run; `by_hand` came before them and by no rule of order.

    What was `handed` over (keys of those who have it now) was nobody's to get.
    """
    pictures = list(pictures)
    new = [
        {row.key for row in one.seats() if row.key not in before or before[row.key].row.state not in SEATED}
        - set(handed)
        for one in pictures
    ]
    for one, given in zip(pictures, new, strict=True):
        if given and len(one.seats()) > one.capacity:
            yield f"{len(one.seats())} seats are given, {one.capacity} exist"
    had = {row.person for one, given in zip(pictures, new, strict=True) for row in one.seats() if row.key not in given}
    for one, given in zip(pictures, new, strict=True):
        unproved = {row.key for row in one.rows if row.key in given and not row.able}
        if guests_get is not None and unproved and len(unproved) != guests_get:
            yield f"{len(unproved)} guests hold seats, {guests_get} were to"
        first = {key for key in by_hand if key in given} | unproved
        start = one.without_seat(*given).with_seat(*first)
        had |= {row.person for row in start.rows if row.key in first}
        due = seat_model.due(start, had)
        had |= {row.person for row in one.rows if row.key in due}
        if set(due) != given - first:
            numbers = {row.key: row.number for row in one.rows}
            yield f"seats went to {sorted(numbers[k] for k in given - first)}, due were {[numbers[k] for k in due]}"


def of_offers(
    before: Mapping[int, Seen], after: Mapping[int, Seen], runs: Mapping[int, Run], *, by_hand: set[int], now: datetime
) -> Iterator[str]:
    """An offer has a clock that the run's rules allow; without offers a seat is given at once, and never unasked."""
    for key, seen in after.items():
        row, run, was = seen.row, runs[seen.row.run_id], before.get(key)
        if (row.state == "offered") != (row.offer_until is not None):
            yield f"number {row.number} is {row.state} until {row.offer_until}"
        came = was.row.state if was else None
        if row.state == came or row.state not in SEATED:
            continue
        if row.state == "offered" and not row.signup_id:
            first = min(one.starts_at for one in run.meetings.all())
            hours = min(run.offer_hours, 6) if first - now <= timedelta(days=3) else run.offer_hours
            if row.offer_until != max(now + timedelta(hours=1), min(now + timedelta(hours=hours), first)):
                yield f"number {row.number} is offered until {row.offer_until}"
        if came == "waiting" and row.state == "confirmed" and run.offer_hours and key not in by_hand:
            yield f"number {row.number} got a seat without an offer"
        if came == "waiting" and row.state == "offered" and not run.offer_hours:
            yield f"number {row.number} was offered a seat where seats are given at once"
