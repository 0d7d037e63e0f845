"""What a person sees on a run's page before applying: own application, approver, clash, seats."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses import access, intake_queries, near_dates, seat_words
from courses import requirement_queries as reads
from courses.models import Run
from courses.states import LIVE, RunState
from courses.timeline import Step, deciding
from schools.access import Actor


def before_applying(actor: Actor, run: Run) -> dict[str, object]:
    """Template context: `mine` (own live enrolment), `left` (seats), `needs`, `parallel`, `clashes`, `near`..."""
    now = timezone.now()
    mine, events = None, near_dates.Around([], [])
    needs = [] if run.outreach and actor.person_id is None else reads.needs(run.course_id, actor.person_id)
    parallel = intake_queries.beside(run, actor.person_id)
    trainers = {row.person_id for row in run.trainers.all()}
    if actor.person_id is not None:
        mine = run.enrolments.filter(person_id=actor.person_id, state__in=LIVE).first()
        if mine is None:
            events = near_dates.around(actor.person_id, run)
            needs = reads.with_runs(needs, now=now)
    left = seat_words.for_reader(run, actor, shared=run.has_shares, now=now)
    nominates = access.may_nominate(actor) and run.is_open(now)
    return {
        "mine": mine,
        "left": left,
        "seat_open": run.free > left.kept if left.mine is None else left.mine > 0,
        "needs": needs,
        "parallel": parallel,
        "seated_beside": next((one for one in parallel if one.seated), None),
        "lacking": any(one.missing for one in needs) and actor.person_id is not None,
        "clashes": events.clash,
        "near": events.near,
        "way": way(run),
        "run_facts": run_facts(run),
        "open": run.is_open(now),
        "not_yet": run.opens_at is not None and now < run.opens_at,
        "may_apply": access.may_apply(actor),
        "may_nominate": nominates,
        "may_hold": nominates and bool(run.hold_limit or run.has_shares),
        "may_manage": access.may_manage_courses(actor),
        "may_teach": run.state != RunState.DRAFT and access.may_teach(actor, run, trainer_ids=trainers),
        "may_use_room": mine is not None and access.may_use_room(actor, mine),
    }


def way(run: Run) -> list[Step]:
    """The steps that an application for this run goes through."""
    return [
        Step(title=_("You apply"), state="now"),
        *(Step(title=deciding(step.role), state="next") for step in run.chain.steps.all()),
        Step(title=_("Place confirmed"), state="next"),
    ]


def run_facts(run: Run) -> list[tuple[str, object]]:
    """Label and value of what is worth knowing in short; empty values are left out by the list."""
    trainers = ", ".join(str(trainer) for trainer in run.trainers.all())
    return [
        (_("Application deadline"), _moment(run.closes_at)),
        (_("Withdrawal deadline"), _moment(run.cancel_until)),
        (_("Target audience"), run.course.audience),
        (_("Approval"), run.chain.name),
        (_("Trainers"), trainers),
        (_("Contact person"), run.contact.full_name if run.contact else ""),
    ]


def _moment(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "d.m.Y, H:i") if moment else ""
