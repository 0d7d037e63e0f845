"""Who is to be reminded now. Found from rows at every tick, never planned ahead: what changes, changes this too.

A reminder opens at eight in the morning of its day, where the run meets, and is written while readers are awake.
It stays open for a day and a half, so that a night or an outage delays it, and never past what it speaks of.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import CharField, DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from courses.models import Enrolment, EnrolmentMove, Meeting, ReminderChoice, ReminderRule, Run, RunNotice
from courses.states import SEATED, EnrolmentState, ReminderKind, RunState
from schools import norms
from schools.delivery import SMTP_BACKEND
from schools.models import Mail, Person, School
from schools.queries import heads_of, holders_of
from schools.states import MailState, Role

log = logging.getLogger(__name__)

MORNING, NIGHT = 8, 21
"""Hours of the reader's clock (the portal's own zone) between which reminders are written."""
OPEN_FOR = timedelta(hours=36)
SETTLE = timedelta(hours=1)
"""So long after a letter about the same thing (a place confirmed, a run moved) no reminder follows it."""
DAY = timedelta(days=1)
USEFUL_AFTER_COURSE = timedelta(days=14)
Candidate = tuple[int, str, date | datetime | None, datetime | None]
"""Key and zone of a run, the day or moment that is spoken of, and from when on it is too late."""
START_KINDS = (ReminderKind.BEFORE_START, ReminderKind.DAY_BEFORE)
AUDIENCE: dict[str, tuple[str, ...]] = {
    ReminderKind.BEFORE_START: (EnrolmentState.CONFIRMED,),
    ReminderKind.DAY_BEFORE: (EnrolmentState.CONFIRMED,),
    ReminderKind.DEADLINE_NEAR: (EnrolmentState.NOMINATED, EnrolmentState.RETURNED),
    ReminderKind.FEEDBACK_DUE: SEATED,
}
"""States whose people hear of each kind. The deadline matters to those who still have to act."""


def readers_are_awake(now: datetime) -> bool:
    """True by day, and always where no mail server is set: letters that stay in the portal wake nobody."""
    if settings.EMAIL_BACKEND != SMTP_BACKEND:
        return True
    return MORNING <= now.astimezone(ZoneInfo(settings.TIME_ZONE)).hour < NIGHT


def key(rule: ReminderRule, fact: date, *rest: int) -> str:
    """The occasion of a letter: rule, the day it speaks of, and then enrolment, person, sequence of the run."""
    return ":".join(("reminder", str(rule.pk), fact.isoformat(), *map(str, rest)))


def open_runs(rule: ReminderRule, *, now: datetime) -> dict[date, list[int]]:
    """Keys of the runs whose reminder is open, by the day that it speaks of (where the run meets)."""
    found: dict[date, list[int]] = defaultdict(list)
    away = rule.days if rule.kind == ReminderKind.FEEDBACK_DUE else -rule.days
    for pk, zone, event, ends in _candidates(rule, now):
        if event is None:
            continue
        try:
            fact = event.astimezone(ZoneInfo(zone)).date() if isinstance(event, datetime) else event
            opens = morning(fact + away * DAY, zone)
            last = ends or (morning(fact, zone) if away < 0 else opens + OPEN_FOR)
        except (KeyError, ValueError, OSError):
            log.warning("Run %s has no usable time zone (%s): nobody is reminded of it.", pk, zone)
            continue
        if opens <= now < min(opens + OPEN_FOR, last):
            found[fact].append(pk)
    return dict(sorted(found.items()))


def _candidates(rule: ReminderRule, now: datetime) -> Iterable[Candidate]:
    """Runs from a window of dates that is wide enough for every zone."""
    distance, today = rule.days * DAY, now.astimezone(UTC).date()
    runs = Run.objects.filter(~Exists(_fresh_notices(now)))
    if rule.kind == ReminderKind.DEADLINE_NEAR:
        runs = runs.filter(state=RunState.PUBLISHED, closes_at__gt=now, closes_at__lt=now + distance + 2 * DAY)
        return runs.values_list("pk", "zone", "closes_at", "closes_at")
    if rule.kind == ReminderKind.FEEDBACK_DUE:
        window = (today - distance - 3 * DAY, today - distance + DAY)
        runs = runs.filter(state__in=(RunState.PUBLISHED, RunState.CLOSED), ends_on__range=window)
        return runs.values_list("pk", "zone", "ends_on", Value(None, DateTimeField()))
    window = (today + distance - 3 * DAY, today + distance + DAY)
    runs = runs.filter(state=RunState.PUBLISHED, starts_on__range=window)
    return runs.values_list("pk", "zone", "starts_on", first_meeting())


def first_meeting() -> Subquery:
    """When the run of the outer query first meets; None without meetings."""
    return Subquery(Meeting.objects.filter(run=OuterRef("pk")).order_by("starts_at").values("starts_at")[:1])


def morning(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(MORNING), ZoneInfo(zone))


def _fresh_notices(now: datetime) -> QuerySet[RunNotice]:
    """Changes of the run that people are being told of, or have just been told of."""
    fresh = Q(told_at=None) | Q(at__gt=now - SETTLE)
    return RunNotice.objects.filter(fresh, run=OuterRef("pk"))


def to_remind(rule: ReminderRule, fact: date, run_ids: list[int], *, now: datetime) -> QuerySet[Enrolment]:
    """Enrolments of these runs whose people have no letter of this occasion yet and did not decline the kind.

    Of guests the contact hears: `guest_reminders`.
    """
    declined = ReminderChoice.objects.filter(person=OuterRef("person"), kind=rule.kind, wanted=False)
    rows = (
        Enrolment.objects.filter(run__in=run_ids, state__in=AUDIENCE[rule.kind], changed_at__lte=now - SETTLE)
        .filter(~Exists(_untold()), ~Exists(declined), ~Exists(_same_letter(rule, fact)), person__archived_at=None)
        .filter(signup=None)
        .exclude(pk__in=_told(rule, fact))
        .select_related("person")
        .order_by("run", "number")
    )
    return rows.filter(feedback_given=None) if rule.kind == ReminderKind.FEEDBACK_DUE else rows


def for_letters(run_ids: Collection[int]) -> dict[int, Run]:
    """Runs by key, with all that a reminder says of them."""
    rows = Run.objects.filter(pk__in=run_ids).select_related("course", "host", "contact")
    return rows.prefetch_related("meetings", "host__names").in_bulk()


def useful_until(rule: ReminderRule, fact: date, run: Run) -> datetime | None:
    """After this moment a letter that still waits is no longer sent."""
    if rule.kind == ReminderKind.DEADLINE_NEAR:
        return run.closes_at
    if rule.kind == ReminderKind.FEEDBACK_DUE:
        return morning(fact, run.zone) + rule.days * DAY + USEFUL_AFTER_COURSE
    first = next(iter(run.meetings.all()), None)
    return first.starts_at if first else morning(fact, run.zone)


def _told(rule: ReminderRule, fact: date) -> QuerySet[Mail, Any]:
    """Enrolments with a letter of this occasion that stands: an uncorrelated read by the beginning of the key."""
    letters = Mail.objects.filter(dedupe_key__startswith=key(rule, fact) + ":", subject_id__isnull=False)
    return letters.exclude(state=MailState.SUPERSEDED).values("subject_id")


def _same_letter(rule: ReminderRule, fact: date) -> QuerySet[Mail]:
    """The very letter that would be written, taken back or not: it comes again only with other facts of the run."""
    parts = (Concat(Value(":"), Cast(OuterRef(name), CharField())) for name in ("pk", "person", "run__sequence"))
    return Mail.objects.filter(dedupe_key=Concat(Value(key(rule, fact)), *parts))


def _untold() -> QuerySet[EnrolmentMove]:
    """Moves of the enrolment whose own letter has still to be written: it comes first."""
    return EnrolmentMove.objects.filter(enrolment=OuterRef("pk"), told_at=None)


def open_decision_days(rule: ReminderRule, *, now: datetime) -> list[date]:
    """Due days of decisions that approvers are to be reminded of today; none when nobody works.

    `days` are working days before the due day, 0 the day itself. What the last working day missed is made up for.
    """
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    if not norms.works(today):
        return []
    return [norms.working_days_after(day, rule.days) for day in (norms.working_day_before(today), today)]


def awaiting(fact: date) -> QuerySet[Enrolment]:
    """Applications whose decision is due on that day. The condition on `decider` is that of the index."""
    rows = Enrolment.objects.filter(~Q(decider=""), state=EnrolmentState.PENDING, step_due=fact)
    return rows.filter(~Exists(_untold()))


def deciders(fact: date, *, today: date) -> dict[int, tuple[Person, Q]]:
    """Who may decide what is due on that day: by key the person, and which applications are theirs."""
    parts = set(awaiting(fact).order_by().values_list("decider", "school").distinct())
    schools = School.objects.in_bulk({school for decider, school in parts if decider == Role.DIRECTOR})
    groups = [(heads_of(school, on=today), Q(decider=Role.DIRECTOR, school=school)) for school in schools.values()]
    if any(decider == Role.HQ for decider, _ in parts):
        groups.append((holders_of(Role.HQ, on=today), Q(decider=Role.HQ)))
    found: dict[int, tuple[Person, Q]] = {}
    for people, theirs in groups:
        for person in people:
            found[person.pk] = person, (found[person.pk][1] if person.pk in found else Q()) | theirs
    return found
