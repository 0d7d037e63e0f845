"""What an organiser wants a run or a course to be: plain values that travel from forms to verbs."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from translated_fields import to_attribute

from courses.models import Course, Run, SeatShare
from schools import audit
from schools.models import Person

LANGUAGES = ("kk", "ru", "en")
TEXTS = ("title", "summary", "outcomes", "audience")
COURSE_FACTS = ("topic", "kind", "format", "hours", *(to_attribute(name, lang) for name in TEXTS for lang in LANGUAGES))
TIMES = ("starts_on", "ends_on", "zone", "opens_at", "closes_at", "cancel_until", "merge_at")
PLACE = ("country", "host", "place_kk", "place_ru", "place_en")
OPEN_TO_ALL = ("outreach", "school_limit", "region")
SEATS = ("region_limit", "hold_limit", "offer_hours")
RUN_FACTS = (*TIMES, *PLACE, "language", "capacity", "chain", "contact", "join_link", *OPEN_TO_ALL, *SEATS)
Snapshot = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """One meeting, instants in UTC. `was` is its place (from 1) in the order of the run's present meetings."""

    starts_at: datetime
    ends_at: datetime
    hours: int
    was: int | None = None


@dataclass(frozen=True, slots=True)
class TrainerPlan:
    """A person of the portal, or a name."""

    person: Person | None = None
    name: str = ""

    def __str__(self) -> str:
        return self.person.full_name if self.person else self.name


@dataclass(frozen=True, slots=True)
class MaterialPlan:
    title: str
    url: str

    def __str__(self) -> str:
        return f"{self.title} <{self.url}>"


@dataclass(frozen=True, slots=True)
class RunPlan:
    """A run as it shall be. `facts` holds values of RUN_FACTS; a list that is None stays as it is."""

    facts: Mapping[str, Any]
    meetings: tuple[MeetingPlan, ...] | None = None
    trainers: tuple[TrainerPlan, ...] | None = None
    materials: tuple[MaterialPlan, ...] | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The dates of a run: days, zone, meetings and deadlines. Without dates it is to be announced."""

    starts_on: date | None
    ends_on: date | None
    zone: str
    meetings: tuple[MeetingPlan, ...] = ()
    closes_at: datetime | None = None
    cancel_until: datetime | None = None

    def facts(self) -> dict[str, Any]:
        names = ("starts_on", "ends_on", "zone", "closes_at", "cancel_until")
        return {name: getattr(self, name) for name in names}


def facts_of(row: Model, names: tuple[str, ...]) -> Snapshot:
    return {name: getattr(row, name) for name in names}


def of_course(course: Course) -> Snapshot:
    return {**facts_of(course, COURSE_FACTS), "state": course.state}


def of_run(run: Run) -> Snapshot:
    """Everything of a run that organisers edit, with its lists as lines of text."""
    return {
        **facts_of(run, RUN_FACTS),
        "state": run.state,
        "meetings": [meeting_line(row) for row in run.meetings.order_by("starts_at", "id")],
        "trainers": [str(row) for row in run.trainers.select_related("person").order_by("id")],
        "materials": [f"{row.title} <{row.url}>" for row in run.materials.order_by("id")],
        "shares": [share_line(row) for row in run.shares.select_related("school", "region").order_by("id")],
    }


def share_line(share: SeatShare) -> str:
    """The rules of one school or region as the ledger keeps them: its code, promised, most, held."""
    whose = share.school.code if share.school else share.region.iso if share.region else ""
    most = "–" if share.cap is None else share.cap
    return f"{whose}: {share.floor} · {most} · {share.held}"


def meeting_line(row: Any) -> str:
    return f"{audit.plain(row.starts_at)} – {audit.plain(row.ends_at)} · {row.hours}"


def version(snapshot: Snapshot) -> str:
    """A short token of what somebody saw: another one means that the row was changed in between."""
    plain = {name: audit.plain(value) for name, value in snapshot.items()}
    return hashlib.sha256(audit.canonical(plain)).hexdigest()[:20]


def differences(before: Snapshot, after: Snapshot) -> dict[str, tuple[Any, Any]]:
    """Fields that changed, with old and new value, as the audit ledger takes them."""
    return {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}
