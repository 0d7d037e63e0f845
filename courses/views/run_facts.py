"""What a person sees on a run's page before applying: own application, approver, clash, seats."""

from django.utils import timezone

from courses import access, queries
from courses.models import Run
from courses.states import LIVE
from courses.timeline import deciding
from schools.access import Actor
from schools.models import Person


def before_applying(actor: Actor, run: Run) -> dict[str, object]:
    """Template context: `mine` (own live enrolment), `clashes`, `approvers`, `open`, `may_...`."""
    now = timezone.now()
    mine, clashes = None, []
    if actor.person_id is not None:
        mine = run.enrolments.filter(person_id=actor.person_id, state__in=LIVE).first()
        if mine is None:
            clashes = clash_lines(Person(pk=actor.person_id), run)
    return {
        "mine": mine,
        "clashes": clashes,
        "approvers": [deciding(step.role) for step in run.chain.steps.all()],
        "open": run.is_open(now),
        "not_yet": run.opens_at is not None and now < run.opens_at,
        "may_apply": access.may_apply(actor),
        "may_nominate": access.may_nominate(actor) and run.is_open(now),
        "may_manage": access.may_manage_courses(actor),
        "may_use_room": mine is not None and access.may_use_room(actor, mine),
    }


def clash_lines(person: Person, run: Run) -> list[dict[str, object]]:
    """Days on which the run meets while the person's time is taken, with what takes it."""
    rows = list(queries.run_clashes(person=person, run=run))
    titles = queries.titles_of([row.source for row in rows])
    return [{"start": row.start, "title": titles.get(row.source, "")} for row in rows]
