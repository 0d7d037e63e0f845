"""What waits for somebody's word, of every kind: each room says what it has, and one list and one number show all.

A room adds its kind in `AppConfig.ready()`; the lowest room's page leads to those of the rooms above by these tabs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Model, QuerySet
from django.urls import reverse

from schools.access import Actor

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of decisions: its name on the tab, the address of its list, and what waits for an actor there.

    Only those see the tab whom the kind `concerns`.
    """

    label: "_StrPromise"
    address: str
    waiting: Callable[[Actor], QuerySet[Model]]
    order: int = 0
    concerns: Callable[[Actor], bool] = lambda actor: True


_kinds: dict[str, Kind] = {}


def add(kind: Kind) -> None:
    """Let the desk know of a kind. Adding one twice changes nothing."""
    _kinds[kind.address] = kind
    for address, _kind in sorted(_kinds.items(), key=lambda pair: pair[1].order):
        _kinds[address] = _kinds.pop(address)


def count(actor: Actor) -> int:
    """How many decisions of all kinds wait for the actor, in one query."""
    first, *others = [kind.waiting(actor).order_by().values_list("pk") for kind in _kinds.values()]
    return first.union(*others, all=True).count()


def tabs(actor: Actor, here: str) -> list[tuple[object, str, bool, int | None]]:
    """All kinds as tabs with their numbers; that of the page itself has none, since the page says it."""
    return [
        (kind.label, reverse(address), address == here, None if address == here else kind.waiting(actor).count())
        for address, kind in _kinds.items()
        if address == here or kind.concerns(actor)
    ]
