"""What participants say afterwards: once each, without a name, and shown only when enough have spoken."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import access
from courses.models import Enrolment, Feedback, FeedbackGiven, Run, Signup
from courses.reminder_words import REMINDER
from courses.states import SEATED, RunState
from schools import norms, outbox
from schools.access import Actor
from schools.errors import Refused, Stale

QUESTIONS: dict[str, Promise] = {
    "useful": gettext_lazy("How useful was it for your work?"),
    "clear": gettext_lazy("How clear were the explanations?"),
    "organised": gettext_lazy("How well was it organised?"),
}
"""The three marks, from 1 to 5, by their column."""
TEXTS: dict[str, Promise] = {
    "will_use": gettext_lazy("What will you use in your library?"),
    "better": gettext_lazy("What could be better?"),
}
OPEN_FOR = timedelta(days=90)
"""So long after the course people may answer: later they remember something else."""
MARKS = (5, 4, 3, 2, 1)
KEY_BITS = 53


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: marks from 1 to 5 and two texts that may be empty."""

    useful: int
    clear: int
    organised: int
    will_use: str = ""
    better: str = ""


def opens_at(run: Run) -> datetime | None:
    """From when on people are asked: the end of the last meeting, or of the last day; None without dates."""
    if ends := [meeting.ends_at for meeting in run.meetings.all()]:
        return max(ends)
    if run.ends_on is None:
        return None
    return datetime.combine(run.ends_on + timedelta(days=1), time.min, ZoneInfo(run.zone))


def is_asked(enrolment: Enrolment, *, now: datetime) -> bool:
    """True if the person took part and the course is newly over; whether an answer was given does not matter here."""
    return enrolment.state in SEATED and is_open(enrolment.run, now=now)


def is_open(run: Run, *, now: datetime) -> bool:
    """True while people are asked about the run."""
    if run.state == RunState.CANCELLED:
        return False
    opens = opens_at(run)
    return opens is not None and opens <= now < opens + OPEN_FOR


def has_answered(enrolment: Enrolment) -> bool:
    return FeedbackGiven.objects.filter(enrolment=enrolment).exists()


@transaction.atomic
def give(*, enrolment: Enrolment, answer: Answer, actor: Actor, link_of: Signup | None = None) -> None:
    """Keep one answer, and apart from it that this person has answered.

    The link of a guest's sign-up (`link_of`) speaks for the people in it. The answer's key is random and only its day
    is kept, so that neither order nor hour leads back to the person; for the same reason nothing is written to the
    ledger. A reminder that was not sent yet is taken back. Raises Refused for others than the participant and while
    the questions are not open, Stale the second time.
    """
    rows = Enrolment.objects.select_for_update(no_key=True, of=("self",)).select_related("run", "signup")
    row, now = rows.get(pk=enrolment.pk), timezone.now()
    by_link = link_of is not None and row.signup_id == link_of.pk
    if not (by_link or access.is_applicant(actor, row)):
        raise Refused(_("Only those who took part answer."))
    if not is_asked(row, now=now):
        raise Refused(_("Feedback is given after the course, by those who took part."))
    if has_answered(row):
        raise Stale(_("You have answered already. Thank you!"))
    FeedbackGiven.objects.create(enrolment=row)
    _take_back_reminder(row)
    Feedback.objects.create(
        pk=secrets.randbits(KEY_BITS),
        run=row.run,
        day=timezone.localdate(now),
        useful=answer.useful,
        clear=answer.clear,
        organised=answer.organised,
        will_use=answer.will_use,
        better=answer.better,
    )


def _take_back_reminder(row: Enrolment) -> None:
    """Once nobody is left who would answer it: the letter to the contact of guests is to all of them."""
    outbox.supersede(about=row, kinds=[REMINDER])
    if row.signup and not row.signup.enrolments.filter(state__in=SEATED, feedback_given=None).exists():
        outbox.supersede(about=row.signup, kinds=[REMINDER])


@dataclass(frozen=True, slots=True)
class Mark:
    """One question over all answers: the mean, and how many gave each mark (from 5 down to 1)."""

    label: str
    mean: float
    counts: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Summary:
    """What may be shown of a run's answers. While too few have answered, `missing` alone says something."""

    missing: int
    minimum: int
    answers: int = 0
    marks: list[Mark] = field(default_factory=list)
    texts: list[tuple[str, list[str]]] = field(default_factory=list)


def summary(run: Run) -> Summary:
    """The answers about a run, from the minimum group on; texts in an order of chance, each time another."""
    minimum = norms.value("feedback_minimum", on=run.ends_on or timezone.localdate())
    rows = list(Feedback.objects.filter(run=run))
    if len(rows) < minimum:
        return Summary(missing=minimum - len(rows), minimum=minimum)
    return Summary(
        missing=0,
        minimum=minimum,
        answers=len(rows),
        marks=[_mark(str(label), [getattr(row, name) for row in rows]) for name, label in QUESTIONS.items()],
        texts=[(str(label), _shuffled([getattr(row, name) for row in rows])) for name, label in TEXTS.items()],
    )


def _mark(label: str, values: Sequence[int]) -> Mark:
    counts = [(str(mark), values.count(mark)) for mark in MARKS]
    return Mark(label=label, mean=round(sum(values) / len(values), 1), counts=counts)


def _shuffled(texts: Sequence[str]) -> list[str]:
    said = [text for text in texts if text.strip()]
    secrets.SystemRandom().shuffle(said)
    return said
