"""Who may do what on the ground floor: plain predicates over loaded objects, no queries."""

from collections.abc import Collection
from dataclasses import dataclass, field

from schools.states import GUARDED_ROLES, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is acting: a person with the roles that hold today, or the portal itself (`SYSTEM`)."""

    person_id: int | None = None
    name: str = ""
    grants: frozenset[tuple[str, int | None]] = field(default_factory=frozenset)
    superuser: bool = False
    is_authenticated: bool = False

    def has(self, role: str, school_id: int | None = None) -> bool:
        """True if the role is held for the network, or at `school_id` where one is given.

        Without `school_id` a school role counts wherever it is held.
        """
        if school_id is None:
            return any(held == role for held, _ in self.grants)
        return (role, school_id) in self.grants or (role, None) in self.grants

    def schools_led(self) -> frozenset[int]:
        """Schools that the actor leads today, as director or deputy."""
        return frozenset(
            school for role, school in self.grants if role in (Role.DIRECTOR, Role.DEPUTY) and school is not None
        )

    @property
    def is_network(self) -> bool:
        """Sees every school: HQ, administrators, auditors."""
        return self.superuser or any(self.has(role) for role in (Role.HQ, Role.ADMINISTRATOR, Role.AUDITOR))

    @property
    def runs_network(self) -> bool:
        """May change things for the whole network: HQ and administrators."""
        return self.superuser or self.has(Role.HQ) or self.has(Role.ADMINISTRATOR)

    @property
    def must_use_second_factor(self) -> bool:
        return self.superuser or any(self.has(role) for role in GUARDED_ROLES)


NOBODY = Actor()
SYSTEM = Actor(name="portal")


def leads(actor: Actor, school_id: int | None) -> bool:
    """Director of this school, or deputy on this day."""
    return school_id is not None and school_id in actor.schools_led()


def may_see_person(actor: Actor, person_id: int, school_id: int | None) -> bool:
    """Oneself, the own school's director or deputy, and the network's offices."""
    return actor.is_network or actor.person_id == person_id or leads(actor, school_id)


def may_list_people(actor: Actor) -> bool:
    """The network's offices see everybody, a director the people of the own school."""
    return actor.is_network or bool(actor.schools_led())


def may_see_names(actor: Actor, school_id: int) -> bool:
    """Who works at a school: for those who work there too, and for the network's offices."""
    return actor.is_network or any(school == school_id for _, school in actor.grants)


def may_manage_people(actor: Actor) -> bool:
    """Invite, transfer, grant and end roles."""
    return actor.runs_network


def may_change_person(actor: Actor, roles: Collection[str]) -> bool:
    """Change a person who holds these roles. Those of a guarded role only an administrator changes:

    whoever may correct an address could otherwise take over an account above their own.
    """
    return is_administrator(actor) or (actor.runs_network and not set(roles) & set(GUARDED_ROLES))


def may_grant(actor: Actor, role: str, school_id: int | None = None) -> bool:
    """Grant or end this role. Guarded roles only by an administrator; a director names deputies of the own school."""
    if is_administrator(actor):
        return True
    if role in GUARDED_ROLES:
        return False
    return actor.runs_network or (role == Role.DEPUTY and may_name_deputy(actor, school_id))


def may_name_deputy(actor: Actor, school_id: int | None) -> bool:
    """The director in person: a deputy names nobody."""
    return school_id is not None and (Role.DIRECTOR, school_id) in actor.grants


def is_administrator(actor: Actor) -> bool:
    """An administrator, or the portal itself."""
    return actor is SYSTEM or actor.superuser or actor.has(Role.ADMINISTRATOR)


def may_see_operations(actor: Actor) -> bool:
    """Mail outbox, jobs of others, the state of the machine."""
    return actor.superuser or actor.has(Role.ADMINISTRATOR)


def may_see_job(actor: Actor, owner_id: int | None) -> bool:
    """Long work and its result: for its owner and for administrators."""
    return may_see_operations(actor) or (owner_id is not None and actor.person_id == owner_id)
