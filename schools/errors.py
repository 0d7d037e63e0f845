"""How a verb says no."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class Refused(Exception):
    """A rule of the house says no. The text is a translated sentence for the person who asked.

    Views show it as a message beside what was typed; it never becomes an error page.
    """

    def __init__(self, message: "_StrOrPromise") -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class Stale(Refused):
    """Somebody else acted in between: what the person saw no longer holds. Answered with status 409."""
