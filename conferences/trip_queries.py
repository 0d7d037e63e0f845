"""Reads of trips that are used twice or more."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from conferences.models import Author, Edition, Presentation, StandIn, Traveller, Trip, TripApproval, TripHand
from conferences.states import EditionState
from conferences.trip_access import sees_all_trips
from conferences.trip_states import ApprovalState
from courses.models import Enrolment, Run
from courses.states import OPEN
from schools.access import Actor, may_see_names
from schools.alphabet import in_order
from schools.models import Membership, Person
from schools.queries import in_force, in_memberships
from schools.states import Role


def visible_trips(actor: Actor) -> QuerySet[Trip]:
    """Trips that the actor may open, as `trip_access.may_see_trip` has it."""
    if actor.superuser:
        return Trip.objects.all()
    travels = Exists(Traveller.objects.filter(trip=OuterRef("pk"), person=actor.person_id))
    own = Q(requester=actor.person_id) | Q(travels)
    if sees_all_trips(actor):
        return Trip.objects.filter(own | Q(version__gt=0))
    led = Exists(Traveller.objects.filter(trip=OuterRef("pk"), school__in=actor.schools_led()))
    asked = Exists(TripApproval.objects.filter(trip=OuterRef("pk"), person=actor.person_id))
    return Trip.objects.filter(own | Q(led | asked, version__gt=0))


def trips_of(person_id: int) -> QuerySet[Trip]:
    """What the person asks for or travels on."""
    travels = Exists(Traveller.objects.filter(trip=OuterRef("pk"), person=person_id))
    return Trip.objects.filter(Q(requester=person_id) | Q(travels))


def for_lists(trips: QuerySet[Trip]) -> QuerySet[Trip]:
    """With everything that a row of a list shows."""
    return trips.select_related("edition__series", "run__course", "requester").prefetch_related(
        "travellers__person", "travellers__school__names"
    )


def words_to_give(actor: Actor, *, on: date | None = None) -> QuerySet[TripApproval]:
    """Words that are awaited from the actor, in person or in somebody's place; never about an own request."""
    day = on or timezone.localdate()
    rows = TripApproval.objects.filter(state=ApprovalState.OPEN)
    if actor.person_id is None:
        return rows.none()
    hand = TripHand.objects.filter(trip=OuterRef("trip"), person=actor.person_id)
    said = TripApproval.objects.filter(
        Q(decided_by=actor.person_id) | Q(acting_for=actor.person_id),
        trip=OuterRef("trip"),
        state=ApprovalState.APPROVED,
    )
    roles = [role for role, school in actor.grants if school is None]
    mine = Q(role__in=roles) | Q(role=Role.DIRECTOR, school__in=actor.schools_led()) | Q(person=actor.person_id)
    mine |= Q(Exists(_lent(actor, day)))
    return rows.filter(mine).exclude(Exists(hand)).exclude(Exists(said)).order_by("due_on", "id")


def _lent(actor: Actor, day: date) -> QuerySet[StandIn]:
    """Stand-ins of the actor whose holder could give the word of the outer row, and neither asks nor has said yes."""
    role, school = OuterRef(OuterRef("role")), OuterRef(OuterRef("school"))
    of_network = Q(role=role, school=None)
    of_school = Q(school=school, role__in=(Role.DIRECTOR, Role.DEPUTY))
    holds = Membership.objects.filter(of_network | of_school, in_force(day), person=OuterRef("holder"))
    hand = TripHand.objects.filter(trip=OuterRef(OuterRef("trip")), person=OuterRef("holder"))
    said = TripApproval.objects.filter(
        Q(decided_by=OuterRef("holder")) | Q(acting_for=OuterRef("holder")),
        trip=OuterRef(OuterRef("trip")),
        state=ApprovalState.APPROVED,
    )
    rows = StandIn.objects.filter(in_force(day), deputy=actor.person_id)
    return rows.filter(Q(Exists(holds)) | Q(holder=OuterRef("person"))).exclude(Exists(hand)).exclude(Exists(said))


def for_decisions(words: QuerySet[TripApproval]) -> QuerySet[TripApproval]:
    """With what the list of decisions shows."""
    return words.select_related(
        "step", "school", "trip__edition__series", "trip__run__course", "trip__requester"
    ).prefetch_related("trip__travellers__person", "trip__travellers__school__names", "trip__promises")


def editions_to_go(*, keep: Trip | None) -> QuerySet[Edition]:
    """Conferences that have not ended, or whose days are not known yet; `keep`'s own stays."""
    ahead = Q(ends_on__gte=timezone.localdate()) | Q(ends_on=None, year__gte=timezone.localdate().year)
    kept = Q(pk=keep.edition_id) if keep and keep.edition_id else Q(pk__in=[])
    rows = Edition.objects.filter(ahead & ~Q(state=EditionState.NOT_HELD) | kept)
    return rows.select_related("series").order_by("year", "series__order", "id")


def presentations_to_go(actor: Actor, *, keep: Trip | None) -> QuerySet[Presentation]:
    """Presentations of the actor for these conferences; `keep`'s own stays."""
    mine = Exists(Author.objects.filter(presentation=OuterRef("pk"), person=actor.person_id))
    kept = Q(pk=keep.presentation_id) if keep and keep.presentation_id else Q(pk__in=[])
    rows = Presentation.objects.filter(Q(mine, edition__in=editions_to_go(keep=None)) | kept)
    return rows.select_related("edition__series").order_by("edition__year", "title", "id")


def runs_to_go(actor: Actor, *, keep: Trip | None) -> QuerySet[Run]:
    """Courses ahead for which the actor has applied; `keep`'s own stays."""
    applied = Exists(Enrolment.objects.filter(run=OuterRef("pk"), person=actor.person_id, state__in=OPEN))
    kept = Q(pk=keep.run_id) if keep and keep.run_id else Q(pk__in=[])
    rows = Run.objects.filter(Q(applied, starts_on__gt=timezone.localdate()) | kept)
    return rows.select_related("course").order_by("starts_on", "id")


def companions_for(trip: Trip, actor: Actor, *, on: date) -> QuerySet[Person]:
    """Whom the portal offers as travellers: colleagues whose names the actor may see, co-authors, those named."""
    named = [row.person_id for row in trip.travellers.all()]
    schools = {row.school_id for row in trip.travellers.all() if row.school_id and may_see_names(actor, row.school_id)}
    colleagues = in_memberships(on, school__in=schools)
    authors = Q(pk__in=Author.objects.filter(presentation=trip.presentation_id).values("person"))
    rows = Person.objects.filter(colleagues | authors | Q(pk__in=[*named, trip.requester_id]), archived_at=None)
    return rows.order_by(*in_order("surname", "given_name"), "id")
