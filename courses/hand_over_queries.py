"""Reads of hand-overs: what goes on with a place, who is asked, and who could be."""

from datetime import date

from django.db.models import Exists, Q, QuerySet

from courses.models import Enrolment, HandOver
from courses.states import HANDING, LIVE, EnrolmentState, HandOverState, RunState, Verb
from schools.alphabet import in_order
from schools.models import Person
from schools.queries import in_memberships

TAKERS = (EnrolmentState.PENDING, EnrolmentState.WAITING)
"""Where an own application of the colleague may stand: it is used up by the place that is handed over."""


def loaded() -> QuerySet[HandOver]:
    """With everything that its page, its letters and its rules look at."""
    return HandOver.objects.select_related(
        "enrolment__person", "enrolment__school", "to", "taker", "run__course", "run__host", "run__contact"
    )


def open_of(enrolment: Enrolment) -> HandOver | None:
    """The hand-over of this place that goes on."""
    return loaded().filter(enrolment=enrolment, state__in=HANDING).first()


def behind(enrolment: Enrolment) -> HandOver | None:
    """The hand-over for which this application is being decided."""
    return loaded().filter(taker=enrolment, state=HandOverState.AGREED).first()


def about(enrolment: Enrolment) -> HandOver | None:
    """The latest hand-over of this place, or the one by which this application gets, or got, its own.

    Of an application that went along to another school the giver is no longer told.
    """
    states = (HandOverState.AGREED, HandOverState.DONE)
    gets = Q(taker=enrolment, enrolment__school=enrolment.school_id, state__in=states)
    return loaded().filter(Q(enrolment=enrolment) | gets).last()


def asked_of(person_id: int) -> QuerySet[HandOver]:
    """Places that colleagues want to hand to this person, who has not answered yet."""
    rows = loaded().filter(to=person_id, state=HandOverState.ASKED, run__state=RunState.PUBLISHED)
    return rows.filter(enrolment__state=EnrolmentState.CONFIRMED).prefetch_related("run__host__names").order_by("until")


def asked_in(run_id: int) -> QuerySet[HandOver]:
    """Hand-overs in the run to which the colleague has still to answer."""
    return loaded().filter(run=run_id, state=HandOverState.ASKED).order_by("pk")


def colleagues(enrolment: Enrolment, *, today: date) -> QuerySet[Person]:
    """Who works at the school of the application today and could come instead, in Kazakh order of names.

    Without those who have a place, await another answer first, or are asked already. None for who has left the school.
    """
    if enrolment.school_id is None:
        return Person.objects.none()
    staff = _staff(enrolment.school_id, today)
    apart = Enrolment.objects.filter(run=enrolment.run_id, state__in=set(LIVE) - set(TAKERS)).values("person")
    asked = HandOver.objects.filter(run=enrolment.run_id, state__in=HANDING).values("to")
    return (
        staff.filter(Exists(staff.filter(pk=enrolment.person_id)))
        .exclude(Q(pk=enrolment.person_id) | Q(pk__in=apart) | Q(pk__in=asked))
        .order_by(*in_order("surname", "given_name"), "id")
    )


def works_at(person_id: int, school_id: int | None, *, today: date) -> bool:
    """True if the person works at that school today."""
    return school_id is not None and _staff(school_id, today).filter(pk=person_id).exists()


def _staff(school_id: int, today: date) -> QuerySet[Person]:
    return Person.objects.filter(in_memberships(today, school=school_id), archived_at=None)


def own_application(hand_over: HandOver) -> Enrolment | None:
    """The application that the colleague who is asked has in the run already."""
    return Enrolment.objects.filter(run=hand_over.run_id, person=hand_over.to_id, state__in=LIVE).first()


def is_made_for(hand_over: HandOver) -> bool:
    """True if the colleague's application was made by agreeing: without the hand-over there is none."""
    return hand_over.taker is not None and hand_over.taker.moves.filter(verb=Verb.TAKE_OVER).exists()
