"""The moves that a promise to pass on may make: who, from where, to where. Nobody says «I have done it»."""

from dataclasses import dataclass

from conferences.trip_states import PromiseKind, PromiseState, TripPart, TripState
from courses.states import CourseKind


@dataclass(frozen=True, slots=True)
class PromiseMove:
    """One allowed move."""

    who: str
    source: str
    target: str


PROMISE_MOVES = {
    "keep": PromiseMove(TripPart.PORTAL, PromiseState.OPEN, PromiseState.KEPT),
    "lose": PromiseMove(TripPart.PORTAL, PromiseState.KEPT, PromiseState.OPEN),
    "excuse": PromiseMove(TripPart.COORDINATOR, PromiseState.OPEN, PromiseState.EXCUSED),
    "insist": PromiseMove(TripPart.COORDINATOR, PromiseState.EXCUSED, PromiseState.OPEN),
}

GONE = (TripState.APPROVED, TripState.CLOSED)
"""Trips that something can have been brought home from, and whose promises bind."""

KEPT_BY: dict[str, tuple[str, ...]] = {
    PromiseKind.SEMINAR: (CourseKind.SEMINAR,),
    PromiseKind.COURSE: (CourseKind.COURSE,),
    PromiseKind.WEBINAR: (CourseKind.WEBINAR,),
}
"""What kinds of courses keep a promise of this kind."""
