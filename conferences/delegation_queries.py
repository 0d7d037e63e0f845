"""Reads of places for a conference: the applications that a reader may see, with the reader's own score."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from conferences import delegation_access as access
from conferences.delegation_access import Scoring
from conferences.delegation_states import Stage, WishState
from conferences.models import Delegation, DelegationProposal, Edition, Review, Trip, Wish, WishScore
from conferences.states import ReviewState
from courses.states import AllocationState
from schools.access import Actor
from schools.models import Person
from schools.queries import in_memberships
from schools.states import Role


def delegations() -> QuerySet[Delegation]:
    return Delegation.objects.select_related("edition__series")


def awaiting(delegation: Delegation, *, today: date) -> QuerySet[Wish]:
    """Applications that await the decision: of those who are librarians of a school when the conference begins."""
    day = max(today, delegation.edition.starts_on or today)
    still = in_memberships(day, role=Role.LIBRARIAN)
    people = Person.objects.filter(still, archived_at=None).values("pk")
    return delegation.wishes.filter(state=WishState.OPEN, person__in=people).order_by("pk")


def of_edition(edition: Edition) -> Delegation | None:
    """The places for a conference that was read with `edition_queries.with_parts`, if HQ has opened any."""
    return getattr(edition, "delegation", None)


def own(delegation: Delegation, actor: Actor) -> Wish | None:
    """The actor's application that is not withdrawn."""
    live = delegation.wishes.exclude(state=WishState.WITHDRAWN).filter(person=actor.person_id)
    return live.select_related("school").prefetch_related("school__names").first()


def is_member(delegation: Delegation, actor: Actor) -> bool:
    """True if the actor is on the committee of this conference."""
    applies = Q(person=actor.person_id) & ~Q(state=WishState.WITHDRAWN)
    asked = Review.objects.exclude(state=ReviewState.LIFTED).filter(
        reviewer=actor.person_id, presentation__edition=delegation.edition_id
    )
    return access.on_committee(
        actor, reviews=asked.exists(), applies=Wish.objects.filter(applies, delegation=delegation).exists()
    )


def wishes_for(
    delegation: Delegation, actor: Actor, *, member: bool, among: QuerySet[Wish] | None = None
) -> list[Wish]:
    """The applications of others that the actor may open, with the own score (`mine`) and how many there are.

    How others scored stays with them. `among` these alone, where given.
    """
    mine = WishScore.objects.filter(wish=OuterRef("pk"), reviewer=actor.person_id)
    rows = delegation.wishes.exclude(state=WishState.WITHDRAWN).exclude(person=actor.person_id)
    if among is not None:
        rows = rows.filter(pk__in=among.order_by().values("pk"))
    rows = rows.annotate(mine=Subquery(mine.values("score")[:1]), scored=Count("scores"))
    rows = rows.select_related("person", "school", "delegation").prefetch_related("school__names")
    found = rows.order_by("person__surname", "person__given_name", "pk")
    return [row for row in found if access.may_see_wish(actor, row, member=member)]


def scoring(delegation: Delegation, *, today: date) -> Scoring:
    """Scores are taken once nobody can change an application any more, and while no proposal stands."""
    if delegation.stage(today) != Stage.CLOSED:
        return Scoring()
    made = list(delegation.proposals.values_list("state", "made_at"))
    drafted = any(state == AllocationState.DRAFT for state, _at in made)
    return Scoring(open=not drafted, read_at=max((at for _state, at in made), default=None))


def to_score(delegation: Delegation, actor: Actor, *, today: date) -> int:
    """How many applications the actor may judge and has not judged yet."""
    member = is_member(delegation, actor)
    if not member:
        return 0
    rows = wishes_for(delegation, actor, member=member, among=awaiting(delegation, today=today))
    return left_to_score(actor, rows, scoring(delegation, today=today))


def left_to_score(actor: Actor, rows: Iterable[Wish], taken: Scoring) -> int:
    """How many of these rows of `wishes_for` wait for the score of the actor, who is on the committee."""
    open_ones = [row for row in rows if access.may_score(actor, row, taken, member=True)]
    return sum(getattr(row, "mine", None) is None for row in open_ones)


def one(uid: str) -> QuerySet[Wish]:
    rows = Wish.objects.filter(uid=uid).select_related("delegation__edition__series", "person", "school", "appeal")
    return rows.prefetch_related("school__names")


def locked(delegation_id: int) -> Delegation:
    """The places under their lock, which every deed about them takes first, until the transaction ends."""
    rows = Delegation.objects.select_for_update(no_key=True, of=("self",)).select_related("edition__series")
    return rows.get(pk=delegation_id)


def latest_proposal(delegation: Delegation) -> DelegationProposal | None:
    """The draft, or once places are given what was published."""
    return delegation.proposals.exclude(state=AllocationState.DROPPED).first()


def unscored(delegation: Delegation, *, today: date) -> int:
    """How many applications that await the decision nobody has judged."""
    return awaiting(delegation, today=today).filter(scores=None).count()


def awaiting_names(delegation: Delegation, *, today: date) -> QuerySet[Wish]:
    """Applications that await the decision, by name."""
    rows = awaiting(delegation, today=today).select_related("person", "school")
    return rows.prefetch_related("school__names").order_by("person__surname", "person__given_name", "pk")


def by_uid(delegation: Delegation) -> dict[str, Wish]:
    """All applications that were not withdrawn, with the number of their scores (`scored`)."""
    rows = delegation.wishes.exclude(state=WishState.WITHDRAWN).annotate(scored=Count("scores"))
    rows = rows.select_related("person", "school", "appeal").prefetch_related("school__names")
    return {row.uid: row for row in rows}


def without_place(trip: Trip) -> list[str]:
    """Travellers who have no place for the conference of this trip, by name; nobody where none were shared."""
    shared = Delegation.objects.filter(edition=trip.edition_id, published_at__isnull=False)
    if trip.edition_id is None or not shared.exists():
        return []
    placed = Wish.objects.filter(delegation__in=shared, state=WishState.PLACED).values_list("person", flat=True)
    have = set(placed)
    return [row.person.full_name for row in trip.travellers.all() if row.person_id not in have]
