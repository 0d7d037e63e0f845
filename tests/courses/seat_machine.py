"""Everything that can happen to the seats of two parallel runs, as rules of a state machine."""

from collections.abc import Callable
from datetime import timedelta

import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from courses import (
    deciding,
    enrolling,
    guest_letters,
    hand_over_ends,
    handing_over,
    holding,
    letters,
    moving,
    offers,
    seats,
    signing_up,
    signup_changes,
    taking_over,
    waiting,
)
from courses.models import Enrolment, HandOver, Run
from courses.signing_up import Contact
from courses.states import EnrolmentState as S
from schools import agenda, roles
from schools.errors import Refused
from tests.courses import guests, seat_checks, seat_model
from tests.courses.seat_world import BEGIN, START, World, actor_of, email

who, run_at, contact_at = st.integers(0, 5), st.integers(0, 1), st.integers(0, 2)
few = st.integers(0, 2)
APPLIED = (S.PENDING, S.RETURNED, S.WAITING, S.OFFERED, S.CONFIRMED)
TRIP = "trip:1"


class SeatMachine(RuleBasedStateMachine):
    """Each rule is one deed through its verb; what a verb refuses must have changed nothing."""

    cast: object
    """The staff; set by the test."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(BEGIN, tick=False)
        self.moment = self.clock.start()
        self.rolled_back = transaction.atomic()
        self.rolled_back.__enter__()
        self.world = World(self.cast)
        self.by_hand: set[int] = set()
        self.handed: dict[int, int] = {}
        self.guests_get: int | None = None
        self.refused = False
        self.pictures: list[seat_model.Picture] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.rolled_back.__exit__(None, None, None)
        self.clock.stop()

    @initialize(
        capacity=st.integers(1, 3),
        approval=st.booleans(),
        offer_hours=st.sampled_from([0, 24, 48]),
        merge_days=st.sampled_from([0, 2, 6]),
        crowd=st.permutations(range(6)),
        many=st.integers(0, 6),
    )
    def opens(self, crowd: list[int], many: int, **rules: int) -> None:
        """The first run may have seats and a queue already."""
        self.world.build(**rules)
        self.before = self.world.seen()
        for at in crowd[:many]:
            self.apply(at, 0)
            self.promises_hold()
            self.approve(0, 0)
            self.promises_hold()

    def do(self, deed: Callable[[], object]) -> None:
        """One deed; what the rules refuse is no deed."""
        try:
            deed()
        except Refused:
            self.refused = True

    # -- staff -------------------------------------------------------------------------------------
    @rule(at=who, run=run_at)
    def apply(self, at: int, run: int) -> None:
        person = self.world.people[at]
        self.do(lambda: enrolling.enrol(person=person, run=self.world.runs[run], actor=actor_of(person)))

    @rule(at=who, run=run_at, of_held=st.booleans())
    def nominate(self, at: int, run: int, of_held: bool) -> None:
        person, where, hq = self.world.people[at], self.world.runs[run], self.cast.hq.actor
        self.do(lambda: enrolling.nominate(person=person, run=where, actor=hq, of_held=of_held))

    @rule(run=run_at, school=few, count=few)
    def hold(self, run: int, school: int, count: int) -> None:
        """Seats of a school before names are known."""
        where, whose, hq = self.world.runs[run], self.world.schools[school], self.cast.hq.actor
        self.do(lambda: holding.hold(run=where, school=whose, count=count, actor=hq))

    @rule(at=who, run=run_at, yes=st.booleans())
    def answer_nomination(self, at: int, run: int, yes: bool) -> None:
        verb = enrolling.accept_nomination if yes else enrolling.refuse_nomination
        if row := self.world.one(at, run, S.NOMINATED):
            self.do(lambda: verb(enrolment=row, actor=actor_of(row.person)))

    @rule(at=who, run=run_at)
    def approve(self, at: int, run: int) -> None:
        if row := self.world.one(at, run, S.PENDING):
            self.do(lambda: deciding.approve(enrolment=row, actor=self.decider(row), seen_step=1))

    @rule(at=who, run=run_at, back=st.booleans())
    def decline(self, at: int, run: int, back: bool) -> None:
        verb = deciding.send_back if back else deciding.decline
        if row := self.world.one(at, run, S.PENDING):
            self.do(lambda: verb(enrolment=row, actor=self.decider(row), seen_step=1, note="Түсіндіріңіз"))

    @rule(at=who, run=run_at)
    def send_again(self, at: int, run: int) -> None:
        if row := self.world.one(at, run, S.RETURNED):
            self.do(lambda: enrolling.resubmit(enrolment=row, actor=actor_of(row.person), reason="Керек"))

    @rule(at=who, run=run_at)
    def withdraw(self, at: int, run: int) -> None:
        if row := self.world.one(at, run, *APPLIED):
            self.do(lambda: self.gives_back(row))

    def gives_back(self, row: Enrolment) -> None:
        enrolling.withdraw(enrolment=row, actor=actor_of(row.person))

    @rule(at=who, run=run_at, yes=st.booleans())
    def answer_offer(self, at: int, run: int, yes: bool) -> None:
        if row := self.world.one(at, run, S.OFFERED):
            verb = offers.take if yes else offers.decline
            self.do(lambda: verb(enrolment=row, actor=actor_of(row.person)))

    # -- places that go to a colleague ---------------------------------------------------------------
    @rule(at=who, to=who, run=run_at, stray=st.booleans(), at_once=st.booleans())
    def hand_over(self, at: int, to: int, run: int, stray: bool, at_once: bool) -> None:
        """Whoever has a place asks a colleague, or anybody; what had ended by then is ended first, as every minute."""
        row = self.world.one(at, run, S.CONFIRMED)
        if row is None or hand_over_ends.settle():
            return
        people = self.world.people if stray else self.world.colleagues(row)
        if people:
            whom = people[to % len(people)]
            self.do(lambda: handing_over.ask(enrolment=row, to=whom, actor=actor_of(row.person)))
        if at_once and not self.refused:
            self.take_over(to)

    @rule(at=who)
    def take_over(self, at: int) -> None:
        if asked := self.world.handing(at, "asked"):
            self.do(lambda: self.agrees(asked))
            self.workers()

    def agrees(self, asked: HandOver) -> None:
        taking_over.agree(hand_over=asked, actor=actor_of(asked.to))

    @rule(at=who, back=st.booleans())
    def call_it_off(self, at: int, back: bool) -> None:
        """Taken back by the one, or refused by the other."""
        if row := self.world.handing(at, "asked", "agreed"):
            verb, whose = (handing_over.take_back, row.enrolment.person) if back else (taking_over.refuse, row.to)
            self.do(lambda: verb(hand_over=row, actor=actor_of(whose)))

    def decider(self, row: Enrolment) -> object:
        return self.cast.hq.actor if row.decider == "hq" else self.director_of(row.school_id)

    def director_of(self, school: int) -> object:
        return self.cast.director.actor if school == self.cast.school.pk else self.cast.other_director.actor

    # -- guests ------------------------------------------------------------------------------------
    @rule(at=contact_at, run=run_at, many=st.integers(1, 3))
    def sign_up(self, at: int, run: int, many: int) -> None:
        where, contact = self.world.runs[run], Contact(name="Бекова Айгүл", email=email(at), language="kk")
        school = self.world.contacts[at]
        picture = self.world.pictures(self.before)[run]
        self.do(lambda: signing_up.sign_up(run=where, contact=contact, coming=guests.people(many), school=school))
        if not self.refused:
            proved = [row for row in self.world.seen().values() if row.row.pk not in self.before]
            self.guests_get = self.seats_for(picture, len(proved), school)

    @staticmethod
    def seats_for(picture: seat_model.Picture, many: int, school: object) -> int:
        """Whoever has not proved the address comes after all who wait."""
        if any(row.state == "waiting" for row in picture.rows):
            return 0
        region = school.region_id if school else None
        coming = [
            seat_model.Row(-at, 10**6 + at, -at, "waiting", school.pk if school else None, region)
            for at in range(1, many + 1)
        ]
        return len(seat_model.due(seat_model.replace(picture, rows=(*picture.rows, *coming))))

    @rule(at=contact_at, run=run_at)
    def confirm(self, at: int, run: int) -> None:
        if signup := self.world.signup(at, run):
            self.do(lambda: signing_up.confirm(signup=signup))

    @rule(at=contact_at, run=run_at, all_of_them=st.booleans())
    def guests_cancel(self, at: int, run: int, all_of_them: bool) -> None:
        if (signup := self.world.signup(at, run)) and (row := signup.enrolments.order_by("-number").first()):
            self.do(lambda: signup_changes.cancel(signup=signup, only="" if all_of_them else row.uid))

    @rule(at=contact_at, run=run_at)
    def erase(self, at: int, run: int) -> None:
        if signup := self.world.signup(at, run):
            self.do(lambda: signup_changes.withdraw_consent(signup=signup))

    # -- coordinators ------------------------------------------------------------------------------
    @rule(run=run_at, capacity=st.integers(1, 5))
    def set_capacity(self, run: int, capacity: int) -> None:
        self.do(lambda: waiting.set_capacity(run=self.world.runs[run], capacity=capacity, actor=self.cast.hq.actor))

    @rule(run=run_at, school=few, area=st.booleans(), floor=few, cap=st.none() | st.integers(0, 3), held=few)
    def set_share(self, run: int, school: int, area: bool, floor: int, cap: int | None, held: int) -> None:
        share = self.world.share(run, school, area=area)
        held = 0 if area else max(held, holding.names(self.world.runs[run], share.school_id))
        share.floor, share.held, share.cap = floor, held, None if cap is None else max(cap, floor + held)
        share.save()
        waiting.fill(run_id=share.run_id)

    @rule(run=run_at, school=st.none() | st.integers(1, 3), region=st.none() | st.integers(1, 3))
    def set_limits(self, run: int, school: int | None, region: int | None) -> None:
        where = self.world.runs[run]
        Run.objects.filter(pk=where.pk).update(school_limit=school, region_limit=region)
        waiting.fill(run_id=where.pk)

    @rule(at=who, run=run_at, add_place=st.booleans())
    def override(self, at: int, run: int, add_place: bool) -> None:
        if row := self.world.one(at, run, S.WAITING):
            hq = self.cast.hq.actor
            self.do(lambda: waiting.override(enrolment=row, actor=hq, reason="Керек", add_place=add_place))
            self.by_hand = set() if self.refused else {row.pk}

    @rule(run=run_at, really=st.integers(0, 7))
    def call_off(self, run: int, really: int) -> None:
        if not really:
            hq = self.cast.hq.actor
            self.do(lambda: moving.cancel_run(run=self.world.runs[run], actor=hq, reason="Ауа райы"))

    # -- what befalls people, and time ---------------------------------------------------------------
    @rule(at=who, school=few)
    def transfer(self, at: int, school: int) -> None:
        person, to, today = self.world.people[at], self.world.schools[school], timezone.localdate()
        self.do(lambda: roles.transfer(person=person, school=to, on=today, actor=self.cast.hq.actor))

    @rule(at=who)
    def leave(self, at: int) -> None:
        """Gone for good: keeps what they have, and gets nothing more."""
        person = self.world.people[at]
        type(person).objects.filter(pk=person.pk).update(archived_at=timezone.now())

    @rule(at=who, goes=st.booleans())
    def trip(self, at: int, goes: bool) -> None:
        """Something else takes the person's time in the first run's days, or gives it back."""
        person, source = self.world.people[at], f"{TRIP}{at}"
        agenda.release(source=source)
        if goes and not self.world.has_seat(at, 0):
            agenda.take(person=person, spans=[(START, START + timedelta(hours=9))], source=source)
        self.workers()

    @rule(hours=st.sampled_from([1, 7, 25, 49, 100]))
    def time_passes(self, hours: int) -> None:
        self.moment.shift(timedelta(hours=hours))
        self.workers()

    def workers(self) -> None:
        """What the portal does by itself every minute."""
        letters.tell_untold()
        guest_letters.tell_untold()
        offers.expire_due()
        hand_over_ends.settle()
        for key in waiting.runs_to_fill():
            waiting.fill(run_id=key)

    # -- after every step ----------------------------------------------------------------------------
    @invariant()
    def promises_hold(self) -> None:
        if not self.world.runs:
            return
        before, after, runs = self.before, self.world.seen(), {run.pk: run for run in self.world.runs}
        pictures = self.world.pictures(after)
        handed = {taker: giver for taker, giver in self.world.handed().items() if taker not in self.handed}
        found = [*seat_checks.of_rows(before, after), *seat_checks.of_hand_overs(before, after, handed)]
        found += seat_checks.of_seats(before, pictures, by_hand=self.by_hand, guests_get=self.guests_get, handed=handed)
        found += seat_checks.of_offers(before, after, runs, by_hand=self.by_hand | {*handed}, now=timezone.now())
        changed = {key for key in after if key not in before or before[key].row.state != after[key].row.state}
        if self.refused and changed:
            found.append(f"a refused deed changed {changed}")
        assert not found, "; ".join(found)
        if pictures != self.pictures:
            self.verify(pictures)
        self.handed |= handed
        self.before, self.by_hand, self.guests_get, self.refused = after, set(), None, False
        self.pictures = pictures

    @staticmethod
    def verify(pictures: list[seat_model.Picture]) -> None:
        """The portal's own check agrees, but for places that were taken from under people who stay."""
        cut = any(len(one.seats()) > one.capacity for one in pictures)
        found = [fault for fault in seats.verify() if not (cut and "seats given" in fault)]
        assert not found, "; ".join(found)
