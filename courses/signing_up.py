"""Guests get seats: sign up, and confirm by the link in the mail. What is not confirmed in time: `offers`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import moves, offer_clock, seats, waiting
from courses.models import Enrolment, Run, SeatShare, Signup
from courses.moves import TELL_SIGNUP
from courses.queries import run_clashes, spans_of
from courses.seat_rules import Where
from courses.states import LIVE, EnrolmentState, Verb
from schools import agenda, bell, directory, guests, norms
from schools.access import Actor
from schools.directory import Unlisted
from schools.errors import Refused, Stale
from schools.folding import fold
from schools.guests import GuestData
from schools.models import Person, School, SchoolRequest

GUEST = Actor(name="guest")
"""Who acts by a link: the ledger says «guest», and whom it is about."""
CONSENT_VERSION = "2026-11"
"""The text that guests agree to; `templates/courses/seminars/consent.html` holds it."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who writes and gets the letters; not always one of those who come."""

    name: str
    email: str
    language: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class SignedUp:
    """What came of it. `again` are people who had a place or a number already; a visitor is never told of them."""

    signup: Signup
    again: int


@transaction.atomic
def sign_up(*, run: Run, contact: Contact, coming: Sequence[GuestData], school: School | Unlisted | None) -> SignedUp:
    """Hold seats for people of one school until the contact's link confirms them; who gets none waits in order.

    People who are in the run already are left as they are, and the contact gets the link again.

    Raises Refused if registration is closed, or the school would have more people than it may.
    """
    now, email = timezone.now(), contact.email.lower()
    people = locked_people(coming, email=email, language=contact.language)
    run = seats.lock_run(run.pk)
    refuse_closed(run, now)
    new = newcomers(run, people)
    again = len(people) - len(new)
    if not new and (standing := _standing(run, email)):
        tell_again(standing)
        return SignedUp(standing, again)
    refuse_too_many(run, school, len(new))
    signup = _write(run, contact, email, school, now)
    place(signup, run, new, now=now)
    return SignedUp(signup, again)


def people_of(coming: Sequence[GuestData], *, email: str, language: str) -> list[Person]:
    """The people by these names: those known by the address, and new ones. A name that stands twice counts once."""
    wanted = {row.key: row for row in coming}
    known = guests.known(email)
    new = [row for key, row in wanted.items() if key not in known]
    added = dict(zip([row.key for row in new], guests.add(new, email=email, language=language), strict=True))
    return [known.get(key) or added[key] for key in wanted]


def locked_people(coming: Sequence[GuestData], *, email: str, language: str) -> list[Person]:
    """As `people_of`, and locked. Who was merged or removed before the lock was there is looked for anew."""
    while True:
        people = people_of(coming, email=email, language=language)
        if all(row.archived_at is None for row in lock_people(people)):
            return people


def lock_people(people: Sequence[Person]) -> list[Person]:
    """Lock these people in the order of their keys, before any run; gives them as they are then."""
    rows = Person.objects.select_for_update(no_key=True).filter(pk__in=[row.pk for row in people])
    return list(rows.order_by("pk"))


def newcomers(run: Run, people: Sequence[Person]) -> list[Person]:
    """Those of the people who are not in the run; under its lock."""
    rows = Enrolment.objects.filter(run=run, person__in=people, state__in=LIVE)
    inside = set(rows.values_list("person_id", flat=True))
    return [row for row in people if row.pk not in inside]


def _standing(run: Run, email: str) -> Signup | None:
    return Signup.objects.filter(run=run, email=email).order_by("-id").first()


def _write(run: Run, contact: Contact, email: str, school: School | Unlisted | None, now: datetime) -> Signup:
    request = None
    if isinstance(school, Unlisted):
        request, school = _ask_for(school, contact, email), None
    return Signup.objects.create(
        run=run,
        name=contact.name,
        email=email,
        phone=contact.phone,
        language=contact.language,
        school=school,
        school_request=request,
        consent_version=CONSENT_VERSION,
        consented_at=now,
        hold_until=hold_until(run, now),
        told_at=now,  # its moves owe the first letter
        created_at=now,
    )


def _ask_for(school: Unlisted, contact: Contact, email: str) -> SchoolRequest:
    """HQ looks a school up that the directory does not know."""
    return directory.request_school(
        region=school.region,
        name=school.name,
        district=school.district,
        contact=email,
        language=contact.language,
        actor=GUEST,
    )


def hold_until(run: Run, now: datetime) -> datetime:
    """Until when a seat waits for its link: the set number of hours, not beyond the start, never under an hour."""
    until = now + timedelta(hours=norms.value("signup_hold_hours", on=timezone.localdate(now)))
    return offer_clock.limited(until, offer_clock.first_meeting(run), now=now)


