"""The accounts that the demonstration shows, one for each role, all with one password."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schools.states import Role

PASSWORD = "kitaphana-2026"
DOMAIN = "example.kz"
SCHOOL = "semey"
"""Code of the school where the demonstration's librarian, director and deputy work."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody whom a visitor may try the portal as."""

    role: str
    email: str
    can: Promise

    @property
    def label(self) -> str:
        return str(Role(self.role).label)

    @property
    def password(self) -> str:
        return PASSWORD


def email_of(role: str) -> str:
    return f"{role}@{DOMAIN}"


_CAN = {
    Role.LIBRARIAN: _("finds a course, applies, follows the application"),
    Role.DIRECTOR: _("decides on applications of the school"),
    Role.DEPUTY: _("stands in for the director"),
    Role.HQ: _("makes runs, decides, looks after people"),
    Role.FINANCE: _("checks estimates and spending"),
    Role.TRAINER: _("teaches runs and keeps attendance"),
    Role.AUDITOR: _("reads everything and changes nothing"),
    Role.ADMINISTRATOR: _("looks after the portal itself"),
}


def accounts() -> list[Account]:
    """One account a role, in the order of the roles."""
    return [Account(role=role, email=email_of(role), can=can) for role, can in _CAN.items()]
