"""A proposal of who goes in words of the active language: one row for each application, the best first."""

from collections.abc import Mapping
from dataclasses import dataclass

from conferences.delegation_standing import Standing, standing
from conferences.models import Wish
from courses import allocation_words
from courses.allocation_words import PointsRow
from courses.states import AllocationState


@dataclass(frozen=True)
class Row:
    """One application. `points` add up to `total`; `lines` are whole sentences."""

    wish: Wish
    placed: bool
    edited: bool
    total: int
    points: list[PointsRow]
    lines: list[str]


def rows_of(stands: Standing, wishes: Mapping[str, Wish]) -> list[Row]:
    """By points; applications that are gone meanwhile are left out."""
    return [row_of(stands, wishes[uid], allocation_words.COORDINATOR) for uid in stands.ranked if uid in wishes]


def row_of(stands: Standing, wish: Wish, voice: allocation_words.Voice) -> Row:
    outcome = stands.outcomes[wish.uid]
    return Row(
        wish=wish,
        placed=wish.uid in stands.placed,
        edited=wish.uid in stands.edits,
        total=outcome.points,
        points=allocation_words.points(outcome.parts),
        lines=stands.lines(wish.uid, voice),
    )


def told(wish: Wish, *, owner: bool) -> Row | None:
    """What the published proposal says of one application; None before, and for one that had no part in it."""
    published = wish.delegation.proposals.filter(state=AllocationState.PUBLISHED).first()
    stands = standing(published) if published else None
    if stands is None or wish.uid not in stands.outcomes:
        return None
    return row_of(stands, wish, allocation_words.APPLICANT if owner else allocation_words.COORDINATOR)
