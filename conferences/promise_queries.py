"""Reads of promises to pass on: one's own, all of them, one with what could keep it, those that are due."""

from collections.abc import Collection
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from conferences.models import Promise, Traveller, TripDerivation
from conferences.sharing_states import GONE, KEPT_BY
from conferences.trip_states import PromiseState
from courses.models import Run
from courses.states import RunState
from schools.access import Actor

LISTS = ("open", "overdue", "kept", "excused")
MOST_RUNS = 20
MOST_OWED = 5


def binding() -> QuerySet[Promise]:
    """Promises of trips that were approved, with what lists show; `school_id_then` is the traveller's school."""
    then = Traveller.objects.filter(trip=OuterRef("trip"), person=OuterRef("person")).values("school")
    rows = Promise.objects.filter(trip__state__in=GONE).annotate(school_id_then=Subquery(then[:1]))
    return rows.select_related("person", "region", "trip__edition__series", "trip__run__course", "run__course")


def kept_and_broken(people: Collection[int], *, since: date, today: date) -> dict[int, tuple[int, int]]:
    """Of each of these people how many promises due since that day were kept, and how many are overdue.

    Promises that HQ has excused count for nothing. Whoever has promised nothing is left out. One query.
    """
    rows = Promise.objects.filter(trip__state__in=GONE, person__in=people, due_on__gte=since).order_by()
    found = rows.values_list("person").annotate(
        kept=Count("pk", filter=_list("kept", today)), broken=Count("pk", filter=_list("overdue", today))
    )
    return {person: (kept, broken) for person, kept, broken in found}


def mine(actor: Actor) -> QuerySet[Promise]:
    """What the actor promised: what is open first, by day."""
    return binding().filter(person=actor.person_id).order_by("settled_at", "due_on", "pk")


def owed(actor: Actor) -> QuerySet[Promise]:
    """What the actor still has to keep, the most urgent first."""
    return binding().filter(person=actor.person_id, state=PromiseState.OPEN).order_by("due_on", "pk")[:MOST_OWED]


def watched(actor: Actor) -> QuerySet[Promise]:
    """Everybody's for the network's offices, else those of travellers from the schools led."""
    if actor.is_network:
        return binding()
    led = Traveller.objects.filter(school__in=actor.schools_led())
    return binding().filter(Exists(led.filter(trip=OuterRef("trip"), person=OuterRef("person"))))


def to_watch(actor: Actor, *, today: date, which: str) -> QuerySet[Promise]:
    """One list of LISTS, by day."""
    return watched(actor).filter(_list(which, today)).order_by("due_on", "pk")


def counts(actor: Actor, *, today: date) -> dict[str, int]:
    """How many promises each of LISTS holds for this reader."""
    return watched(actor).order_by().aggregate(**{name: Count("pk", filter=_list(name, today)) for name in LISTS})


def _list(which: str, today: date) -> Q:
    return {
        "open": Q(state=PromiseState.OPEN, due_on__gte=today),
        "overdue": Q(state=PromiseState.OPEN, due_on__lt=today),
        "kept": Q(state=PromiseState.KEPT),
        "excused": Q(state=PromiseState.EXCUSED),
    }[which]


def could_keep(promise: Promise) -> QuerySet[Run]:
    """Runs of the promised kind that the traveller teaches and that began after the trip did.

    `named` says that the run is said to pass on the trip.
    """
    named = TripDerivation.objects.filter(run=OuterRef("pk"), trip=promise.trip_id)
    rows = Run.objects.filter(trainers__person=promise.person_id, course__kind__in=KEPT_BY[promise.kind])
    rows = rows.exclude(state=RunState.CANCELLED).exclude(starts_on__lt=promise.trip.starts_on)
    rows = rows.annotate(named=Exists(named)).select_related("course", "host").prefetch_related("host__names")
    return rows.distinct().order_by("-named", "-starts_on", "-pk")[:MOST_RUNS]


def drafted(promise: Promise) -> Run | None:
    """A draft of the traveller that passes on the trip already."""
    named = TripDerivation.objects.filter(trip=promise.trip_id).values("run")
    rows = Run.objects.filter(state=RunState.DRAFT, pk__in=named, trainers__person=promise.person_id)
    return rows.filter(course__kind__in=KEPT_BY[promise.kind]).select_related("course").first()
