"""How the ground floor tells the rooms above what became of a person or a school, without knowing those rooms.

A room adds its listener in `AppConfig.ready()`; the verb tells it inside its own transaction, so that
either everything follows or nothing happened:

    registry.transferred.listen(move_pending_requests)
"""

from collections.abc import Callable
from typing import Any

from django.db import transaction

Listener = Callable[..., None]


class Occasion:
    """Something that happens to a person or a school, and those who want to know."""

    def __init__(self, name: str, *facts: str) -> None:
        self.name, self.facts = name, frozenset(facts)
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Listener:
        """Call `listener` with the facts as keywords. Adding one twice changes nothing; usable as a decorator."""
        if listener not in self._listeners:
            self._listeners.append(listener)
        return listener

    def forget(self, listener: Listener) -> None:
        self._listeners.remove(listener)

    def tell(self, **facts: Any) -> None:
        """Tell all, in the order they came. What one raises undoes the whole deed.

        Raises TypeError where the facts are not those of the occasion, TransactionManagementError
        outside a transaction.
        """
        if facts.keys() != self.facts:
            raise TypeError(f"{self.name} is told with {sorted(self.facts)}, not {sorted(facts)}")
        if not transaction.get_connection().in_atomic_block:
            raise transaction.TransactionManagementError(f"{self.name} is told inside the transaction of its deed")
        for listener in self._listeners:
            listener(**facts)


transferred = Occasion("transferred", "person", "source", "target", "on", "actor")
"""A librarian works at another school from the day `on` (which may lie ahead): `source` and `target` are schools."""

renamed = Occasion("renamed", "person", "old_name", "actor")
"""The name was corrected; `old_name` is the full name before."""

merged = Occasion("merged", "kept", "gone", "actor")
"""Two rows were one person: what hangs on `gone` goes to `kept`."""

erased = Occasion("erased", "person", "actor")
"""The personal data of a person go; totals of issued reports stay."""

school_found = Occasion("school_found", "request", "school", "actor")
"""A school that was not listed is on record now: what names the SchoolRequest `request` names `school` from here on."""
