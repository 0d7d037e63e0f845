"""The reference data of courses: topics, courses and the usual approval chains."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from courses.models import ApprovalChain, ApprovalStep, Course, Topic
from courses.states import CourseKind, CourseState
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


@transaction.atomic
def load() -> int:
    """Add the topics, courses and approval chains that are missing; gives how many rows were added.

    Safe to run again. A row that exists stays as it is: people edit courses in the portal.
    """
    return _topics() + _courses() + _chains()


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, strict=True)


def _topics() -> int:
    have = set(Topic.objects.values_list("code", flat=True))
    fresh = [Topic(**row) for row in _rows("topics.csv") if row["code"] not in have]
    return len(Topic.objects.bulk_create(fresh))


def _courses() -> int:
    have = set(Course.objects.values_list("code", flat=True))
    topics = {topic.code: topic for topic in Topic.objects.all()}
    added = 0
    for row in _rows("courses.csv"):
        if row["code"] in have:
            continue
        row.pop("days")  # how long a run takes is the run's to say
        ends = {"final_assessment": row["kind"] in (CourseKind.COURSE, CourseKind.PLACEMENT)}
        Course.objects.create(**{**row, **ends, "topic": topics[row["topic"]], "state": CourseState.PUBLISHED})
        added += 1
    return added


def _chains() -> int:
    added = 0
    for code, (roles, (kk, ru, en)) in CHAINS.items():
        names = {"name_kk": kk, "name_ru": ru, "name_en": en}
        chain, new = ApprovalChain.objects.get_or_create(code=code, defaults=names)
        if new:
            ApprovalStep.objects.bulk_create(
                ApprovalStep(chain=chain, order=order, role=role) for order, role in enumerate(roles, start=1)
            )
        added += new
    return added
