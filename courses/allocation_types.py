"""What an allocation of places is told and what it answers. Plain values: no database, no clock, no texts.

Keys are strings that the caller chooses (uids). Points, scores and credits are integers, thousandths where a whole
is meant, so that the same inputs give the same answer on every machine.
"""

from dataclasses import dataclass, field
from enum import StrEnum

Fact = int | str | None


@dataclass(frozen=True)
class GroupShare:
    """What a run promises one school or one region: at least `floor` places, and at most `cap`.

    A floor is kept as far as people of the group apply: who is not there takes nothing from the others.
    """

    kind: str
    """"school" or "region"."""
    key: str
    floor: int = 0
    cap: int | None = None


@dataclass(frozen=True)
class RunSeats:
    """One run: its places, its limits, and the school and region of everybody who has a place already.

    Seats that a school holds without names count as `taken` by that school.
    """

    key: str
    places: int
    school_cap: int | None = None
    region_cap: int | None = None
    shares: tuple[GroupShare, ...] = ()
    taken: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Applicant:
    """One person, and what the rules may count. `wishes` are keys of runs, the dearest first."""

    key: str
    school: str
    region: str
    wishes: tuple[str, ...]
    hours_missing: int = 0
    """Academic hours that the person lacks of the target."""
    months_since_last: int | None = None
    """Whole months since the person's last place; None: there was none."""
    credit: int = 0
    """Thousandths of a place that earlier allocations owe the school."""
    school_places: int = 0
    """Places that the school's people had in the window."""
    school_people: int = 1
    """Librarians of the school."""
    kept: int = 0
    broken: int = 0
    """Late withdrawals, absences without a word and overdue promises."""
    committee: int | None = None
    """The committee's score, 0 to 1000; None: there is none."""


@dataclass(frozen=True)
class Rules:
    """One version of the rules: weights in hundredths (a part that is full gives ten times its weight)."""

    version: int
    need: int
    gap: int
    share: int
    kept: int
    committee: int
    target_hours: int
    gap_months: int


DEFAULT_RULES = Rules(version=1, need=35, gap=20, share=30, kept=15, committee=0, target_hours=80, gap_months=36)
"""Weights add up to 100, so that points go from 0 to 1000."""


@dataclass(frozen=True)
class Inputs:
    """Everything that an allocation depends on. Repeating it needs nothing else."""

    seats: tuple[RunSeats, ...]
    applicants: tuple[Applicant, ...]
    rules: Rules
    seed: str


class Code(StrEnum):
    """Why somebody has a place in a run, or has none there. `FACTS` in allocation_reasons.py tells what each knows."""

    PLACE_ENOUGH = "place_enough"
    PLACE_POINTS = "place_points"
    PLACE_DRAW = "place_draw"
    PLACE_PROMISED = "place_promised"
    NO_PLACES = "no_places"
    POINTS = "points"
    DRAW = "draw"
    PROMISED = "promised"
    SCHOOL_CAP = "school_cap"
    REGION_CAP = "region_cap"


PLACES = frozenset({Code.PLACE_ENOUGH, Code.PLACE_POINTS, Code.PLACE_DRAW, Code.PLACE_PROMISED})
"""Codes of those who have a place."""


@dataclass(frozen=True)
class Reason:
    """Why the person has a place in the run or none, with the figures that prove it."""

    run: str
    code: Code
    facts: dict[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """One part of somebody's points: `points` of `most` there could have been, and the figures it came from."""

    name: str
    """"need", "gap", "share", "kept" or "committee"."""
    points: int
    most: int
    facts: dict[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What one person gets. Reasons stand in the order of wishes, up to the wish that was granted."""

    applicant: str
    run: str | None
    wish: int | None
    """1 for the first wish; None without a place."""
    points: int
    parts: tuple[Part, ...]
    draw: str
    """Among equal points the lower draw comes first."""
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Result:
    """The whole answer, in the order of keys."""

    outcomes: tuple[Outcome, ...]
    order: dict[str, tuple[str, ...]]
    """Of every run, those who wished for it and have no place at all, as they wait."""
    credits: dict[str, int]
    """Of every school whose credit changes, the change in thousandths of a place."""
