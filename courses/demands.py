"""What HQ does about a demand: draft a seminar for it by one click, call it met, close it, open it again."""

from contextlib import suppress

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from courses import access, demand_moves, demand_queries, deriving, organising, plans, running
from courses.demand_queries import Proposal
from courses.models import ApprovalChain, Course, Demand, Run, Topic
from courses.states import CourseKind, Format, RunState
from schools.access import Actor
from schools.errors import Refused
from schools.models import Person

USUAL_HOURS, LEAST_PLACES, PLACES_A_VOICE = 6, 50, 2
"""Of a seminar that HQ has not looked over yet: a day, and room for those who come along."""


@transaction.atomic
def plan(*, demand: Demand, actor: Actor) -> Run:
    """A draft of a seminar for those who ask: course, host, trainer and source as `demand_queries.proposal` says.

    Where no seminar of the topic exists, the course is drafted too. Raises Stale if the demand is open no more,
    Refused for strangers.
    """
    refuse_strangers(actor)
    found = demand_queries.proposal(demand)
    course = found.course or _draft_course(demand.topic, actor)
    run = running.create_run(course=course, plan=_plan(demand, found, actor), actor=actor)
    if found.source is not None:
        with suppress(Refused):  # it would close a circle: the draft is as good without
            deriving.derive(run=run, source=found.source, actor=actor)
    demand_moves.make(demand_moves.locked(demand), "plan", actor=actor, run=run)
    return run


def _draft_course(topic: Topic, actor: Actor) -> Course:
    facts: dict[str, object] = {
        "topic": topic,
        "kind": CourseKind.SEMINAR,
        "format": Format.IN_PERSON,
        "hours": USUAL_HOURS,
    }
    for language in plans.LANGUAGES:
        with translation.override(language):
            facts[f"title_{language}"] = _("Seminar: %(topic)s") % {"topic": topic.name}
    return organising.create_course(facts=facts, actor=actor)


def _plan(demand: Demand, found: Proposal, actor: Actor) -> plans.RunPlan:
    voices = demand_queries.voices_of(demand).count()
    facts = {
        "language": demand.language,
        "outreach": True,
        "region": demand.region,
        "host": found.host,
        "capacity": max(LEAST_PLACES, PLACES_A_VOICE * voices),
        "chain": ApprovalChain.objects.filter(steps=None).order_by("id").first(),
        "contact": Person.objects.filter(pk=actor.person_id).first() if actor.person_id else None,
    }
    if facts["chain"] is None:
        raise Refused(_("There is no approval chain without steps, and guests need one. Add it first."))
    trainers = (plans.TrainerPlan(person=found.trainer),) if found.trainer else ()
    return plans.RunPlan(facts, trainers=trainers)


@transaction.atomic
def meet(*, demand: Demand, actor: Actor) -> None:
    """Say that the seminar has met the demand. Raises Refused before it is announced, Stale as `plan`."""
    refuse_strangers(actor)
    demand = demand_moves.locked(demand)
    if demand.run is not None and demand.run.state == RunState.DRAFT:
        raise Refused(_("The seminar is still a draft: publish it first."))
    demand_moves.make(demand, "meet", actor=actor)


@transaction.atomic
def close(*, demand: Demand, actor: Actor, reason: str) -> None:
    """No seminar will be held. Raises Refused without a reason, Stale as `plan`."""
    refuse_strangers(actor)
    if not reason.strip():
        raise Refused(_("Write the reason: it stays in the ledger."))
    demand_moves.make(demand_moves.locked(demand), "close", actor=actor, note=reason)


def reopen(*, demand: Demand, actor: Actor) -> None:
    """Open what was closed. Raises Refused where others ask for the same by now, Stale as `plan`."""
    refuse_strangers(actor)
    try:
        with transaction.atomic():
            demand_moves.make(demand_moves.locked(demand), "reopen", actor=actor)
    except IntegrityError as taken:
        raise Refused(_("Others ask for the same by now: see the open demand.")) from taken


def refuse_strangers(actor: Actor) -> None:
    """Raises Refused for an actor who does not organise courses."""
    if not access.may_manage_courses(actor):
        raise Refused(_("Only coordinators organise courses."))
