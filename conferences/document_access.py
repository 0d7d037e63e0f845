"""Who may add, read and delete papers of a trip: plain predicates. All of them are asked of people who see the trip."""

from conferences.coming_back_states import PERSONAL
from conferences.models import Trip, TripDocument
from conferences.trip_access import owns
from schools.access import Actor
from schools.states import Role


def may_read_document(actor: Actor, document: TripDocument) -> bool:
    """A paper for all: whoever sees the trip. A paper of one traveller: that traveller, HQ who books and applies for

    visas, and finance who accounts. Nobody else: no director, administrator, auditor, fellow traveller or superuser.
    """
    if not document.personal:
        return True
    return _is(actor, document.person_id) or actor.has(Role.HQ) or actor.has(Role.FINANCE)


def may_add_document(actor: Actor, trip: Trip, kind: str, person_id: int | None) -> bool:
    """A paper of one traveller: that traveller or HQ. A paper for all: whoever asks or travels, and HQ."""
    if kind in PERSONAL:
        return _is(actor, person_id) or actor.has(Role.HQ)
    return owns(actor, trip) or actor.has(Role.HQ)


def may_drop_document(actor: Actor, trip: Trip, document: TripDocument) -> bool:
    """Whoever may add such a paper may delete it."""
    return may_add_document(actor, trip, document.kind, document.person_id)


def _is(actor: Actor, person_id: int | None) -> bool:
    return person_id is not None and actor.person_id == person_id
