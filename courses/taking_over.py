"""The colleague takes the place or not; where the run asks for approval, once more. At the last yes it passes."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import (
    at_work,
    enrolling,
    hand_over_ends,
    hand_over_letters,
    hand_over_queries,
    moves,
    requiring,
    seats,
)
from courses.models import Enrolment, HandOver
from courses.states import LIVE, EnrolmentState, HandOverState, Verb
from schools import agenda
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import Person

S = EnrolmentState


@transaction.atomic
def agree(*, hand_over: HandOver, actor: Actor, reason: str = "") -> HandOver:
    """Take the colleague's place. Where the chain asks nobody, or has approved the own application already, it
    passes at once; else approval is awaited, and the colleague keeps the place until the last yes.

    `reason` is for those who approve. Raises Refused for others and if the place cannot be the person's, Stale
    if it is no longer to be had.
    """
    now = timezone.now()
    person, row = _asked(hand_over, actor, now)
    own = Enrolment.objects.select_for_update(no_key=True, of=("self",)).filter(run=row.run, person=person)
    taker = own.filter(state__in=LIVE).first() or enrolling.new(
        person, row.run, now, reason=reason, school_id=row.enrolment.school_id
    )
    refuse_unfit(person, row.enrolment, now=now)
    taker.person, taker.run = person, row.run
    if taker.state == S.WAITING:
        passes(row, taker, Verb.CONFIRM, actor=actor, now=now)
        return row
    step = None if taker.pk else enrolling.next_step(taker, now=now)
    if not taker.pk and step is None:
        passes(row, taker, Verb.TAKE_OVER, actor=actor, now=now)
        return row
    if step:
        enrolling.await_step(taker, step, Verb.TAKE_OVER, actor=actor, now=now)
    row.taker, row.state = taker, HandOverState.AGREED
    row.save(update_fields=["taker", "state"])
    hand_over_ends.record(row, HandOverState.ASKED, actor=actor, note=reason)
    hand_over_letters.tell(row)
    return row


@transaction.atomic
def refuse(*, hand_over: HandOver, actor: Actor, note: str = "") -> HandOver:
    """Leave the place to the colleague. Raises as `agree` does."""
    now = timezone.now()
    _person, row = _asked(hand_over, actor, now)
    hand_over_ends.end(row, HandOverState.REFUSED, actor=actor, now=now, answer=note)
    return row


def awaited(enrolment: Enrolment, *, now: datetime) -> HandOver | None:
    """The hand-over for which this application is decided, under the locks of person and run.

    Raises Stale if the place is no longer to be had and the application was made for it alone.
    """
    row = hand_over_queries.behind(enrolment)
    if row is None:
        return None
    row = hand_over_ends.locked(row, enrolment.run)
    row.taker = enrolment
    if hand_over_ends.fate(row, now=now) is None:
        return row
    if hand_over_queries.is_made_for(row):
        raise Stale(_("The place is no longer there to be handed over, so this application falls."))
    return None


def passes(row: HandOver, taker: Enrolment, verb: str, *, actor: Actor, now: datetime, note: str = "") -> None:
    """The place goes from one to the other in one transaction; as many are taken as before, by the same school.

    A held place stays a held one. Under the locks of the colleague and of the run.
    """
    giver = row.enrolment
    refuse_unfit(taker.person, giver, now=now)
    moves.make(giver, Verb.HAND_OVER, S.WITHDRAWN, actor=actor, now=now)
    taker.of_held = giver.of_held
    if taker.pk:
        taker.save(update_fields=["of_held"])
    moves.make(taker, verb, S.CONFIRMED, actor=actor, now=now, note=note)
    row.taker = taker
    hand_over_ends.end(row, HandOverState.DONE, actor=actor, now=now)


def refuse_unfit(person: Person, giver: Enrolment, *, now: datetime, by_colleague: bool = False) -> None:
    """Raises Refused if the person could not have the place of `giver` now; with the run and its locks at hand.

    `by_colleague`: said to somebody else, who learns nothing of the person's other events.
    """
    run, today = giver.run, timezone.localdate(now)
    if person.pk == giver.person_id:
        raise Refused(_("Choose somebody else: you have the place yourself."))
    if not hand_over_queries.works_at(person.pk, giver.school_id, today=today):
        raise Refused(_("A place can be handed only to a colleague who works at the same school."))
    if not by_colleague:
        at_work.refuse_left(person, run)
    elif at_work.leaves(person, run):  # when somebody's work ends is nothing for colleagues
        raise Refused(_("This colleague cannot have the place. Choose somebody else."))
    own = Enrolment.objects.filter(run=run, person=person, state__in=LIVE).first()
    if own and own.state not in hand_over_queries.TAKERS:
        raise Refused(_("This person has a place in this course, or an application that awaits another answer."))
    if own:
        seats.refuse_other_share(giver, own)
    requiring.refuse_missing(person, run)
    if seats.has_parallel_seat(person.pk, run):
        raise Refused(_("This person has a place in a parallel run already."))
    if not by_colleague:
        seats.refuse_clash(person, run)
    elif agenda.first_clash(person=person, spans=seats.spans_of(run)):
        raise Refused(_("The colleague's time is taken by another confirmed event."))


def _asked(hand_over: HandOver, actor: Actor, now: datetime) -> tuple[Person, HandOver]:
    person, run = seats.lock(person_id=hand_over.to_id, run_id=hand_over.run_id)
    row = hand_over_ends.locked(hand_over, run)
    if actor.person_id != person.pk or row.to_id != person.pk:
        raise Refused(_("Only the colleague who is asked can do this."))
    if row.state != HandOverState.ASKED:
        raise Stale(_("This hand-over has ended in the meantime. How it ended is shown."))
    if hand_over_ends.fate(row, now=now):
        raise Stale(_("This place can no longer be handed over: the time is over, or something has changed."))
    row.to = person
    return person, row
