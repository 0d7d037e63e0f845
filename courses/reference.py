"""The reference data of courses: topics, courses, the usual approval chains, the rules of allocation.

Loaded by `manage.py load_reference`, as often as one likes. Topics follow their file. Courses, chains and rules are
added where they are missing and otherwise left as they are: people edit them in the portal.
"""

from dataclasses import asdict
from pathlib import Path

from courses.allocation_types import DEFAULT_RULES
from courses.models import AllocationRules, ApprovalChain, ApprovalStep, Course, Topic
from courses.states import CourseKind, CourseState
from schools.reference import LANGUAGES, Tally, loader, put, rows
from schools.states import Role

DATA = Path(__file__).parent / "data"
CHAINS: dict[str, tuple[tuple[str, ...], tuple[str, str, str]]] = {
    "none": (
        (),
        ("Бекітусіз: орын бірден беріледі", "Без согласования: место даётся сразу", "No approval: a place at once"),
    ),
    "director": ((Role.DIRECTOR,), ("Мектеп директоры", "Директор школы", "School director")),
    "director_hq": (
        (Role.DIRECTOR, Role.HQ),
        ("Мектеп директоры, содан кейін бас кеңсе", "Директор школы, затем головной офис", "School director, then HQ"),
    ),
}
"""Code: the roles that decide, in order, and the name in Kazakh, Russian and English."""


def load_topics() -> Tally:
    """The fields of knowledge, by code."""
    tally = Tally()
    for row in rows(DATA / "topics.csv"):
        values = {f"name_{language}": row[f"name_{language}"] for language in LANGUAGES}
        tally[put(Topic, {"code": row["code"]}, {**values, "order": int(row["order"])})[1]] += 1
    return tally


def load_courses() -> Tally:
    """The programmes, published. Courses and placements end with a final assessment."""
    tally = Tally()
    have = set(Course.objects.values_list("code", flat=True))
    topics = {topic.code: topic for topic in Topic.objects.all()}
    for row in rows(DATA / "courses.csv"):
        if row["code"] in have:
            tally["same"] += 1
            continue
        del row["days"]  # how long a run takes is the run's to say
        Course.objects.create(
            **{**row, "topic": topics[row["topic"]]},
            final_assessment=row["kind"] in (CourseKind.COURSE, CourseKind.PLACEMENT),
            state=CourseState.PUBLISHED,
        )
        tally["added"] += 1
    return tally


def load_chains() -> Tally:
    """Approval by nobody, by the school director, by the director and then HQ."""
    tally = Tally()
    for code, (roles, names) in CHAINS.items():
        values = {f"name_{language}": name for language, name in zip(LANGUAGES, names, strict=True)}
        chain, new = ApprovalChain.objects.get_or_create(code=code, defaults=values)
        tally["added" if new else "same"] += 1
        if new:
            steps = [ApprovalStep(chain=chain, order=order, role=role) for order, role in enumerate(roles, start=1)]
            ApprovalStep.objects.bulk_create(steps)
    return tally


def load_allocation_rules() -> Tally:
    """The first version of the rules by which places are shared; later ones are made in the portal."""
    values = asdict(DEFAULT_RULES)
    _row, new = AllocationRules.objects.get_or_create(version=values.pop("version"), defaults=values)
    return Tally(["added" if new else "same"])


def register() -> None:
    """Add these sets to what `load_reference` loads."""
    loader("topics", load_topics)
    loader("courses", load_courses)
    loader("approval chains", load_chains)
    loader("allocation rules", load_allocation_rules)
