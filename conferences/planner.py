"""Counting backwards from a conference or a trip: what is due when, what is late, and what can no longer be done.

Pure: nothing is read here but the words. `leads` are days before the first day; each has a setting.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

HOME = "KZ"
SOON = timedelta(days=14)
"""So long before its day a step is shown as near."""


class Step(models.TextChoices):
    """In the order in which they usually come; equal days keep it."""

    REVIEW = "review", pgettext_lazy("planner", "Internal review")
    ABSTRACT = "abstract", pgettext_lazy("planner", "Abstract to the conference")
    ANSWER = "answer", pgettext_lazy("planner", "Answer of the conference")
    PAPER = "paper", pgettext_lazy("planner", "Full text to the conference")
    REGISTRATION = "registration", pgettext_lazy("planner", "Registration")
    ORDER = "order", pgettext_lazy("planner", "Trip approved, order signed")
    INSURANCE = "insurance", pgettext_lazy("planner", "Insurance")
    VISA = "visa", pgettext_lazy("planner", "Visa application")
    TICKETS = "tickets", pgettext_lazy("planner", "Tickets")


class LineState(models.TextChoices):
    DONE = "done", pgettext_lazy("planner", "done")
    LATE = "late", pgettext_lazy("planner", "late")
    SOON = "soon", pgettext_lazy("planner", "near")
    AHEAD = "ahead", pgettext_lazy("planner", "ahead")


@dataclass(frozen=True, slots=True)
class Leads:
    """Days before the abstract is due (`review`), else before the first day. `visa_least`: the quickest visa."""

    review: int
    registration: int
    order: int
    insurance: int
    visa: int
    visa_least: int
    tickets: int


@dataclass(frozen=True, slots=True)
class Journey:
    """What is planned. Dates that are not known are None and make no step.

    `needs_visa` None: abroad, and nobody has found out yet. `travels` is False for what is held online.
    """

    starts_on: date | None
    country: str = ""
    travels: bool = True
    needs_visa: bool | None = None
    abstract_due: date | None = None
    outcome_on: date | None = None
    paper_due: date | None = None
    early_until: date | None = None
    registers: bool = True
    done: frozenset[str] = frozenset()

    @property
    def abroad(self) -> bool:
        return self.travels and self.country not in ("", HOME)


@dataclass(frozen=True, slots=True)
class Line:
    step: Step
    due: date
    state: LineState
    note: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Lines by date. `warnings` are sentences for before money is spent, the gravest first."""

    lines: tuple[Line, ...]
    warnings: tuple[str, ...]


def plan(journey: Journey, leads: Leads, *, today: date) -> Plan:
    """Only the steps that apply, each with its last day and how it stands today."""
    days = _days(journey, leads)
    order = list(Step)
    lines = tuple(
        Line(step, due, _state(step, due, journey, today), _note(step, journey))
        for step, due in sorted(days.items(), key=lambda pair: (pair[1], order.index(pair[0])))
    )
    return Plan(lines, tuple(_warnings(journey, leads, lines, today)))


def _days(journey: Journey, leads: Leads) -> dict[Step, date]:
    first, found = journey.starts_on, {}

    def before(day: date | None, lead: int) -> date | None:
        return day - timedelta(days=lead) if day else None

    found[Step.REVIEW] = before(journey.abstract_due, leads.review)
    found[Step.ABSTRACT] = journey.abstract_due
    found[Step.ANSWER] = journey.outcome_on
    found[Step.PAPER] = journey.paper_due
    if journey.registers:
        found[Step.REGISTRATION] = journey.early_until or before(first, leads.registration)
    if journey.travels:
        found[Step.ORDER] = before(first, leads.order)
        found[Step.TICKETS] = before(first, leads.tickets)
    if journey.abroad:
        found[Step.INSURANCE] = before(first, leads.insurance)
        if journey.needs_visa is not False:
            found[Step.VISA] = before(first, leads.visa)
    return {step: due for step, due in found.items() if due is not None}


def _state(step: Step, due: date, journey: Journey, today: date) -> LineState:
    if step in journey.done:
        return LineState.DONE
    if due < today:
        return LineState.LATE
    return LineState.SOON if due - today <= SOON else LineState.AHEAD


def _note(step: Step, journey: Journey) -> str:
    if step == Step.VISA and journey.needs_visa is None:
        return _("Find out whether one is needed.")
    if step == Step.REGISTRATION and journey.early_until:
        return _("The early-bird fee holds until this day.")
    return ""


def _warnings(journey: Journey, leads: Leads, lines: tuple[Line, ...], today: date) -> list[str]:
    found: list[str] = []
    if journey.starts_on is not None and journey.starts_on < today:
        return found
    visa = next((line for line in lines if line.step == Step.VISA and line.state != LineState.DONE), None)
    if visa and journey.starts_on and today + timedelta(days=leads.visa_least) > journey.starts_on:
        found.append(
            _("A visa cannot arrive in time: do not buy tickets and do not pay fees before this is settled.")
            if journey.needs_visa
            else _("If a visa is needed, it cannot arrive in time: find out before you buy tickets or pay fees.")
        )
    late = [
        str(line.step.label) for line in lines if line.state == LineState.LATE and line is not (visa if found else None)
    ]
    if late:
        found.append(_("These dates have passed: %(steps)s.") % {"steps": ", ".join(late)})
    return found
