"""What an allocation gave one applicant, in words of the active language: the outcome, the reasons, the points."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import allocation_words
from courses.allocation import result_from_json
from courses.allocation_types import Outcome
from courses.models import Allocation, AllocationOutcome, Enrolment, Signup
from courses.states import Hindrance
from schools import norms

ALONE = gettext_lazy("By the points alone it would be:")
LEFT = gettext_lazy(
    "By the dates on record the person no longer works in the network when the run begins, or has given up the "
    "application. Is a date wrong? Write to the contact person."
)


@dataclass(frozen=True)
class Told:
    """One applicant's outcome. `lines` are whole sentences; `points` are empty for who fills a held place."""

    has_place: bool
    lines: list[str]
    points: list[allocation_words.PointsRow] = field(default_factory=list)
    total: int = 0
    draw: str = ""


def outcome_of(row: AllocationOutcome) -> Outcome | None:
    """The applicant's part of the result; None for who fills a held place or left before it."""
    if not row.told:
        return None
    whole = json.dumps({"outcomes": [json.loads(row.told)], "order": {}, "credits": {}})
    return result_from_json(whole).outcomes[0]


def told(row: AllocationOutcome, *, voice: allocation_words.Voice = allocation_words.APPLICANT) -> Told:
    """The published outcome of one applicant."""
    outcome = outcome_of(row)
    if outcome is None:
        held = [_("This place was held by the school.")] if row.enrolment.of_held else []
        return Told(row.run_id is not None, [*hindered(row), *held])
    lines = lines_of(outcome, row.edit.reason if row.edit else "", voice=voice)
    if row.edit is None and row.beside_edit:
        lines = [_("A coordinator has changed places of this run, with reasons that are kept."), str(ALONE), *lines]
    elif row.edit is None and row.hindrance:
        lines = [str(ALONE), *lines]
    lines = [*hindered(row), *lines]
    return of_outcome(outcome, has_place=row.run_id is not None, lines=lines)


def hindered(row: AllocationOutcome) -> list[str]:
    """Why a place that was allocated could not be given, if that is so."""
    if not row.hindrance:
        return []
    why = str(LEFT) if row.hindrance == Hindrance.LEFT else row.get_hindrance_display()
    return [_("The place could not be given: %(why)s") % {"why": why}]


def of_outcome(outcome: Outcome, *, has_place: bool, lines: list[str]) -> Told:
    return Told(has_place, lines, allocation_words.points(outcome.parts), outcome.points, outcome.draw[:8])


def lines_of(outcome: Outcome, edited: str, *, voice: allocation_words.Voice = allocation_words.APPLICANT) -> list[str]:
    """The reasons, wish by wish; of an edited outcome the coordinator's reason (`edited`) comes first."""
    ranked = len(outcome.reasons) > 1 or (outcome.wish or 1) > 1
    reasons = [allocation_words.reason(one, ranked=ranked, voice=voice) for one in outcome.reasons]
    if not edited:
        return reasons
    return [
        _("A coordinator has decided otherwise than the points. The reason: %(reason)s") % {"reason": edited},
        str(ALONE),
        *reasons,
    ]


def appeal_until(allocation: Allocation) -> date | None:
    """The last day of appeals: so many working days after publishing (norm `appeal_days`)."""
    if allocation.published_at is None:
        return None
    day = timezone.localdate(allocation.published_at)
    return norms.working_days_after(day, norms.value("appeal_days", on=day))


def may_still_appeal(allocation: Allocation, *, now: datetime) -> bool:
    until = appeal_until(allocation)
    return until is not None and timezone.localdate(now) <= until


def of_contact(signup: Signup) -> Q:
    """A condition on AllocationOutcome: of applications that this contact made, here or by another proved sign-up.

    One person may have others, which are no business of the contact's: those of an account that took a guest over.
    """
    proved = Q(enrolment__signup__email=signup.email, enrolment__signup__verified_at__isnull=False)
    return Q(enrolment__signup=signup) | proved


def reasons_of(signup: Signup, rows: Sequence[Enrolment]) -> list[tuple[str, str]]:
    """Each of these people with the reasons of their outcome, for the letter to whoever signed them up."""
    people = {row.person_id for row in rows}
    found = AllocationOutcome.objects.filter(allocation__intake=signup.run.intake_id, enrolment__person__in=people)
    found = found.filter(of_contact(signup))
    outcomes = found.select_related("enrolment__person", "edit").order_by("pk")
    texts = [(row.enrolment.person.full_name, told(row, voice=allocation_words.COORDINATOR).lines) for row in outcomes]
    return [(name, " ".join(lines)) for name, lines in texts]


def outcome_for(person_id: int, intake_id: int | None) -> AllocationOutcome | None:
    """What the published allocation of the intake gave this person, if there is one."""
    if intake_id is None:
        return None
    rows = AllocationOutcome.objects.filter(allocation__intake=intake_id, enrolment__person=person_id)
    found = rows.select_related("allocation", "enrolment__person", "run__course", "edit")
    return found.order_by(F("run").asc(nulls_last=True), "pk").first()
