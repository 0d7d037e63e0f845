"""Points of an applicant: what each part of the rules gives, in whole numbers.

Every part is first a value from 0 to 1000, then `value * weight // 100`. A wish's rank gives no points: nobody
gains by wishing otherwise than they mean.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from courses.allocation_types import Applicant, Fact, Part, Rules

FULL = 1000
MIDDLE = 500
"""What a part gives that says nothing for or against a person."""


@dataclass(frozen=True)
class Network:
    """Places and librarians of all schools that apply, each school once."""

    places: int
    people: int


def network_of(applicants: Iterable[Applicant]) -> Network:
    schools = {one.school: (one.school_places, one.school_people) for one in applicants}
    return Network(sum(places for places, _ in schools.values()), sum(people for _, people in schools.values()))


def need(applicant: Applicant, target_hours: int) -> int:
    """Hours missing as a share of the target: all of them 1000, none 0."""
    return FULL * min(applicant.hours_missing, target_hours) // target_hours if target_hours else 0


def gap(applicant: Applicant, gap_months: int) -> int:
    """Months since the last place as a share of `gap_months`; 1000 from then on and for whoever never had one."""
    months = applicant.months_since_last
    if months is None or months >= gap_months:
        return FULL
    return FULL * months // gap_months


def share(applicant: Applicant, network: Network) -> int:
    """How far the school is behind the network's average of places per librarian, and half of its credit.

    1000 - 500 * (the school's places per librarian / the network's): no place at all 1000, the average 500, twice
    the average 0. A credit of one whole place adds 500. Always between 0 and 1000. Where nobody had a place, all
    are at the average.
    """
    behind = MIDDLE
    if network.places:
        whole = applicant.school_people * network.places
        behind = (FULL * whole - MIDDLE * applicant.school_places * network.people) // whole
    return max(0, min(FULL, max(0, behind) + applicant.credit // 2))


def kept(applicant: Applicant) -> int:
    """The share of commitments that were kept, one being granted on trust: 1000 * (kept + 1) / (all + 1).

    Who has broken none has all of it, whether there were many or none: being new costs nothing. Each one that is
    broken costs less, the more others were kept.
    """
    return FULL * (applicant.kept + 1) // (applicant.kept + applicant.broken + 1)


def committee(applicant: Applicant) -> int:
    """The committee's score, from 0 to 1000; the middle for whoever it has not judged."""
    return MIDDLE if applicant.committee is None else applicant.committee


def parts_of(applicant: Applicant, rules: Rules, network: Network) -> tuple[Part, ...]:
    """Every part that has a weight, in the order of the rules."""
    values: list[tuple[str, int, int, dict[str, Fact]]] = [
        (
            "need",
            rules.need,
            need(applicant, rules.target_hours),
            {"missing": applicant.hours_missing, "target": rules.target_hours},
        ),
        (
            "gap",
            rules.gap,
            gap(applicant, rules.gap_months),
            {"months": applicant.months_since_last, "full": rules.gap_months},
        ),
        ("share", rules.share, share(applicant, network), _share_facts(applicant, network)),
        ("kept", rules.kept, kept(applicant), {"kept": applicant.kept, "broken": applicant.broken}),
        ("committee", rules.committee, committee(applicant), {"score": applicant.committee}),
    ]
    return tuple(
        Part(name=name, points=value * weight // 100, most=FULL * weight // 100, facts=facts)
        for name, weight, value, facts in values
        if weight
    )


def draw_of(seed: str, key: str) -> str:
    """The draw of one applicant, the lower the better: the SHA-256 of "seed:key" in hexadecimal digits.

    Anybody can repeat it (`printf '%s' 'seed:key' | sha256sum`), and nobody's draw depends on who else applies.
    """
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()


def _share_facts(applicant: Applicant, network: Network) -> dict[str, Fact]:
    return {
        "places": applicant.school_places,
        "people": applicant.school_people,
        "network_places": network.places,
        "network_people": network.people,
        "credit": applicant.credit,
    }