def place(signup: Signup, run: Run, people: Sequence[Person], *, now: datetime) -> list[Enrolment]:
    """Give these people seats while there are any, and places in the queue after that, under the run's lock.

    While the run's intake only gathers, they wait for the allocation of places. Who has a seat in a parallel run,
    or no time for this one, waits too.
    """
    gathers = run.intake is not None and run.intake.gathers
    proved, whence = signup.verified_at is not None, whence_of(signup)
    room = 0 if gathers else seats.room_for_guests(run, coming=len(people), whence=whence, proved=proved, now=now)
    seated = EnrolmentState.CONFIRMED if proved else EnrolmentState.OFFERED
    unseated = EnrolmentState.POOLED if gathers else EnrolmentState.WAITING
    keys, rows = [person.pk for person in people], []
    taken = set(seats.with_parallel_seat(keys, run))
    if proved:  # the others are looked at when their link is used
        taken |= set(agenda.first_clashes(people=keys, spans=spans_of(run)))
    for person, number in zip(people, seats.take_numbers(run, len(people)), strict=True):
        row = Enrolment(run=run, person=person, school=signup.school, signup=signup, number=number, created_at=now)
        to = seated if room and person.pk not in taken else unseated
        room -= to == seated
        until = signup.hold_until if to == EnrolmentState.OFFERED else None
        moves.make(row, Verb.SIGN_UP, to, actor=GUEST, now=now, offer_until=until)
        rows.append(row)
    return rows


def whence_of(signup: Signup) -> Where:
    """Where the people of a sign-up come from, for the rules of seats."""
    if signup.school_id is None and signup.school_request:
        return Where(None, signup.school_request.region_id)
    return seats.where_of(signup.school_id)


def confirm(*, signup: Signup) -> list[Enrolment]:
    """The link was used: held seats become places, and those who wait may get one. Safe to repeat.

    What had expired is taken up again at the end of the queue while registration is open. Returns those whose
    time is taken by something else that is confirmed: their seats stay held until the clock runs out.
    """
    with transaction.atomic():
        now = timezone.now()
        signup, run, rows = locked(signup)
        first = signup.verified_at is None
        if first:
            signup.verified_at, signup.told_at = now, None
            signup.save(update_fields=["verified_at", "told_at"])
            bell.ring(TELL_SIGNUP, signup.pk)
        clashing = [row for row in rows if row.state == EnrolmentState.OFFERED and not _take(row, now)]
        if first and run.is_open(now):
            place(signup, run, _expired(rows), now=now)
    waiting.fill(run_id=run.pk)
    return clashing


def _take(row: Enrolment, now: datetime) -> bool:
    """Turn a held seat into a place; False if the person's time is taken meanwhile."""
    if run_clashes(person=row.person, run=row.run).exists() or seats.has_parallel_seat(row.person_id, row.run):
        return False
    moves.make(row, Verb.CONFIRM, EnrolmentState.CONFIRMED, actor=GUEST, now=now)
    return True


def _expired(rows: Sequence[Enrolment]) -> list[Person]:
    live = {row.person_id for row in rows if row.state in LIVE}
    gone = {row.person_id: row.person for row in rows if row.state == EnrolmentState.EXPIRED}
    return [person for pk, person in gone.items() if pk not in live]


def locked(signup: Signup) -> tuple[Signup, Run, list[Enrolment]]:
    """The sign-up with its people under the locks of seats: persons, run, enrolments.

    Raises Stale if a place has become another person's before the locks were there.
    """
    people = Enrolment.objects.filter(signup=signup).values("person")
    persons = {
        row.pk: row for row in Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk")
    }
    run = seats.lock_run(signup.run_id)
    rows = Enrolment.objects.select_for_update(no_key=True, of=("self",)).filter(signup=signup).select_related("school")
    found = list(rows.order_by("pk"))
    if any(row.person_id not in persons for row in found):
        raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
    signup = Signup.objects.select_for_update(no_key=True, of=("self",)).select_related("school").get(pk=signup.pk)
    for row in found:
        row.person, row.run, row.signup = persons[row.person_id], run, signup
    return signup, run, found


def tell_again(signup: Signup) -> None:
    """Owe the contact one more letter about how things stand."""
    Signup.objects.filter(pk=signup.pk).update(told_at=None)
    bell.ring(TELL_SIGNUP, signup.pk)


def send_newest_link(*, email: str) -> None:
    """Owe an address the link of its newest sign-up once more; one that nobody signed up with gets nothing."""
    newest = Signup.objects.filter(email=email).order_by("-id").first()
    if newest:
        tell_again(newest)


def refuse_closed(run: Run, now: datetime) -> None:
    """Raises Refused unless the run is open to guests now."""
    if not (run.outreach and run.is_open(now)):
        raise Refused(_("Registration for this seminar is closed."))


def refuse_too_many(run: Run, school: School | Unlisted | SchoolRequest | None, coming: int) -> None:
    """Raises Refused if the school would have more people in the run than it may; under the run's lock.

    A school that is not on record yet is known by its name and region.
    """
    listed = school if isinstance(school, School) else None
    own = SeatShare.objects.filter(run=run, school=listed).values_list("cap", flat=True).first() if listed else None
    most = run.school_limit if own is None else own
    if most is None:
        return
    left = most - _present(run, school)
    if coming > left:
        text = _("From one school at most %(most)s people can come. Places left for yours: %(left)s.")
        raise Refused(text % {"most": most, "left": max(0, left)})


def _present(run: Run, school: School | Unlisted | SchoolRequest | None) -> int:
    """How many people of the school are in the run."""
    rows = Enrolment.objects.filter(run=run, state__in=LIVE)
    if school is None or isinstance(school, School):
        return rows.filter(school=school).count() if school else 0
    names = rows.filter(school=None, signup__school_request__region=school.region)
    return sum(fold(name) == fold(school.name) for name in names.values_list("signup__school_request__name", flat=True))
