"""Who may say what came of a trip, and who may see what is promised: plain predicates over loaded objects."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from courses import access
from schools.access import Actor, leads

if TYPE_CHECKING:
    from conferences.models import Promise
    from courses.models import Run


def may_say_source(actor: Actor, run: "Run", *, trainer_ids: set[int | None]) -> bool:
    """That a run passes on a trip is said by those who teach it, travellers among them, and by coordinators."""
    return access.may_teach(actor, run, trainer_ids=trainer_ids)


def is_promiser(actor: Actor, promise: "Promise") -> bool:
    return actor.person_id is not None and actor.person_id == promise.person_id


def may_see_promise(actor: Actor, promise: "Promise", *, school_id: int | None) -> bool:
    """Who promised, who leads the school the traveller went from, and the network's offices."""
    return actor.is_network or is_promiser(actor, promise) or leads(actor, school_id)


def may_organise_promises(actor: Actor) -> bool:
    """Make drafts of what is promised."""
    return access.may_manage_courses(actor)


def may_excuse(actor: Actor, promise: "Promise") -> bool:
    """HQ lets somebody off a promise; nobody lets off themselves."""
    return may_organise_promises(actor) and not is_promiser(actor, promise)


def may_see_costs(actor: Actor, *, schools: Collection[int | None], has_finance: bool) -> bool:
    """What a trip cost: the network's offices and finance, and who leads a school that sent somebody."""
    return actor.is_network or has_finance or any(leads(actor, school) for school in schools)
