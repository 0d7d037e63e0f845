"""Delegations to IFLA and IASL since 2013, and what came of them. Conferences are true, all else is invented."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from conferences.models import (
    Abstract,
    ApprovalRoute,
    Author,
    Edition,
    Leg,
    Presentation,
    Promise,
    Traveller,
    Trip,
    TripApproval,
    TripDerivation,
    TripHand,
    TripMove,
)
from conferences.states import AuthorState, EditionMode, EditionState, PresentationFormat, PresentationState
from conferences.trip_states import ApprovalState, Audience, PromiseKind, PromiseState, TravelRole, TripState, TripVerb
from courses.models import Derivation, Run, RunTrainer
from courses.states import CourseKind, RunState
from nis_library.home.demo import tales
from nis_library.home.demo.chance import Chance, at
from nis_library.home.demo.crowd import Crowd, Worker
from nis_library.home.demo.spending import Spending
from schools.states import Role

FIRST_YEAR = 2013
DAY = timedelta(days=1)
WITHIN, EARLIEST = 400 * DAY, 14 * DAY
"""A seminar that came of a trip was held so long after it, at most and at least."""
TO_PASS_ON = 240 * DAY
"""So long after the trip a promise is due."""
FRESH = 30 * DAY
"""Trips that ended later than this before today are not accounted for yet."""


@dataclass(frozen=True, slots=True)
class Goer:
    """One of the delegation, with the school of that day."""

    worker: Worker
    school: int


class Journeys:
    """Writes trips with their words given, promises and seminars. Runs, people and conferences stand by now."""

    def __init__(self, chance: Chance, crowd: Crowd, *, today: date) -> None:
        self.chance, self.crowd, self.today = chance, crowd, today
        self.spending = Spending(chance, crowd, today=today)
        self.orders: dict[int, int] = {}
        self.route = ApprovalRoute.objects.order_by("number").first()
        taught = Run.objects.filter(
            state=RunState.CLOSED, outreach=True, course__kind__in=(CourseKind.SEMINAR, CourseKind.WEBINAR)
        )
        self.seminars = list(taught.select_related("course").order_by("starts_on", "uid"))
        self.taken: set[int] = set()

    def write(self) -> None:
        editions = Edition.objects.filter(state=EditionState.HELD, year__gte=FIRST_YEAR, starts_on__isnull=False)
        for edition in (
            editions.exclude(mode=EditionMode.ONLINE).select_related("series").order_by("starts_on", "series")
        ):
            if edition.ends_on and edition.ends_on < self.today and edition.country and self.route:
                self._trip(edition)

    def _trip(self, edition: Edition) -> None:
        starts, ends = self._day(edition.starts_on) - DAY, self._day(edition.ends_on) + DAY
        tale = tales.of(edition)
        goers = self._goers(tale.people, starts)
        if not goers:
            return
        talk = self._talk(edition, goers) if tale.title else None
        fresh = ends > self.today - FRESH
        asked = at(starts - 80 * DAY, 11)
        trip = Trip.objects.create(
            uid=self.chance.uid(),
            purpose=tales.PURPOSE % {"series": edition.series.short_name, "year": edition.year},
            edition=edition,
            presentation=talk,
            city=edition.city,
            country=edition.country,
            starts_on=starts,
            ends_on=ends,
            requester_id=goers[0].worker.person_id,
            route=self.route,
            state=TripState.APPROVED if fresh else TripState.CLOSED,
            version=1,
            created_at=asked - 3 * DAY,
            changed_at=asked,
            **self._order(starts - 60 * DAY),
        )
        self._people(trip, goers, asked, talks=talk is not None)
        self._way(trip)
        self.spending.write(trip, accounted=not fresh)
        self._words(trip, goers, asked, closed=not fresh)
        self._promises(trip, goers)

    @staticmethod
    def _day(day: date | None) -> date:
        assert day is not None, "asked for by the query"
        return day

    def _goers(self, count: int, day: date) -> list[Goer]:
        """Librarians of different schools who work there on that day; the shown one goes to Long Beach."""
        there = [worker for worker in self.crowd.librarians if worker.school_on(day) is not None]
        self.chance.shuffle(there)
        found: dict[int, Goer] = {}
        for worker in there:
            school = worker.school_on(day)
            if school is not None and school not in found and len(found) < count:
                found[school] = Goer(worker, school)
        return list(found.values())

    def _talk(self, edition: Edition, goers: list[Goer]) -> Presentation:
        tale, moment = tales.of(edition), at(self._day(edition.starts_on) - 150 * DAY, 12)
        row = Presentation.objects.filter(edition=edition, title=tale.title).first()
        if row is not None:
            return row
        row = Presentation.objects.create(
            uid=self.chance.uid(),
            edition=edition,
            title=tale.title,
            format=tale.format or PresentationFormat.PAPER,
            state=PresentationState.PRESENTED,
            keywords="school libraries, Kazakhstan",
            created_at=moment,
            changed_at=at(self._day(edition.ends_on), 18),
        )
        for order, goer in enumerate(goers, start=1):
            Author.objects.create(
                uid=self.chance.uid(),
                presentation=row,
                person_id=goer.worker.person_id,
                school_id=goer.school,
                order=order,
                state=AuthorState.CONFIRMED,
                changed_at=moment,
            )
        text = tales.ABSTRACT % {"title": tale.title}
        first = goers[0].worker.person_id
        Abstract.objects.create(presentation=row, number=1, text=text, made_by_id=first, made_at=moment)
        return row

    def _order(self, day: date) -> dict[str, object]:
        number = self.orders[day.year] = self.orders.get(day.year, 0) + 1
        return {"order_year": day.year, "order_number": number, "ordered_on": day}

    def _people(self, trip: Trip, goers: list[Goer], asked: datetime, *, talks: bool) -> None:
        for number, goer in enumerate(goers):
            role = TravelRole.SPEAKER if talks else TravelRole.HEAD if number == 0 else TravelRole.LISTENER
            Traveller.objects.create(
                trip=trip,
                person_id=goer.worker.person_id,
                school_id=goer.school,
                role=role,
                covered_by=tales.COVER,
                consent_version="1",
                consented_at=asked,
                transfer_consented_at=asked,
            )
            TripHand.objects.create(trip=trip, person_id=goer.worker.person_id)

    def _way(self, trip: Trip) -> None:
        home = tales.HOME
        legs = ((1, trip.starts_on, home, trip.city, trip.country), (2, trip.ends_on, trip.city, home, "KZ"))
        for order, day, origin, there, country in legs:
            way = {"origin": origin, "destination": there, "country": country}
            Leg.objects.create(trip=trip, order=order, departs_on=day, arrives_on=day, **way)

    def _words(self, trip: Trip, goers: list[Goer], asked: datetime, *, closed: bool) -> None:
        """Everybody on the route said yes, one after the other."""
        self._move(trip, TripVerb.START, TripState.DRAFT, trip.requester_id, asked - 3 * DAY, version=0)
        self._move(trip, TripVerb.SUBMIT, TripState.SUBMITTED, trip.requester_id, asked)
        assert trip.route is not None, "looked at before"
        words = [
            (step, school)
            for step in trip.route.steps.order_by("order", "pk")
            for school in ([goer.school for goer in goers] if step.role == Role.DIRECTOR else [None])
        ]
        for number, (step, school) in enumerate(words, start=1):
            moment = asked + number * DAY
            who = self.crowd.head_on(school, moment.date()) if school else self._office(step.role)
            word = TripApproval.objects.create(
                uid=self.chance.uid(),
                trip=trip,
                step=step,
                order=step.order,
                role=step.role,
                school_id=school,
                version=1,
                state=ApprovalState.APPROVED,
                opened_at=asked,
                due_on=moment.date() + 5 * DAY,
                decided_by_id=who,
                decided_at=moment,
            )
            state = TripState.APPROVED if number == len(words) else TripState.SUBMITTED
            self._move(trip, TripVerb.APPROVE, state, who, moment, approval=word)
        if closed:
            self._move(trip, TripVerb.CLOSE, TripState.CLOSED, None, at(trip.ends_on + 9 * DAY, 15))

    def _office(self, role: str) -> int:
        return self.crowd.named[role] if role in self.crowd.named else self.crowd.coordinators[0]

    def _move(
        self,
        trip: Trip,
        verb: str,
        state: str,
        actor: int | None,
        moment: datetime,
        *,
        version: int = 1,
        approval: TripApproval | None = None,
    ) -> None:
        facts = {"version": version, "approval": approval, "actor_id": actor, "at": moment, "told_at": moment}
        TripMove.objects.create(trip=trip, verb=verb, state=state, **facts)

    def _promises(self, trip: Trip, goers: list[Goer]) -> None:
        """Each promised one seminar; most led it, some of their listeners' schools went on from there."""
        for goer in goers:
            run = self._seminar(trip) if self.chance.happens(0.85) else None
            due = trip.ends_on + TO_PASS_ON
            if run is not None and run.ends_on is not None:
                TripDerivation.objects.create(trip=trip, run=run)
                RunTrainer.objects.get_or_create(run=run, person_id=goer.worker.person_id)
                settled = {"state": PromiseState.KEPT, "run": run, "settled_at": at(run.ends_on + DAY, 6)}
                self._second_generation(run)
            elif due < self.today - 500 * DAY:
                if not self.chance.happens(0.2):
                    continue
                moment = at(due + 30 * DAY, 10)
                settled = {"state": PromiseState.EXCUSED, "settled_at": moment, "note": tales.EXCUSE}
            else:
                settled = {"state": PromiseState.OPEN}
            webinar = run is not None and run.course.kind == CourseKind.WEBINAR
            Promise.objects.create(
                uid=self.chance.uid(),
                trip=trip,
                person_id=goer.worker.person_id,
                kind=PromiseKind.WEBINAR if webinar else PromiseKind.SEMINAR,
                what=self.chance.choice(tales.PROMISED),
                audience=self.chance.choice((Audience.NETWORK, Audience.COUNTRY, Audience.COUNTRY)),
                due_on=due,
                **settled,
            )

    def _seminar(self, trip: Trip) -> Run | None:
        """A seminar for other schools, held in the year after the trip, that nothing else led to yet."""
        fits = [run for run in self.seminars if run.pk not in self.taken and self._after(run, trip.ends_on)]
        if not fits:
            return None
        run = self.chance.choice(fits[:12])
        self.taken.add(run.pk)
        return run

    def _after(self, run: Run, day: date) -> bool:
        return run.starts_on is not None and day + EARLIEST <= run.starts_on <= day + WITHIN

    def _second_generation(self, run: Run) -> None:
        """Now and then a later seminar on the topic says that it came from this one."""
        if run.ends_on is None or not self.chance.happens(0.4):
            return
        later = [
            one
            for one in self.seminars
            if one.pk not in self.taken
            and one.course.topic_id == run.course.topic_id
            and self._after(one, run.ends_on)
            and one.course_id != run.course_id
        ]
        if later:
            self.taken.add(later[0].pk)
            Derivation.objects.create(run=later[0], source_run=run)
