"""Letters about reports of trips: a move of the account told once, and reminders until nothing is owed.

Reminders are found from rows at every tick, never planned ahead. Each person gets one letter of each occasion: some
days before the reports are due, on the day, after it; then those who lead the travellers, and HQ.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef
from django.utils import timezone, translation

from conferences import coming_back_words, trip_moves
from conferences.closing import REMINDER
from conferences.coming_back_queries import due_on, owes, owing_trips
from conferences.coming_back_states import AdvanceState, AdvanceVerb
from conferences.models import AdvanceMove, Trip
from conferences.trip_access import involved
from conferences.trip_states import TripState
from courses.due import readers_are_awake
from courses.letters import Words, page_link
from schools import norms, outbox
from schools.models import Mail, Person
from schools.queries import heads_of, holders_of
from schools.states import Role

KIND = "trip_report"
SWEEP_BATCH = 500
SOON_BEFORE, LEADERS_AFTER = 2, 3
"""Working days before the due day of the first letter, and after it of the one to those who lead."""
USEFUL = timedelta(days=60)
"""So long after the due day a letter that was never written is still worth writing."""
Occasion = tuple[str, Words, list[Person]]


def tell_advance(*, move_id: int) -> None:
    """Put the letters about one move into the outbox; a move that was told or has gone is left alone."""
    with transaction.atomic():
        rows = AdvanceMove.objects.select_for_update(no_key=True, of=("self",)).select_related("report")
        move = rows.filter(pk=move_id, told_at=None).first()
        if move is None:
            return
        _tell(move, trip_moves.loaded(Trip.objects.filter(pk=move.report.trip_id)).get())
        move.told_at = timezone.now()
        move.save(update_fields=["told_at"])


def tell_untold() -> int:
    """Tell moves that no worker told, the oldest first; returns how many there were."""
    owed = list(AdvanceMove.objects.filter(told_at=None).order_by("id").values_list("pk", flat=True)[:SWEEP_BATCH])
    for pk in owed:
        tell_advance(move_id=pk)
    return len(owed)


def _tell(move: AdvanceMove, trip: Trip) -> None:
    outbox.supersede(about=trip, kinds=[KIND])
    if move.verb == AdvanceVerb.SUBMIT and move.report.state == AdvanceState.SUBMITTED:
        mine = involved(trip)
        for reader in holders_of(Role.FINANCE, on=timezone.localdate()):
            if reader.pk not in mine:
                _write(trip, reader, coming_back_words.TO_FINANCE, f"advance:{move.pk}:{reader.pk}", page="account")
    if words := coming_back_words.TO_TRAVELLERS.get(move.verb):
        for row in trip.travellers.all():
            key = f"advance:{move.pk}:{row.person_id}"
            _write(trip, row.person, words, key, page="account", note=move.note)


def remind(now: datetime | None = None) -> int:
    """Write the reminders that are due and not yet written. Safe to run at any time and twice; returns how many."""
    now = now or timezone.now()
    if not readers_are_awake(now):
        return 0
    today = timezone.localdate(now)
    trips = trip_moves.loaded(owing_trips().filter(ends_on__gte=today - USEFUL - timedelta(days=30)))
    return sum(_remind(trip, today) for trip in trips.filter(ends_on__lte=today).order_by("ends_on", "pk"))


def _remind(trip: Trip, today: date) -> int:
    due, written = due_on(trip), 0
    if today > due + USEFUL:
        return 0
    for name, words, readers in occasions(trip, due, today):
        keys = {f"trip_back:{name}:{trip.pk}:{due}:{reader.pk}": reader for reader in readers}
        known = set(Mail.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True))
        fresh = {key: reader for key, reader in keys.items() if key not in known}
        if fresh:
            written += _owe(trip, words, fresh)
    return written


def occasions(trip: Trip, due: date, today: date) -> list[Occasion]:
    """What is to be said today, and to whom."""
    travellers = [row.person for row in trip.travellers.all() if row.person.archived_at is None]
    if today < due:
        soon = norms.working_days_after(trip.ends_on, max(1, _days(trip) - SOON_BEFORE))
        return [("soon", coming_back_words.SOON, travellers)] if soon <= today else []
    if today == due:
        return [("due", coming_back_words.TODAY, travellers)]
    found: list[Occasion] = [("late", coming_back_words.LATE, travellers)]
    if today >= norms.working_days_after(due, LEADERS_AFTER):
        found.append(("lead", coming_back_words.TO_LEADERS, _leaders(trip, today)))
    return found


def _days(trip: Trip) -> int:
    return norms.value("advance_report_days", on=trip.ends_on)


def _leaders(trip: Trip, today: date) -> list[Person]:
    """Heads of the travellers' schools and HQ, each once; nobody hears of an own trip as its leader."""
    people: dict[int, Person] = {}
    groups: list[Iterable[Person]] = [heads_of(row.school, on=today) for row in trip.travellers.all() if row.school]
    for group in [*groups, holders_of(Role.HQ, on=today)]:
        people |= {person.pk: person for person in group}
    mine = {row.person_id for row in trip.travellers.all()}
    return [person for pk, person in people.items() if pk not in mine]


@transaction.atomic
def _owe(trip: Trip, words: Words, readers: dict[str, Person]) -> int:
    """Owe the letters if, under the trip's lock, something is owed still."""
    row = Trip.objects.select_for_update(no_key=True).filter(pk=trip.pk, state=TripState.APPROVED)
    if not row.filter(owes(OuterRef("pk"))).exists():
        return 0
    return sum(_write(trip, reader, words, key, kind=REMINDER, states=True) for key, reader in readers.items())


def _write(
    trip: Trip,
    reader: Person,
    words: Words,
    key: str,
    *,
    page: str = "trip",
    note: str = "",
    kind: str = KIND,
    states: bool = False,
) -> int:
    with translation.override(reader.language):
        rows, where = coming_back_words.facts(trip, states=states), coming_back_words.where(trip)
    context = {"words": words, "rows": rows, "where": where, "note": note}
    context["link"] = page_link(f"conferences:{page}", trip.uid, language=reader.language)
    mail = outbox.enqueue(
        kind=kind, dedupe_key=key, language=reader.language, person=reader, about=trip, context=context
    )
    return 0 if mail is None else 1
