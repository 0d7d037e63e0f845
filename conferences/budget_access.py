"""Who sees and plans budgets, and who keeps rates and norms."""

from collections.abc import Iterable

from schools.access import SYSTEM, Actor, leads
from schools.states import Role


def may_see_all_budgets(actor: Actor) -> bool:
    """The network's offices and finance."""
    return actor.is_network or actor.has(Role.FINANCE)


def may_see_budget(actor: Actor, school_id: int | None) -> bool:
    """All for the offices; directors and deputies see their school's, the network's (None) is not theirs."""
    return may_see_all_budgets(actor) or leads(actor, school_id)


def may_plan_budgets(actor: Actor) -> bool:
    """HQ, finance and administrators, and the portal itself; an auditor only looks."""
    return actor is SYSTEM or actor.runs_network or actor.has(Role.FINANCE)


def may_keep_rates(actor: Actor) -> bool:
    """The same hands that plan."""
    return may_plan_budgets(actor)


def may_correct(actor: Actor, hands: Iterable[int]) -> bool:
    """Put right what a trip has spent: those who plan, unless they had a hand in the trip (`hands`, keys of people)."""
    return may_plan_budgets(actor) and actor.person_id not in set(hands)
