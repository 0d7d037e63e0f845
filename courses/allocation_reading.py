"""What the pages of an allocation show: applicants with their outcomes, schools against their fair share, versions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from courses import allocation_telling, allocation_words
from courses.allocation import allocate
from courses.allocation_standing import Standing
from courses.from_where import with_origin
from courses.models import AllocationEdit, AllocationRules, Enrolment, Intake, Run
from courses.states import EnrolmentState
from schools.models import School


@dataclass(frozen=True)
class Line:
    """One applicant in the table. `run` is where the place is, None without one."""

    enrolment: Enrolment
    run: Run | None
    wish: int | None
    told: allocation_telling.Told
    edit: AllocationEdit | None


@dataclass(frozen=True)
class SchoolLine:
    """What a school asked for and got, against its fair share of all places; `credit` is in places."""

    name: str
    asked: int
    got: int
    fair: Decimal
    credit: Decimal


@dataclass(frozen=True)
class Difference:
    """One applicant to whom another version would give something else."""

    enrolment: Enrolment
    before: Run | None
    after: Run | None


def keys_of(stands: Standing, run: str = "") -> list[str]:
    """Applicants, the best first: of one run, without a place («none»), or all."""
    if run == "none":
        return [key for key in stands.ranked if key not in stands.places]
    if run:
        return [key for key in stands.ranked if stands.places.get(key) == run]
    return stands.ranked


def lines(stands: Standing, keys: Sequence[str], runs: dict[str, Run]) -> list[Line]:
    """The table's rows of these applicants (three queries, however many)."""
    people = _people(keys)
    found = []
    for key in (key for key in keys if key in people):
        outcome, edit = stands.outcomes[key], stands.edits.get(key)
        run = stands.places.get(key)
        texts = allocation_telling.lines_of(outcome, edit.reason if edit else "", voice=allocation_words.COORDINATOR)
        told = allocation_telling.of_outcome(outcome, has_place=run is not None, lines=texts)
        wish = stands.applicants[key].wishes.index(run) + 1 if run in stands.applicants[key].wishes else None
        found.append(Line(people[key], runs.get(run or ""), wish, told, edit))
    return found


def school_lines(stands: Standing) -> list[SchoolLine]:
    """Schools by how many asked; unlisted ones are left out."""
    asked = Counter(one.school for one in stands.inputs.applicants)
    got = Counter(one.school for one in stands.inputs.applicants if one.key in stands.places)
    names = {row.uid: row.short_name() for row in School.objects.filter(uid__in=asked).prefetch_related("names")}
    return [
        SchoolLine(
            name=names[school],
            asked=count,
            got=got[school],
            fair=(Decimal(got.total() * count) / asked.total()).quantize(Decimal("0.1")),
            credit=(Decimal(stands.result.credits.get(school, 0)) / 1000).quantize(Decimal("0.01")),
        )
        for school, count in sorted(asked.items(), key=lambda pair: (-pair[1], names.get(pair[0], "")))
        if school in names
    ]


def run_counts(stands: Standing) -> Counter[str]:
    """How many places the allocation gives in each run, edits counted."""
    return Counter(stands.places.values())


def with_rules(stands: Standing, rules: AllocationRules) -> Standing:
    """The same applicants and the same draw by other rules, without edits."""
    inputs = replace(stands.inputs, rules=rules.values())
    return Standing(inputs, allocate(inputs), {})


def compare(stands: Standing, other: Standing, runs: dict[str, Run]) -> dict[str, list[Difference]]:
    """Who would gain a place, lose it, or have it in another run by the other version; edits left aside."""
    before = {key: outcome.run for key, outcome in stands.outcomes.items()}
    after = {key: outcome.run for key, outcome in other.outcomes.items()}
    changed = [key for key in stands.ranked if before[key] != after[key]]
    people = _people(changed)
    found: dict[str, list[Difference]] = {"gains": [], "loses": [], "moves": []}
    for key in (key for key in changed if key in people):
        group = "gains" if before[key] is None else "loses" if after[key] is None else "moves"
        found[group].append(Difference(people[key], runs.get(before[key] or ""), runs.get(after[key] or "")))
    return found


def runs_of(intake: Intake) -> dict[str, Run]:
    """The intake's runs by uid, in order of their dates."""
    return {run.uid: run for run in intake.runs.select_related("course").order_by("starts_on", "pk")}


def under_consideration(intake: Intake) -> int:
    """Applications that still await a word before they can take part in an allocation."""
    states = (EnrolmentState.PENDING, EnrolmentState.NOMINATED, EnrolmentState.RETURNED)
    return Enrolment.objects.filter(run__intake=intake, state__in=states).count()


def in_pool(intake: Intake) -> int:
    """How many people await the allocation."""
    rows = Enrolment.objects.filter(run__intake=intake, state=EnrolmentState.POOLED)
    return rows.order_by().values("person").distinct().count()


def _people(keys: Sequence[str]) -> dict[str, Enrolment]:
    return {row.uid: row for row in with_origin(Enrolment.objects.filter(uid__in=keys))}
