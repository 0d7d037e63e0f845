"""Parts of pages that are drawn once and kept: what they are kept by may not hide a change."""

import dataclasses
import re
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import get_args, get_origin, get_type_hints

import pytest
import time_machine
from django.utils import timezone, translation

from courses import enrolling
from courses.cards import Card
from courses.models import Enrolment
from courses.views.facet_links import Facet
from schools.templatetags.ui import kept
from tests.courses import rows

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
KEPT = {
    "courses/_card.html": {"card": Card},
    "courses/seminars/_card.html": {"card": Card},
    "courses/_options.html": {"facet": Facet},
    "ui/head.html": {},
}
"""Every part that is kept, and the kind of each value that it is kept by."""
PAGE = "/kk/courses/"
pytestmark = pytest.mark.django_db


def plain(kind: object) -> bool:
    """True for values that are equal only where they look alike: numbers, texts, days, and frozen sets of such."""
    if get_origin(kind) in (UnionType, tuple):
        return all(plain(one) for one in get_args(kind) if one is not Ellipsis)
    if dataclasses.is_dataclass(kind):
        return kind.__dataclass_params__.frozen and all(plain(one) for one in get_type_hints(kind).values())
    return kind in (str, int, bool, date, type(None)) or (isinstance(kind, type) and issubclass(kind, Enum))


@dataclasses.dataclass(frozen=True)
class WithRow:
    row: Enrolment | None


@dataclasses.dataclass
class Thawed:
    number: int


def test_what_a_part_is_kept_by_is_plain():
    assert [kind for kinds in KEPT.values() for kind in kinds.values() if not plain(kind)] == []


@pytest.mark.parametrize("kind", [WithRow, Thawed, Enrolment, list[str], object])
def test_rows_and_what_can_change_are_not_plain(kind):
    assert not plain(kind)


def test_every_part_that_is_kept_stands_in_the_table():
    found = {}
    for path in TEMPLATES.rglob("*.html"):
        text = re.sub(r"\{#.*?#\}", "", path.read_text())
        for name, values in re.findall(r'\{% kept "([^"]+)"(.*?)%\}', text):
            found[name] = set(re.findall(r"(\w+)=", values))
    assert found == {name: set(kinds) for name, kinds in KEPT.items()}


def card(**changes) -> Card:
    run = rows.run()
    values = {
        "uid": run.uid,
        "title": "<b>",
        "kind": run.course.kind,
        "hours": 36,
        "format": "online",
        "language": "kk",
    }
    values |= {"country": "KZ", "place": "", "starts_on": date(2026, 12, 8), "ends_on": date(2026, 12, 19)}
    values |= {"opens_on": None, "closes_on": None, "capacity": 30, "taken": 4, "queue": 0, "stage": "open"}
    return Card(**values | {"approvers": ()} | changes)


def test_a_part_is_drawn_once_for_each_language_and_day(settings):
    shown = card()

    def seen():
        return kept("courses/_card.html", card=shown)

    with time_machine.travel("2026-11-23 12:00+05:00"):
        first = seen()
        assert "&lt;b&gt;" in first
        assert seen() is first
        with translation.override("ru"):
            assert "Записаться" in seen()
    with time_machine.travel("2027-01-01 12:00+05:00"):
        assert "leaf-year" not in first
        assert '<span class="leaf-year">2026</span>' in seen()
        settings.DEBUG = True
        assert seen() is not seen()


def test_a_change_is_seen_on_the_next_page(client, cast):
    run = rows.run(capacity=1, closes_at=timezone.now() + timedelta(days=3))
    assert "1 орыннан 1 бос" in client.get(PAGE).text
    enrolling.enrol(person=cast.librarian.person, run=run, actor=cast.librarian.actor)
    page = client.get(PAGE).text
    assert ("1 орыннан 1 бос" in page, "Кезекке тұру" in page) == (False, True)
    run.course.title_kk = "Басқа атау"
    run.course.save()
    assert "Басқа атау" in client.get(PAGE).text
    assert "Менің өтінімім" not in client.get(PAGE).text


def test_the_own_application_is_shown_to_its_owner_alone_and_as_it_is_now(cast):
    run = rows.run(closes_at=timezone.now() + timedelta(days=3))
    row = enrolling.enrol(person=cast.librarian.person, run=run, actor=cast.librarian.actor)
    client = cast.librarian.client()
    assert ("badge-ok" in client.get(PAGE).text, "badge-ok" in cast.colleague.client().get(PAGE).text) == (True, False)
    Enrolment.objects.filter(pk=row.pk).update(state="waiting")
    page = client.get(PAGE).text
    assert ("badge-ok" in page, "badge-wait" in page, row.uid in page) == (False, True, True)
