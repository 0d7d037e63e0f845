"""The days that a trip takes of its travellers' time, and what stands against them."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from conferences.models import Traveller, Trip
from conferences.trip_states import UNDER_WAY
from courses.models import Enrolment
from courses.queries import busy_source, titles_of
from schools import agenda, wording
from schools.agenda import Span
from schools.errors import Refused
from schools.models import Busy


def source_of(traveller: Traveller) -> str:
    """How the ledger of taken time names a traveller's days."""
    return f"traveller:{traveller.pk}"


def titles_of_trips(sources: list[str]) -> dict[str, str]:
    """What a trip's days are called in the ledger of taken time; sources of other rooms are left out. One query."""
    keys = [int(source.split(":")[1]) for source in sources if source.startswith("traveller:")]
    rows = Traveller.objects.filter(pk__in=keys).select_related("trip") if keys else []
    return {source_of(row): _("Trip: %(city)s") % {"city": row.trip.city} for row in rows}


def spans_of(trip: Trip) -> list[Span]:
    """The whole of all days, at home: a trip leaves no evening for a course."""
    zone = ZoneInfo(settings.TIME_ZONE)
    start = datetime.combine(trip.starts_on, time.min, zone)
    end = datetime.combine(trip.ends_on + timedelta(days=1), time.min, zone)
    return [(start.astimezone(UTC), end.astimezone(UTC))]


def clashes_of(trip: Trip) -> list[tuple[Traveller, str]]:
    """For each traveller whose days are taken: by what, in words. `trip` is loaded; at most four queries."""
    rows = list(trip.travellers.all())
    people = [row.person_id for row in rows]
    others = _other_trips(trip, people)
    taken = agenda.first_clashes(people=people, spans=spans_of(trip), but=_own_courses(trip, people))
    titles = titles_of([busy.source for busy in taken.values()]) if taken else {}
    found = []
    for row in rows:
        if other := others.get(row.person_id):
            days = wording.date_range(other.starts_on, other.ends_on)
            found.append((row, _("another trip: %(city)s, %(days)s") % {"city": other.city, "days": days}))
        elif busy := taken.get(row.person_id):
            found.append((row, _taken_by(busy, titles)))
    return found


def take(trip: Trip) -> None:
    """Write the days down for every traveller. Raises Refused if they have been taken since the request was sent."""
    for traveller, what in clashes_of(trip):
        raise Refused(_("%(name)s has these days taken: %(what)s.") % {"name": traveller.person, "what": what})
    for traveller in trip.travellers.all():
        agenda.take(person=traveller.person, spans=spans_of(trip), source=source_of(traveller))


def give_back(trip: Trip) -> None:
    """The days are free again."""
    for traveller in trip.travellers.all():
        agenda.release(source=source_of(traveller))


def _other_trips(trip: Trip, people: list[int]) -> dict[int, Trip]:
    """By person: a trip that is sent or approved and shares a day, though its days may not be taken yet."""
    rows = Traveller.objects.filter(
        person__in=people,
        trip__state__in=UNDER_WAY,
        trip__starts_on__lte=trip.ends_on,
        trip__ends_on__gte=trip.starts_on,
    ).exclude(trip=trip.pk)
    return {row.person_id: row.trip for row in rows.select_related("trip").order_by("-trip__starts_on", "-trip")}


def _own_courses(trip: Trip, people: list[int]) -> list[str]:
    """The course that the trip leads to takes the same days, and should."""
    if trip.run_id is None:
        return []
    seats = Enrolment.objects.filter(run=trip.run_id, person__in=people).values_list("pk", flat=True)
    return [busy_source(pk) for pk in seats]


def _taken_by(busy: Busy, titles: dict[str, str]) -> str:
    if title := titles.get(busy.source):
        return _("the course «%(course)s»") % {"course": title}
    return _("other work on %(day)s") % {"day": wording.short_date(busy.start)}
