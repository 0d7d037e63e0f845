"""What is done about an open promise: its traveller asks HQ for a seminar, HQ drafts one by one click."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conferences import promise_letters, promise_moves, promise_queries, sharing, sharing_access
from conferences.models import Promise, Trip
from conferences.trip_states import Audience, PromiseState
from courses import organising, plans, running
from courses.models import ApprovalChain, Course, Run, Topic
from courses.states import Format
from schools import audit
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import Person

USUAL_HOURS, USUAL_PLACES = 6, 50
"""Of a seminar that HQ has not looked over yet: a day."""
TO_ALL = (Audience.REGION, Audience.COUNTRY)
"""Audiences of other schools: the seminar is open without an account."""


@transaction.atomic
def ask(*, promise: Promise, actor: Actor) -> int:
    """Tell HQ that the traveller wants to keep it and needs a seminar; once a day. Returns how many were told.

    Raises Refused for everybody else, Stale if it is open no more.
    """
    promise = promise_moves.locked(promise)
    if not sharing_access.is_promiser(actor, promise):
        raise Refused(_("Only who promised asks for a seminar."))
    _refuse_settled(promise)
    told = promise_letters.tell_of_wish(promise, today=timezone.localdate())
    if told:
        audit.record(actor=actor, verb="promise.ask", subject=promise, person=promise.person)
    return told


@transaction.atomic
def plan(*, promise: Promise, topic: Topic, actor: Actor) -> Run:
    """A draft of what is promised: the traveller teaches it, and it passes on the trip.

    Raises Refused for strangers and where a draft stands already, Stale if it is open no more.
    """
    if not sharing_access.may_organise_promises(actor):
        raise Refused(_("Only coordinators organise courses."))
    Trip.objects.select_for_update(no_key=True).get(pk=promise.trip_id)
    promise = promise_moves.locked(promise)
    _refuse_settled(promise)
    if standing := promise_queries.drafted(promise):
        raise Refused(_("There is a draft already: %(run)s") % {"run": standing})
    run = running.create_run(course=_draft_course(promise, topic, actor), plan=_plan(promise, actor), actor=actor)
    sharing.derive_from_trip(run=run, trip=promise.trip, actor=actor)
    return run


def _refuse_settled(promise: Promise) -> None:
    if promise.state != PromiseState.OPEN:
        raise Stale(_("This has changed in the meantime. Look at its present status and try again."))


def _draft_course(promise: Promise, topic: Topic, actor: Actor) -> Course:
    online = promise.kind == "webinar"
    facts: dict[str, object] = {
        "topic": topic,
        "kind": promise.kind,
        "format": Format.ONLINE if online else Format.IN_PERSON,
        "hours": USUAL_HOURS,
    }
    facts |= {f"title_{language}": promise.what for language in plans.LANGUAGES}
    return organising.create_course(facts=facts, actor=actor)


def _plan(promise: Promise, actor: Actor) -> plans.RunPlan:
    chain = ApprovalChain.objects.filter(steps=None).order_by("id").first()
    if chain is None:
        raise Refused(_("There is no approval chain without steps, and guests need one. Add it first."))
    traveller = promise.trip.travellers.filter(person=promise.person_id).select_related("school").first()
    facts = {
        "language": promise.person.language,
        "outreach": promise.audience in TO_ALL,
        "region": promise.region,
        "host": traveller.school if traveller else None,
        "capacity": USUAL_PLACES,
        "chain": chain,
        "contact": Person.objects.filter(pk=actor.person_id).first() if actor.person_id else None,
    }
    return plans.RunPlan(facts, trainers=(plans.TrainerPlan(person=promise.person),))
