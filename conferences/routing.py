"""The way of a request from step to step: whose word is awaited, until when, and what comes after it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from conferences.models import ApprovalRoute, RouteStep, Trip, TripApproval
from conferences.trip_access import involved
from conferences.trip_states import ApprovalState
from schools import norms
from schools.errors import Refused
from schools.models import Membership, School
from schools.queries import in_force
from schools.states import Role


@dataclass(frozen=True, slots=True)
class Word:
    """A word to be awaited: of a role (at a school), or of a person; `hand` 2 is a second person's."""

    step: RouteStep
    role: str
    school: School | None = None
    hand: int = 1


def route_on(day: date) -> ApprovalRoute:
    """The newest route in force. Raises Refused where there is none yet."""
    rows = ApprovalRoute.objects.filter(valid_from__lte=day).prefetch_related("steps__person")
    route = rows.order_by("-valid_from", "-number").first()
    if route is None or not route.steps.all():
        raise Refused(_("No route of approval is set yet. Write to head office."))
    return route


def words_of(trip: Trip, route: ApprovalRoute, *, on: date) -> list[Word]:
    """All words that the request needs, in order, by its total, its travellers' schools and who leads these.

    HQ speaks in place of a director who asks or travels, or whom the school has not; where HQ has a step of its own
    that covers it. `trip` is loaded with travellers and versions.
    """
    steps = [step for step in route.steps.all() if trip.total >= step.above]
    people = involved(trip)
    asks_hq = any(step.role == Role.HQ for step in steps)
    words: list[Word] = []
    for step in steps:
        if step.role != Role.DIRECTOR:
            words += _hands(step, step.role, trip)
            continue
        schools = {row.school.pk: row.school for row in trip.travellers.all() if row.school}
        led = _led_by_others(schools, people, on)
        words += [Word(step, Role.DIRECTOR, school) for school in led]
        if len(led) < len(schools) and not asks_hq and not any(word.role == Role.HQ for word in words):
            words.append(Word(step, Role.HQ))
    return words


def open_next(trip: Trip, *, now: datetime) -> list[TripApproval]:
    """Ask for the words of the next step, inside the caller's transaction; none are left: an empty list."""
    assert trip.route is not None
    today = timezone.localdate(now)
    given = {
        (row.step_id, row.school_id, row.hand)
        for row in TripApproval.objects.filter(trip=trip, state=ApprovalState.APPROVED, version=trip.version)
    }
    ahead = [
        word
        for word in words_of(trip, trip.route, on=today)
        if (word.step.pk, word.school.pk if word.school else None, word.hand) not in given
    ]
    first = min((word.step.order for word in ahead), default=None)
    return [_ask(trip, word, now=now, today=today) for word in ahead if word.step.order == first]


def _ask(trip: Trip, word: Word, *, now: datetime, today: date) -> TripApproval:
    days = word.step.days or norms.value("approval_days", on=today)
    return TripApproval.objects.create(
        trip=trip,
        step=word.step,
        order=word.step.order,
        role=word.role,
        school=word.school,
        person=word.step.person,
        hand=word.hand,
        version=trip.version,
        opened_at=now,
        due_on=norms.working_days_after(today, days),
    )


def _hands(step: RouteStep, role: str, trip: Trip) -> list[Word]:
    two = step.two_hands_from is not None and trip.total >= step.two_hands_from
    return [Word(step, role, hand=hand) for hand in ((1, 2) if two else (1,))]


def _led_by_others(schools: Mapping[int, School], people: frozenset[int], on: date) -> list[School]:
    """Schools that have a head, and none of whose heads asks or travels. One query."""
    heads: dict[int, set[int]] = defaultdict(set)
    rows = Membership.objects.filter(in_force(on), role__in=(Role.DIRECTOR, Role.DEPUTY), school__in=schools)
    for school, person in rows.filter(person__archived_at=None).values_list("school", "person"):
        heads[school].add(person)
    return [school for pk, school in schools.items() if heads[pk] and not heads[pk] & people]
