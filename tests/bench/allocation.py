"""An allocation repeated from what was kept of it, against one plain pass over the same people."""

import json
import random
import time
from collections.abc import Callable

from courses import allocation
from courses.allocation import Applicant, GroupShare, Inputs, RunSeats
from courses.allocation_points import draw_of
from tests.bench import sizes, web
from tests.bench.measure import Line, less_is_better

PEOPLE = sizes.count(2000, 40)
RUNS, SCHOOLS, REGIONS, WISHES = 40, 200, 20, 5
PLACES = PEOPLE // 2 // RUNS or 1
"""In each run: there are places for half of the people."""


def crowd() -> Inputs:
    """People of 200 schools who wish for five of forty runs, each with caps and promises to half of the regions."""
    dice = random.Random(1)
    schools = [(f"school-{number}", f"region-{number % REGIONS}") for number in range(SCHOOLS)]
    known = {
        school: {
            "credit": dice.randrange(1500),
            "school_places": dice.randrange(6),
            "school_people": dice.randrange(1, 5),
        }
        for school, _ in schools
    }
    runs = [f"run-{number}" for number in range(RUNS)]
    floors = tuple(GroupShare("region", f"region-{number}", floor=1) for number in range(0, REGIONS, 2))
    people = []
    for number in range(PEOPLE):
        school, region = dice.choice(schools)
        wishes, missing, months = tuple(dice.sample(runs, WISHES)), dice.randrange(81), dice.choice((None, 3, 9, 20))
        people.append(Applicant(f"person-{number}", school, region, wishes, missing, months, **known[school]))
    seats = tuple(RunSeats(run, PLACES, school_cap=2, region_cap=6, shares=floors) for run in runs)
    return Inputs(seats, tuple(people), allocation.DEFAULT_RULES, "1")


def plain(text: str, points: dict[str, int], answer: object) -> str:
    """Read what was kept, draw, put in order, give everybody the first wish that is free, and write the answer out.

    Without points to reckon, caps, promises, turning anybody away again, or reasons: the answer is ready.
    """
    told = json.loads(text)
    free = {seats["key"]: seats["places"] for seats in told["seats"]}
    people = told["applicants"]
    for one in sorted(people, key=lambda one: (-points[one["key"]], draw_of(told["seed"], one["key"]))):
        run = next((run for run in one["wishes"] if free[run]), None)
        if run:
            free[run] -= 1
    return json.dumps(answer, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def repeat(text: str) -> str:
    """The portal's own: what anybody does who checks an allocation."""
    return allocation.result_to_json(allocation.allocate(allocation.inputs_from_json(text)))


def measure() -> Line:
    inputs = crowd()
    text = allocation.inputs_to_json(inputs)
    result = allocation.allocate(inputs)
    kept = allocation.result_to_json(result)
    points = {one.applicant: one.points for one in result.outcomes}
    answer = json.loads(kept)

    def timed(act: Callable[[], str]) -> float:
        began = time.process_time()
        said = act()
        taken = time.process_time() - began
        if said != kept:
            raise RuntimeError("the allocation was repeated to another result")
        return taken

    value, limit = web.side_by_side(
        sizes.ROUNDS, lambda: timed(lambda: repeat(text)), lambda: timed(lambda: plain(text, points, answer))
    )
    given = sum(one.run is not None for one in result.outcomes)
    note = (
        f"{PEOPLE} people over {RUNS} runs, {given} places given; {len(kept) >> 10} KiB of result, the same each time"
    )
    return less_is_better("allocation", value, "s", limit, note)
