"""Letters about trips. A move is told once: to those who travel and ask, and to those whose word is awaited now."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation

from conferences import trip_moves, trip_words
from conferences.models import Trip, TripApproval, TripMove
from conferences.stand_in_queries import readers_of
from conferences.trip_access import involved
from conferences.trip_states import ApprovalState, TripState, TripVerb
from courses.due import readers_are_awake
from courses.letters import Words, page_link
from schools import norms, outbox
from schools.models import Person
from schools.queries import holders_of
from schools.states import Role

KIND, REMINDER = "trip", "trip_reminder"
SWEEP_BATCH = 500
ESCALATE_AFTER = 3
"""Working days after which HQ hears that a word is overdue."""


def tell_trip(*, move_id: int) -> None:
    """Put the letters about one move into the outbox; a move that was told or has gone is left alone."""
    with transaction.atomic():
        move = TripMove.objects.select_for_update(no_key=True, of=("self",)).filter(pk=move_id, told_at=None).first()
        if move is None:
            return
        _tell(move, trip_moves.loaded(Trip.objects.filter(pk=move.trip_id)).get())
        move.told_at = timezone.now()
        move.save(update_fields=["told_at"])


def tell_untold() -> int:
    """Tell moves that no worker told, the oldest first; returns how many there were."""
    rows = list(TripMove.objects.filter(told_at=None).order_by("id").values_list("pk", flat=True)[:SWEEP_BATCH])
    for pk in rows:
        tell_trip(move_id=pk)
    return len(rows)


def ask_travellers(trip: Trip, *, but: int | None) -> None:
    """Ask those who are named and have not answered, inside the caller's transaction."""
    trip = trip_moves.loaded(Trip.objects.filter(pk=trip.pk)).get()
    rows = trip.travellers.filter(consented_at=None, refused_at=None).exclude(person=but).select_related("person")
    for row in rows:
        stay = f"{trip.country}:{trip.starts_on:%Y%m%d}:{trip.ends_on:%Y%m%d}"
        _write(trip, row.person, trip_words.NAMED, f"trip_named:{row.pk}:{stay}")


def remind_approvers() -> int:
    """Owe a letter for each word that is due or overdue and has none yet: on its day, after it, then to HQ too."""
    today = timezone.localdate()
    if not readers_are_awake(timezone.now()):
        return 0
    rows = TripApproval.objects.filter(state=ApprovalState.OPEN, due_on__lte=today).select_related("step")
    return sum(_remind(row, today) for row in rows.order_by("due_on", "id"))


def _remind(approval: TripApproval, today: date) -> int:
    trip = trip_moves.loaded(Trip.objects.filter(pk=approval.trip_id)).get()
    readers = readers_of(approval, on=today, but=involved(trip))
    late = approval.due_on < today
    key = f"trip_{'late' if late else 'due'}:{approval.pk}:{approval.due_on}"
    words = trip_words.LATE if late else trip_words.DUE
    if norms.working_days_after(approval.due_on, ESCALATE_AFTER) <= today or not readers:
        readers = [*readers, *(row for row in holders_of(Role.HQ, on=today) if row not in readers)]
    return sum(_write(trip, reader, words, f"{key}:{reader.pk}", approval, kind=REMINDER) for reader in readers)


def _tell(move: TripMove, trip: Trip) -> None:
    outbox.supersede(about=trip, kinds=[KIND])
    outbox.supersede(about=[row for row in trip.approvals.all() if row.state != ApprovalState.OPEN])
    words = trip_words.TO_TRAVELLERS.get(move.verb)
    if words and not (move.verb == TripVerb.APPROVE and move.state != TripState.APPROVED):
        for person in _travelling(trip):
            if person.pk != move.actor_id or move.verb != TripVerb.CANCEL:
                _write(trip, person, words, f"trip_move:{move.pk}:{person.pk}", note=move.note)
    if move.state == TripState.SUBMITTED:
        for approval in _opened(trip):
            for person in readers_of(approval, on=timezone.localdate(), but=involved(trip)):
                _write(trip, person, trip_words.TO_APPROVER, f"trip_word:{approval.pk}:{person.pk}", approval)
    if move.verb in (TripVerb.AMEND, TripVerb.WITHDRAW, TripVerb.CANCEL):
        for person in _spoken(trip, move):
            _write(trip, person, trip_words.NO_LONGER, f"trip_gone:{move.pk}:{person.pk}", note=move.note)


def _travelling(trip: Trip) -> list[Person]:
    found = {trip.requester_id: trip.requester, **{row.person_id: row.person for row in trip.travellers.all()}}
    return list(found.values())


def _opened(trip: Trip) -> QuerySet[TripApproval]:
    return TripApproval.objects.filter(trip=trip, state=ApprovalState.OPEN).select_related("step")


def _spoken(trip: Trip, move: TripMove) -> list[Person]:
    """Who had said yes to the version that is gone."""
    words = TripApproval.objects.filter(trip=trip, version=move.version, decided_by__isnull=False)
    return list(Person.objects.filter(pk__in=words.values("decided_by"), archived_at=None).order_by("id"))


def _write(
    trip: Trip,
    reader: Person,
    words: Words,
    key: str,
    approval: TripApproval | None = None,
    *,
    note: str = "",
    kind: str = KIND,
) -> int:
    with translation.override(reader.language):
        rows, where = trip_words.facts(trip, approval), trip_words.where(trip)
    context = {
        "words": words,
        "rows": rows,
        "where": where,
        "note": note,
        "link": page_link("conferences:trip", trip.uid, language=reader.language),
    }
    mail = outbox.enqueue(
        kind=kind, dedupe_key=key, language=reader.language, person=reader, about=approval or trip, context=context
    )
    return 0 if mail is None else 1
