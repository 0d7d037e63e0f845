"""Everything that the sharing of a conference's places goes by, read from the tables in a fixed number of queries."""

from collections.abc import Collection
from datetime import date

from django.db.models import Count, Max, QuerySet, Sum

from conferences import promise_queries
from conferences.delegation_queries import awaiting
from conferences.models import Delegation, DelegationCredit, Traveller, Wish
from conferences.sharing_states import GONE
from courses.allocation_types import Applicant, Inputs, Rules, RunSeats
from courses.gathering import months_between
from courses.queries import hours_by_person, window_start
from schools.models import Membership
from schools.queries import in_force
from schools.states import Role

RULES = {
    1: Rules(version=1, need=15, gap=20, share=20, kept=20, committee=25, target_hours=80, gap_months=36),
}
"""The versions of the rules for conferences. A version is never changed, so that what went by it can be repeated."""
CURRENT = 1
SCORE = 10
"""Thousandths in one of the committee's hundred points."""


def gather(delegation: Delegation, *, seed: str, today: date, version: int = CURRENT) -> Inputs:
    """What `courses.allocation.allocate` takes. Applicants go by the uid of their application."""
    wishes = list(awaiting(delegation, today=today).select_related("school__region"))
    facts = _Facts(delegation, wishes, today)
    seats = RunSeats(key=delegation.edition.uid, places=delegation.places, school_cap=delegation.school_cap)
    rules = RULES[version]
    return Inputs((seats,), tuple(facts.applicant(wish, seats.key, rules) for wish in wishes), rules, seed)


class _Facts:
    """What the tables say of the applicants and of their schools."""

    def __init__(self, delegation: Delegation, wishes: list[Wish], today: date) -> None:
        people, schools = [wish.person_id for wish in wishes], {wish.school_id for wish in wishes}
        since, gone = window_start(today), _gone().exclude(trip__edition=delegation.edition_id)
        self.today = today
        self.hours = hours_by_person(people, today)
        self.last = dict(gone.filter(person__in=people).values_list("person").annotate(last=Max("trip__ends_on")))
        in_window = gone.filter(school__in=schools, trip__ends_on__gte=since)
        self.places = dict(in_window.values_list("school").annotate(n=Count("pk")))
        held = Membership.objects.filter(in_force(today), role=Role.LIBRARIAN, school__in=schools).order_by()
        self.people = dict(held.values_list("school").annotate(n=Count("person", distinct=True)))
        self.credits = credits_of(schools)
        self.promises = promise_queries.kept_and_broken(people, since=since, today=today)
        scores = Wish.objects.filter(pk__in=[wish.pk for wish in wishes], scores__isnull=False).order_by()
        counted = scores.values_list("pk").annotate(sum=Sum("scores__score"), n=Count("scores"))
        self.committee = {wish: total * SCORE // n for wish, total, n in counted}

    def applicant(self, wish: Wish, run: str, rules: Rules) -> Applicant:
        kept, broken = self.promises.get(wish.person_id, (0, 0))
        return Applicant(
            key=wish.uid,
            school=wish.school.uid,
            region=wish.school.region.iso,
            wishes=(run,),
            hours_missing=max(0, rules.target_hours - self.hours.get(wish.person_id, 0)),
            months_since_last=months_between(self.last.get(wish.person_id), self.today),
            credit=max(0, self.credits.get(wish.school_id, 0)),
            school_places=self.places.get(wish.school_id, 0),
            school_people=max(1, self.people.get(wish.school_id, 0)),
            kept=kept,
            broken=broken,
            committee=self.committee.get(wish.pk),
        )


def credits_of(schools: Collection[int]) -> dict[int, int]:
    """Thousandths of a place that earlier conferences owe each school."""
    rows = DelegationCredit.objects.filter(school__in=schools).order_by()
    return dict(rows.values_list("school").annotate(total=Sum("change")))


def _gone() -> QuerySet[Traveller]:
    """Journeys of ours to conferences that were approved, those who refused left out."""
    rows = Traveller.objects.filter(trip__state__in=GONE, trip__edition__isnull=False, refused_at=None)
    return rows.order_by()
