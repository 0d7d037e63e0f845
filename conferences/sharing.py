"""Saying that a run passes on what was brought home from a trip, and letting somebody off a promise."""

from django.db import transaction
from django.utils.translation import gettext as _

from conferences import keeping, lineage, promise_moves, sharing_access
from conferences.models import Promise, Trip, TripDerivation
from conferences.sharing_states import GONE
from courses.models import Run
from courses.states import RunState
from schools import audit
from schools.access import Actor
from schools.errors import Refused

MOST_TRIPS = 12


@transaction.atomic
def derive_from_trip(*, run: Run, trip: Trip, actor: Actor) -> TripDerivation:
    """Say that `run` passes on what was learned on the trip. Said already: nothing happens.

    Promises that a run keeps by this are kept at once. Raises Refused for strangers, for a run that was called off
    or begins before the trip, for a trip that nobody has gone on, and where the trip itself came from the run.
    """
    run, trip = _lock(run, trip)
    _refuse_strangers(run, actor)
    if standing := TripDerivation.objects.filter(run=run, trip=trip).first():
        return standing
    _refuse_untrue(run, trip)
    row = TripDerivation.objects.create(run=run, trip=trip)
    audit.record(actor=actor, verb="run.derive_from_trip", subject=run, changes={"trip": (None, _words(trip))})
    keeping.keep_promises([trip.pk])
    return row


@transaction.atomic
def forget(*, run: Run, trip: Trip, actor: Actor) -> None:
    """Take it back; promises that the run kept by it are open again. Not said (any more): nothing happens.

    Raises Refused for strangers.
    """
    run, trip = _lock(run, trip)
    _refuse_strangers(run, actor)
    if TripDerivation.objects.filter(run=run, trip=trip).delete()[0]:
        audit.record(actor=actor, verb="run.forget_trip", subject=run, changes={"trip": (_words(trip), None)})
        keeping.keep_promises([trip.pk])


@transaction.atomic
def excuse(*, promise: Promise, actor: Actor, reason: str) -> None:
    """HQ lets somebody off a promise. Raises Refused without a reason, for strangers and for the own promise, Stale."""
    promise = promise_moves.locked(promise)
    _refuse_others(promise, actor)
    if not reason.strip():
        raise Refused(_("Write the reason: it stays in the ledger."))
    promise_moves.make(promise, "excuse", actor=actor, note=reason.strip())


@transaction.atomic
def insist(*, promise: Promise, actor: Actor) -> None:
    """Take an excuse back: the promise is open again. Raises as `excuse`."""
    Trip.objects.select_for_update(no_key=True).get(pk=promise.trip_id)  # before its promises, as everywhere
    promise = promise_moves.locked(promise)
    _refuse_others(promise, actor)
    promise_moves.make(promise, "insist", actor=actor)
    keeping.keep_promises([promise.trip_id])


def _lock(run: Run, trip: Trip) -> tuple[Run, Trip]:
    """Both as they are now: the run first, then every row of trips' derivations that a circle could close over."""
    run = Run.objects.select_for_update(no_key=True, of=("self",)).select_related("course").get(pk=run.pk)
    trip = Trip.objects.select_for_update(no_key=True, of=("self",)).select_related("run").get(pk=trip.pk)
    list(TripDerivation.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    return run, trip


def _refuse_strangers(run: Run, actor: Actor) -> None:
    trainers: set[int | None] = set(run.trainers.values_list("person_id", flat=True))
    if not sharing_access.may_say_source(actor, run, trainer_ids=trainers):
        raise Refused(_("Only coordinators and the run's trainers say where it came from."))


def _refuse_untrue(run: Run, trip: Trip) -> None:
    if trip.state not in GONE:
        raise Refused(_("This trip is not approved: nothing can have been brought home from it."))
    if run.state == RunState.CANCELLED:
        raise Refused(_("This seminar was called off: it passes on nothing."))
    if run.starts_on is not None and run.starts_on < trip.starts_on:
        raise Refused(_("It began before the trip: it cannot pass on what was learned there."))
    if lineage.leads_back(trip, run):
        raise Refused(_("The trip led to this very run, or came from it: it cannot be its source."))
    if TripDerivation.objects.filter(run=run).count() >= MOST_TRIPS:
        raise Refused(_("At most %(most)s trips can be named.") % {"most": MOST_TRIPS})


def _refuse_others(promise: Promise, actor: Actor) -> None:
    if not sharing_access.may_excuse(actor, promise):
        raise Refused(_("Only coordinators excuse a promise, and nobody their own."))


def _words(trip: Trip) -> str:
    """How the ledger names a trip."""
    return f"trip {trip.uid}: {trip}"
