"""The demonstration's data: repeatable, true to the promises about seats, and never in production."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Sum

from conferences import budget_proof, keeping, presentation_queries, rate_queries
from conferences.budget_states import CostKind
from conferences.effect_queries import effect_of
from conferences.effect_scopes import scope_of
from conferences.models import Budget, BudgetMove, Delegation, Presentation, Promise, Trip
from conferences.states import PRESENTATION_MOVES, UNDER_WAY
from courses import allocating, demand_letters, demand_queries, seats
from courses.enrolling import enrol
from courses.models import AllocationRules, Demand, DemandVoice, Enrolment, EnrolmentMove, Intake, Run, SeatShare
from courses.queries import to_answer, to_decide
from courses.states import HOLDING, MOVES, EnrolmentState, allowed
from nis_library.home.demo import building
from nis_library.home.demo.accounts import PASSWORD, accounts, email_of
from nis_library.home.demo.chance import at
from schools import reference
from schools.access import SYSTEM
from schools.errors import Refused
from schools.generated import COUNTRY
from schools.models import Busy, Mail, Person, School, User
from schools.queries import actor_of, network_schools
from schools.school_search import search_schools
from schools.states import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TODAY = date(2026, 11, 23)
SMALL = 0.1


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """A small demonstration, built once for this file."""
    with django_db_blocker.unblock():
        reference.load_all()
        building.build(seed=1, scale=SMALL, today=TODAY)
        yield
        call_command("flush", interactive=False, verbosity=0)


def user(role: str) -> User:
    return User.objects.get(email=email_of(role))


def test_the_promises_about_seats_hold(demo):
    assert seats.verify() == []


def test_a_promise_broken_is_seen(demo):
    run = Run.objects.filter(enrolments__state=EnrolmentState.COMPLETED).first()
    Run.objects.filter(pk=run.pk).update(capacity=1)
    assert len(seats.verify()) == 1


def test_every_way_is_one_that_the_moves_allow(demo):
    states = {}
    wrong = []
    for move in EnrolmentMove.objects.order_by("enrolment", "id"):
        if not allowed(move.verb, states.get(move.enrolment_id)) or move.state not in MOVES[move.verb].targets:
            wrong.append((move.enrolment_id, move.verb, move.state))
        states[move.enrolment_id] = move.state
    assert wrong == []
    assert states == dict(Enrolment.objects.values_list("pk", "state"))


def test_moves_follow_one_another_in_time_and_none_lies_ahead(demo):
    before = {}
    for key, moment in EnrolmentMove.objects.order_by("id").values_list("enrolment", "at"):
        assert before.get(key, moment) <= moment
        before[key] = moment
    assert not EnrolmentMove.objects.filter(at__gte=at(TODAY, 8)).exists()
    assert not EnrolmentMove.objects.filter(told_at=None).exists()
    assert not Mail.objects.exists()


def test_nobody_is_in_two_places_at_once(demo):
    until = {}
    for person, start, end in Busy.objects.order_by("person", "start").values_list("person", "start", "end"):
        assert until.get(person, start) <= start
        until[person] = end


def test_taken_time_is_that_of_the_seats(demo):
    held = Enrolment.objects.filter(state__in=HOLDING, run__meetings__isnull=False)
    expected = Counter(f"enrolment:{key}" for key in held.order_by().values_list("pk", flat=True))
    assert Counter(Busy.objects.values_list("source", flat=True)) == expected


def test_each_role_has_an_account_that_signs_in(demo, rf):
    assert [account.role for account in accounts()] == list(Role)
    for account in accounts():
        found = authenticate(rf.post("/"), email=account.email, password=PASSWORD)
        assert actor_of(found, on=TODAY).has(account.role)


def test_the_shown_people_have_something_to_look_at(demo):
    librarian, director, hq = (user(role) for role in (Role.LIBRARIAN, Role.DIRECTOR, Role.HQ))
    states = Counter(Enrolment.objects.filter(person=librarian.person).values_list("state", flat=True))
    assert states["completed"] >= 5
    assert (states["pending"], states["nominated"], states["confirmed"]) == (1, 1, 3)
    assert to_answer(librarian.person_id, today=TODAY).count() == 1
    assert to_decide(actor_of(director, on=TODAY)).filter(person=librarian.person).count() == 1
    assert to_decide(actor_of(director, on=TODAY)).count() >= 3
    assert to_decide(actor_of(hq, on=TODAY)).count() >= 3


def test_everybody_is_plainly_invented(demo):
    assert not Person.objects.exclude(email__endswith="@example.kz").exists()
    assert not Person.objects.exclude(phone="").exists()


def test_the_directory_holds_schools_that_say_they_are_made_up_and_are_found(demo):
    made = School.objects.filter(kind="general")
    assert list(made.values_list("source", flat=True)) == ["generated"] * round(COUNTRY * SMALL)
    one = made.select_related("region").first()
    assert one in search_schools(f"{one.names.get().short_kk} {one.city_kk} {one.region.name_kk}")


def test_the_portal_goes_on_from_there(demo):
    """The database gives out keys beyond those that the demonstration gave."""
    librarian = user(Role.LIBRARIAN)
    run = Run.objects.get(course__code="reading-games-clubs", starts_on__gt=TODAY)
    run.opens_at = run.closes_at = None
    run.save(update_fields=["opens_at", "closes_at"])
    row = enrol(person=librarian.person, run=run, actor=actor_of(librarian, on=TODAY))
    assert Enrolment.objects.get(pk=row.pk).number == run.enrolments.count()


def test_seminars_for_all_schools_come_in_several_regions_and_guests_have_been(demo):
    coming = Run.objects.filter(outreach=True, state="published", starts_on__gt=TODAY, opens_at__lte=at(TODAY, 12))
    assert len({run.region_for for run in coming} - {None}) >= 5
    guests = Enrolment.objects.filter(run__outreach=True)
    assert not guests.filter(signup=None).exists()
    assert not guests.exclude(school__source="generated").exists()
    assert guests.filter(attendance__presence="present", signup__verified_at__lt=F("run__starts_on")).exists()
    assert guests.exclude(person__email=F("signup__email")).exists(), "nobody was brought by a colleague"
    assert not Enrolment.objects.filter(run__outreach=False).exclude(signup=None).exists()


def test_regional_staff_ask_for_seminars_and_some_are_answered(demo):
    assert len(demand_queries.unmet_by_region()) >= 6
    answered = Demand.objects.filter(state="planned", run__state="published", run__outreach=True)
    assert answered.count() == 2
    assert not demand_letters.owed().exists()
    assert not DemandVoice.objects.exclude(email__endswith="@example.kz").exists()


def test_budgets_stand_since_2013_and_add_up(demo):
    years = set(Budget.objects.values_list("year", flat=True))
    assert years == set(range(2013, TODAY.year + 2))
    of_this_year = Budget.objects.filter(year=TODAY.year)
    schools = network_schools(on=TODAY).count()
    assert of_this_year.count() == len(CostKind) * (1 + schools)
    assert budget_proof.verify() == []
    assert not BudgetMove.objects.filter(at__gt=at(TODAY, 23)).exists()


def test_a_trip_of_any_year_finds_rates_and_norms(demo):
    norms = rate_queries.norms()
    for day in (date(2013, 2, 1), date(2017, 8, 10), TODAY):
        priced = rate_queries.price(norms.of("PL", day), on=day)
        assert 6000 * 100 < priced.tenge < 6000 * 1000
        assert norms.of("FI", day).currency == "KZT"


def test_people_who_are_there_are_never_added_to(demo):
    number = Person.objects.count()
    with pytest.raises(CommandError, match="--fresh"):
        call_command("demo_data", verbosity=0)
    assert Person.objects.count() == number


def test_trips_since_2013_led_to_seminars_and_their_promises_stand_as_the_portal_finds_them(demo):
    years = {day.year for day in Trip.objects.exclude(edition=None).values_list("starts_on", flat=True)}
    assert (min(years), 2020 in years, 2021 in years) == (2013, False, False)
    named = {
        (row.edition.series.code, row.edition.year): row.presentation for row in Trip.objects.exclude(edition=None)
    }
    assert (named["iasl", 2017].format, named["wlic", 2017].format) == ("talk", "poster")
    with time_machine.travel(datetime(2026, 11, 23, 6, tzinfo=UTC)):
        assert (Promise.objects.filter(state="kept").exists(), keeping.keep_due()) == (True, 0)
        effect = effect_of(scope_of("year", "all", actor=SYSTEM, today=TODAY), today=TODAY)
    assert len(effect.first_held) == Promise.objects.filter(state="kept").count()
    assert 0 < effect.first.schools <= effect.first.people <= effect.whole.people
    assert (len(effect.cost.actual), len(effect.reports)) == (len(effect.trips), len(effect.trips))


def test_one_request_waits_for_the_shown_director_with_its_money_held(demo):
    trip = Trip.objects.get(state="submitted")
    director = user(Role.DIRECTOR)
    word = trip.approvals.get()
    assert (word.state, word.school_id) == ("open", director.person.memberships.get(role=Role.DIRECTOR).school_id)
    held = BudgetMove.objects.filter(trip=trip, kind="reserve").aggregate(sum=Sum("amount"))["sum"]
    assert held == trip.total > 0


def test_proposals_wait_for_the_librarian_the_coordinator_and_the_reviewer(demo):
    """Each of the three finds something to do, and every way is one that the moves allow."""
    librarian, hq, trainer = (user(role).person for role in (Role.LIBRARIAN, Role.HQ, Role.TRAINER))
    mine = presentation_queries.found(actor_of(librarian.account, on=TODAY), mine=True)
    assert sorted(row.state for row in mine if row.state in UNDER_WAY) == ["draft", "returned"]
    assert presentation_queries.found(actor_of(hq.account, on=TODAY), state="proposed").get().blind
    assert presentation_queries.reviews_for(trainer.pk).count() == 1
    for row in Presentation.objects.filter(edition__state="announced"):
        moves = list(row.moves.order_by("at", "id"))
        assert (moves[0].verb, moves[-1].state) == ("begin", row.state)
        for before, move in pairwise(moves):
            step = PRESENTATION_MOVES[move.verb]
            assert (before.state in step.sources, move.state) == (True, step.target)


def test_scarce_places_wait_for_the_librarian_the_director_and_the_coordinator(demo):
    """An offer to take, places to name people for, wishes to put in order, and an allocation that can be run."""
    librarian, director, hq = (actor_of(user(role), on=TODAY) for role in (Role.LIBRARIAN, Role.DIRECTOR, Role.HQ))
    states = Counter(Enrolment.objects.filter(person=librarian.person_id).values_list("state", flat=True))
    assert (states["offered"], states["pooled"]) == (1, 2)
    offered = Enrolment.objects.get(person=librarian.person_id, state="offered")
    assert offered.offer_until == at(TODAY - timedelta(days=1), 16) + timedelta(hours=offered.run.offer_hours)
    share = SeatShare.objects.get(school__in=director.schools_led(), held__gt=0)
    assert (share.held, share.run.holds_back(at(TODAY, 8))) == (2, True)
    parallel, single = Intake.objects.annotate(n=Count("runs")).order_by("-n")
    assert (parallel.n, single.n) == (2, 1)
    rules = AllocationRules.objects.latest("version")
    with time_machine.travel(at(TODAY, 8)):
        with pytest.raises(Refused):
            allocating.propose(intake=parallel, rules=rules, actor=hq)
        assert allocating.propose(intake=single, rules=rules, actor=hq).result
    delegation = Delegation.objects.get()
    assert delegation.wishes.count() > delegation.places
