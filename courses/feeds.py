"""Private calendar addresses: made, renewed, switched off, and what stands behind them."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Event

from courses import calendars
from courses.models import Enrolment
from courses.models.feed import Feed, make_token
from courses.states import EnrolmentState as S
from courses.states import RunState
from schools import audit, registry
from schools.access import Actor
from schools.models import Person

Source = Callable[[Person, date], Iterable[Event]]
KEPT_DAYS = 366
"""So long a run that is over stays in the calendar."""
_sources: list[Source] = []
SEATED = (S.CONFIRMED, S.COMPLETED, S.NOT_COMPLETED)


@transaction.atomic
def renew(*, person: Person, actor: Actor) -> Feed:
    """Give the person a new address; the one before is dead from then on. The ledger never holds the token."""
    feed, fresh = Feed.objects.get_or_create(person=person)
    if not fresh:
        feed.token, feed.made_at = make_token(), timezone.now()
        feed.save(update_fields=["token", "made_at"])
    audit.record(actor=actor, verb="feed.make" if fresh else "feed.renew", subject=feed, person=person)
    return feed


@transaction.atomic
def switch_off(*, person: Person, actor: Actor) -> None:
    """No address any more; without one nothing happens."""
    feed = Feed.objects.filter(person=person).first()
    if feed is not None:
        audit.record(actor=actor, verb="feed.switch_off", subject=feed, person=person)
        feed.delete()


def find(token: str) -> Feed | None:
    """The feed behind a token, if its person still works here and may sign in."""
    return (
        Feed.objects.select_related("person")
        .filter(token=token, person__archived_at=None)
        .exclude(person__account__is_active=False)
        .first()
    )


def of_person(person_id: int) -> Feed | None:
    return Feed.objects.filter(person_id=person_id).first()


def seats(person_id: int, *, since: date) -> QuerySet[Enrolment]:
    """Enrolments with a seat in runs that have a day after `since`, and those that lost it with the whole run."""
    held = Q(state__in=SEATED)
    lost = Q(state=S.CANCELLED, run__state=RunState.CANCELLED, moves__state=S.CONFIRMED)
    return (
        Enrolment.objects.filter(held | lost, person_id=person_id, run__ends_on__gte=since)
        .select_related("run__course", "run__host")
        .prefetch_related("run__host__names", "run__meetings")
        .order_by("run__starts_on", "run_id")
        .distinct()
    )


def calendar(feed: Feed, *, today: date) -> bytes:
    """The person's calendar in the person's language. What was cancelled is marked so, and vanishes."""
    with translation.override(feed.person.language):
        book = calendars.blank("PUBLISH")
        book.add("x-wr-calname", _("NIS libraries: my courses"))
        book.add("refresh-interval", timedelta(hours=6), {"value": "DURATION"})
        book.add("x-published-ttl", "PT6H")
        for seat in seats(feed.person_id, since=today - timedelta(days=KEPT_DAYS)):
            gone = seat.run.state == RunState.CANCELLED
            for event in calendars.events(seat.run, cancelled=gone, with_link=not gone):
                book.add_component(event)
        for events_of in _sources:
            for event in events_of(feed.person, today - timedelta(days=KEPT_DAYS)):
                book.add_component(event)
        return book.to_ical()


def source(events_of: Source) -> Source:
    """Rooms above add their dates of a person, given the first day to show; the language is active. Once each."""
    if events_of not in _sources:
        _sources.append(events_of)
    return events_of


def forget(*, person: Person, **_facts: object) -> None:
    """Whose data go loses the calendar address too."""
    Feed.objects.filter(person=person).delete()


def forget_merged(*, gone: Person, **_facts: object) -> None:
    """Of two rows that were one person, the one that stays keeps its own address."""
    Feed.objects.filter(person=gone).delete()


def listen() -> None:
    registry.erased.listen(forget)
    registry.merged.listen(forget_merged)
