"""Who may do what with places for a conference: plain predicates over loaded objects.

The committee of a conference is HQ's coordinators and whoever reviews our proposals to it. Nobody of it judges while
applying for a place there, and nobody judges an application from a school of the own.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from conferences.delegation_states import Stage, WishState
from schools.access import Actor, leads
from schools.states import Role

if TYPE_CHECKING:
    from conferences.models import Delegation, Wish


class Scoring(NamedTuple):
    """Whether scores of applications are taken, and when the last proposal was made, which coordinators could read."""

    open: bool = False
    read_at: datetime | None = None


def may_set_places(actor: Actor) -> bool:
    """Say how many places there are and until when librarians apply."""
    return actor.runs_network


def may_wish(actor: Actor, delegation: "Delegation", *, today: date) -> bool:
    """Librarians of a school, until the last day of applications."""
    at_school = any(role == Role.LIBRARIAN and school is not None for role, school in actor.grants)
    return actor.person_id is not None and at_school and delegation.stage(today) == Stage.OPEN


def owns_wish(actor: Actor, wish: "Wish") -> bool:
    return actor.person_id is not None and actor.person_id == wish.person_id


def on_committee(actor: Actor, *, reviews: bool, applies: bool) -> bool:
    """`reviews`: the actor reviews proposals to the conference; `applies`: has an application for a place there."""
    return actor.person_id is not None and (actor.has(Role.HQ) or reviews) and not applies


def may_read_for_committee(actor: Actor, wish: "Wish", *, member: bool) -> bool:
    """`member`: the actor is on the committee. Not of the own school, and never the own."""
    kin = any(school == wish.school_id for _role, school in actor.grants)
    return member and not owns_wish(actor, wish) and not kin


def may_score(actor: Actor, wish: "Wish", scoring: Scoring, *, member: bool) -> bool:
    """While scores are taken. Points tell what others think: what coordinators could read, they judge no more."""
    has_read = actor.runs_network and scoring.read_at is not None and wish.created_at <= scoring.read_at
    decided = wish.state != WishState.OPEN or not scoring.open
    return not decided and not has_read and may_read_for_committee(actor, wish, member=member)


def was_to_score(actor: Actor, wish: "Wish", *, member: bool, today: date) -> bool:
    """While places are being decided: the actor judges this application, or could have done so."""
    undecided = wish.state == WishState.OPEN and wish.delegation.stage(today) == Stage.CLOSED
    return undecided and may_read_for_committee(actor, wish, member=member)


def may_see_wish(actor: Actor, wish: "Wish", *, member: bool) -> bool:
    """Whoever applies, the heads of the school, the offices, and the committee."""
    if owns_wish(actor, wish) or actor.is_network or leads(actor, wish.school_id):
        return True
    return may_read_for_committee(actor, wish, member=member)


def may_see_outcome(actor: Actor, wish: "Wish") -> bool:
    """Reasons, points and appeal: for whoever applied, the heads of the school, and the offices."""
    return owns_wish(actor, wish) or actor.is_network or leads(actor, wish.school_id)


def may_answer(actor: Actor, wish: "Wish") -> bool:
    """Coordinators answer appeals, never their own."""
    return actor.runs_network and not owns_wish(actor, wish)
