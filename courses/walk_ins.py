"""Somebody who came without signing up: two fields at the door, a place if one is free, and present at once."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import access, attendance, moves, seats, signing_up, waiting
from courses.models import Enrolment, Meeting, Run, Signup
from courses.seat_rules import Obstacle, Where
from courses.states import LIVE, EnrolmentState, MarkSource, RunState, Verb
from schools import directory, guests
from schools.access import Actor
from schools.directory import Unlisted
from schools.errors import Refused, Stale
from schools.guests import GuestData
from schools.models import School, SchoolRequest

USED = gettext_lazy("This form was used already. Open it again.")
AT_THE_DOOR = {
    Obstacle.FULL: gettext_lazy("All places are taken. A coordinator can add one."),
    Obstacle.KEPT: gettext_lazy("The places that are free are kept for other schools. A coordinator can add one."),
    Obstacle.SCHOOL_CAP: gettext_lazy("This school has its most places already. A coordinator can add one."),
    Obstacle.REGION_CAP: gettext_lazy("This region has its most places already. A coordinator can add one."),
}


@transaction.atomic
def walk_in(
    *,
    meeting: Meeting,
    guest: GuestData,
    school: School | Unlisted | None,
    language: str,
    nonce: str,
    actor: Actor,
    add_place: bool = False,
) -> Signup:
    """Give a free place to somebody in the hall, and mark them as present at this meeting.

    `nonce` is the form's: whatever is sent twice makes one person. Whoever is in the hall comes before those who
    wait elsewhere, and never beyond the capacity; coordinators may add a place (`add_place`), beyond the number for
    a school too.

    Raises Refused for others than the run's trainers and coordinators, outside seminars for guests, before the
    meeting, if all places or those of the school are taken, or if the person is on the list already; Stale for a
    nonce of something else.
    """
    run, now = seats.lock_run(meeting.run_id), timezone.now()
    attendance.refuse_others(actor, run)
    if standing := Signup.objects.filter(uid=nonce).first():
        return _again(standing, run)
    _refuse_unless_on(run, meeting)
    listed = school if isinstance(school, School) else None
    _refuse_known(run, guest, listed)
    if not (add_place and may_add_place(actor)):
        signing_up.refuse_too_many(run, school, 1)
    _make_room(run, _whence(school), actor, add_place, now)
    person = guests.add([guest], email="", language=language)[0]
    request = _ask_for(school, language, actor) if isinstance(school, Unlisted) else None
    fresh = Signup(uid=nonce, run=run, name=person.full_name, language=language, school=listed, school_request=request)
    signup = _write(fresh, now)
    row = Enrolment(run=run, person=person, school=listed, signup=signup, number=seats.take_number(run), created_at=now)
    moves.make(row, Verb.WALK_IN, EnrolmentState.CONFIRMED, actor=actor, now=now)
    attendance.arrive(meeting=meeting, came=[(row, now)], source=MarkSource.TRAINER, actor=actor)
    return signup


def _write(signup: Signup, now: datetime) -> Signup:
    """No letter is owed: the person stands at the door, and has given no address yet."""
    signup.walk_in, signup.consent_version = True, signing_up.CONSENT_VERSION
    signup.consented_at = signup.verified_at = signup.told_at = signup.created_at = now
    try:
        with transaction.atomic():
            signup.save(force_insert=True)
    except IntegrityError as taken:  # the same nonce at the door of another seminar, at this very moment
        raise Stale(USED) from taken
    return signup


def _ask_for(school: Unlisted, language: str, actor: Actor) -> SchoolRequest:
    return directory.request_school(
        region=school.region, name=school.name, district=school.district, language=language, actor=actor
    )


def may_add_place(actor: Actor) -> bool:
    """Trainers fill places; only who organises makes new ones."""
    return access.may_manage_courses(actor)


def _again(signup: Signup, run: Run) -> Signup:
    if signup.run_id != run.pk or not signup.walk_in:
        raise Stale(USED)
    return signup


def _refuse_unless_on(run: Run, meeting: Meeting) -> None:
    if not run.outreach or run.state != RunState.PUBLISHED:
        raise Refused(_("Only seminars for staff of any school take people without a sign-up."))
    if meeting.starts_at - attendance.DOORS_OPEN > timezone.now():
        raise Refused(_("This meeting has not started yet."))


def _refuse_known(run: Run, guest: GuestData, school: School | None) -> None:
    """Somebody of that name from that school is here: a second row would be the same person."""
    rows = Enrolment.objects.filter(run=run, school=school, state__in=LIVE).select_related("person")
    if any(GuestData(one.surname, one.given_name, one.patronymic).key == guest.key for one in (r.person for r in rows)):
        raise Refused(_("Somebody of this name and school is in the seminar already. Mark them in the list."))


def _whence(school: School | Unlisted | None) -> Where:
    """Of a school that is not on record its region is known."""
    if isinstance(school, Unlisted):
        return Where(None, school.region.pk)
    return seats.where_of(school.pk if school else None)


def _make_room(run: Run, whence: Where, actor: Actor, add_place: bool, now: datetime) -> None:
    """Raises Refused if no seat is free for somebody from there and none may be added; under the run's lock."""
    adds = add_place and may_add_place(actor)
    obstacle = None if adds else seats.tally(run, now=now).why_not(whence)
    if obstacle:
        raise Refused((waiting.NO_ROOM if may_add_place(actor) else AT_THE_DOOR)[obstacle])
    waiting.make_room(run, whence, actor=actor, add_place=adds, now=now)
