"""A request of the demonstration that waits for the shown director's word: a course abroad that is still to come."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import translation

from conferences import trip_charges, trip_contents
from conferences.models import (
    ApprovalRoute,
    Budget,
    Leg,
    Promise,
    Traveller,
    Trip,
    TripApproval,
    TripHand,
    TripMove,
)
from conferences.trip_states import Audience, TravelRole, TripState, TripVerb
from courses.models import Run
from courses.states import RunState
from nis_library.home.demo import tales
from nis_library.home.demo.chance import Chance, at
from nis_library.home.demo.crowd import Crowd
from nis_library.home.demo.spending import Spending
from schools.access import Actor
from schools.states import Role

DAY = timedelta(days=1)


class Asking:
    """Writes one request with its money held, as the portal's own verbs would leave it."""

    def __init__(self, chance: Chance, crowd: Crowd, *, today: date) -> None:
        self.chance, self.crowd, self.today = chance, crowd, today
        self.spending = Spending(chance, crowd, today=today)

    @transaction.atomic
    def write(self) -> None:
        """Nothing where no course abroad is ahead, or nothing is planned to pay for it."""
        coming = Run.objects.filter(state=RunState.PUBLISHED, starts_on__gt=self.today + 10 * DAY)
        run = coming.exclude(country="KZ").order_by("starts_on", "uid").first()
        route = ApprovalRoute.objects.order_by("number").first()
        if run is None or run.starts_on is None or run.ends_on is None or route is None:
            return
        shown = self.crowd.worker(self.crowd.named[Role.LIBRARIAN])
        school, asked = shown.school_on(self.today), at(self.today - 2 * DAY, 11)
        with translation.override("kk"):
            city = run.place.partition(",")[0]
        trip = Trip.objects.create(
            uid=self.chance.uid(),
            purpose=tales.TO_A_COURSE,
            run=run,
            city=city,
            country=run.country,
            starts_on=run.starts_on - DAY,
            ends_on=run.ends_on + DAY,
            needs_visa=True,
            requester_id=shown.person_id,
            route=route,
            state=TripState.SUBMITTED,
            version=1,
            created_at=asked - DAY,
            changed_at=asked,
        )
        words = {"consent_version": "1", "consented_at": asked, "transfer_consented_at": asked}
        who = {"person_id": shown.person_id, "school_id": school, "role": TravelRole.LEARNER}
        Traveller.objects.create(trip=trip, covered_by=tales.COVER, **who, **words)
        TripHand.objects.create(trip=trip, person_id=shown.person_id)
        self._plan(trip, shown.person_id)
        self._send(trip, school)

    def _plan(self, trip: Trip, person: int) -> None:
        """The way, the estimate and what is promised."""
        legs = (
            (1, trip.starts_on, tales.HOME, trip.city, trip.country),
            (2, trip.ends_on, trip.city, tales.HOME, "KZ"),
        )
        for order, day, origin, there, country in legs:
            way = {"origin": origin, "destination": there, "country": country}
            Leg.objects.create(trip=trip, order=order, departs_on=day, arrives_on=day, **way)
        self.spending.write(trip, accounted=False)
        Promise.objects.create(
            uid=self.chance.uid(),
            trip=trip,
            person_id=person,
            what=self.chance.choice(tales.PROMISED),
            audience=Audience.COUNTRY,
            due_on=trip.ends_on + 120 * DAY,
        )

    def _send(self, trip: Trip, school: int | None) -> None:
        """The director's word is awaited; the money is held where the year's budget stands."""
        assert trip.route is not None, "written above"
        step = trip.route.steps.order_by("order", "pk")[0]
        actor = Actor(person_id=trip.requester_id, is_authenticated=True)
        TripApproval.objects.create(
            uid=self.chance.uid(),
            trip=trip,
            step=step,
            order=step.order,
            role=step.role,
            school_id=school if step.role == Role.DIRECTOR else None,
            version=1,
            opened_at=trip.changed_at,
            due_on=self.today + 3 * DAY,
        )
        trip_contents.keep(trip, actor=actor)
        for verb, state, moment, version in (
            (TripVerb.START, TripState.DRAFT, trip.created_at, 0),
            (TripVerb.SUBMIT, TripState.SUBMITTED, trip.changed_at, 1),
        ):
            facts = {"actor_id": trip.requester_id, "at": moment, "told_at": moment, "version": version}
            TripMove.objects.create(trip=trip, verb=verb, state=state, **facts)
        if Budget.objects.filter(year=trip.starts_on.year, school=None).exists():
            trip_charges.reserve(trip, actor=actor, now=trip.changed_at)
