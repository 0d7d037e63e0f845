"""Who may do what on the ground floor: plain predicates over loaded objects, no queries."""

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


def may_manage_people(actor: Actor) -> bool:
    """Invite, transfer, grant and end roles."""
    return actor.runs_network


def may_see_operations(actor: Actor) -> bool:
    """Mail outbox, jobs of others, the state of the machine."""
    return actor.superuser or actor.has(Role.ADMINISTRATOR)
