"""What a contact changes about a sign-up after it was made."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import fair_time, guest_letters, leaving_late, moves, seats, signing_up, waiting
from courses.models import Enrolment, EnrolmentMove, Run, Signup
from courses.models.signup import REMOVED
from courses.signing_up import GUEST, locked
from courses.states import HOLDING, MOVES, OPEN, SEATED, EnrolmentState, Verb
from schools import audit, guests, outbox
from schools.errors import Refused, Stale
from schools.folding import fold
from schools.guests import GuestData
from schools.models import Person

CHANGED = gettext_lazy("This has changed in the meantime. Look at its present status and try again.")


def cancel(*, signup: Signup, only: str = "", late: bool = False) -> int:
    """Give up the places of all people of a sign-up, or of one alone (`only`, the uid of the enrolment).

    After the withdrawal deadline a confirmed place is given up only by who was told that it is recorded (`late`),
    and until the first day begins. Freed seats go to those who wait. Returns how many. Raises Stale if there
    is nothing to give up, Refused after the deadline without `late`, and once the seminar has begun.
    """
    with transaction.atomic():
        now = timezone.now()
        signup, run, rows = locked(signup)
        wanted = [row for row in rows if row.state in MOVES[Verb.WITHDRAW].sources and only in ("", row.uid)]
        if not wanted:
            raise Stale(_("There is nothing left to cancel."))
        recorded = _too_late(wanted, run, now)
        if recorded:
            leaving_late.refuse_untimely(recorded[0], now)
            if not late:
                raise Refused(_("The withdrawal deadline has passed. Read below what it means, and cancel again."))
        for row in wanted:
            verb = Verb.LATE if row in recorded else Verb.WITHDRAW
            moves.make(row, verb, EnrolmentState.WITHDRAWN, actor=GUEST, now=now)
    waiting.fill(run_id=run.pk)
    return len(wanted)


def _too_late(rows: Sequence[Enrolment], run: Run, now: datetime) -> list[Enrolment]:
    """Confirmed places after the withdrawal deadline, without those that came so late that there is time still."""
    if run.may_withdraw(now):
        return []
    in_time = fair_time.ends(rows, now=now)
    return [row for row in rows if row.state == EnrolmentState.CONFIRMED and row.pk not in in_time]


def add(*, signup: Signup, coming: Sequence[GuestData]) -> list[Enrolment]:
    """Bring more people of the same school, as `signing_up.sign_up` does; people who are in already stay as they are.

    Raises Refused if registration is closed, or the school would have more people than it may.
    """
    with transaction.atomic():
        now = timezone.now()
        people = signing_up.locked_people(coming, email=signup.email, language=signup.language)
        run = seats.lock_run(signup.run_id)
        rows_of = Signup.objects.select_for_update(no_key=True, of=("self",))
        signup = rows_of.select_related("school", "school_request").get(pk=signup.pk)
        signing_up.refuse_closed(run, now)
        new = signing_up.newcomers(run, people)
        signing_up.refuse_too_many(run, signup.school or signup.school_request, len(new))
        if signup.verified_at is None and signup.hold_until and signup.hold_until <= now:
            signup.hold_until = signing_up.hold_until(run, now)  # what is held now is held from now
            signup.save(update_fields=["hold_until"])
        rows = signing_up.place(signup, run, new, now=now)
    waiting.fill(run_id=run.pk)
    return rows


@transaction.atomic
def correct(*, signup: Signup, enrolment: str, name: GuestData) -> Person:
    """Put a name right. Certificates that were given keep theirs until HQ gives them anew.

    Raises Stale if nobody of that uid comes any more, Refused for somebody who has an account.
    """
    person = _open_row(signup, enrolment).person
    if not guests.is_guest(person):
        raise Refused(_("This person has an account on the portal. Their name is corrected there."))
    is_contact = fold(person.full_name) == fold(signup.name)
    before = {field: getattr(person, field) for field in ("surname", "given_name", "patronymic", "post")}
    changes = {field: (old, getattr(name, field)) for field, old in before.items() if old != getattr(name, field)}
    for field in changes:
        setattr(person, field, getattr(name, field))
    if changes:
        person.save(update_fields=list(changes))
        audit.record(actor=GUEST, verb="person.correct", subject=person, changes=changes)
        if is_contact:
            Signup.objects.filter(pk=signup.pk).update(name=person.full_name)
    return person


def replace(*, signup: Signup, enrolment: str, name: GuestData) -> Enrolment:
    """Somebody else comes in this person's place: the place and its number stay, the record of each is their own.

    Raises Stale if nobody of that uid comes any more, Refused if the other is in the seminar already, or after the
    withdrawal deadline.
    """
    with transaction.atomic():
        newcomer = signing_up.people_of([name], email=signup.email, language=signup.language)[0]
        present = Person.objects.filter(pk__in=signup.enrolments.values("person"))
        locked_now = signing_up.lock_people([newcomer, *present])  # all at once, in the one order
        if any(row == newcomer and row.archived_at for row in locked_now):
            raise Stale(CHANGED)
        row = _open_row(signup, enrolment)
        if not row.run.may_withdraw(timezone.now()):
            raise Refused(_("The deadline has passed: nobody else can come in this person's place any more."))
        if not signing_up.newcomers(row.run, [newcomer]):
            raise Refused(_("This person is signed up for the seminar already."))
        if row.state in SEATED:
            seats.refuse_clash(newcomer, row.run)
        if row.state in HOLDING and seats.has_parallel_seat(newcomer.pk, row.run):
            raise Refused(_("This person has a place in a parallel run already."))
        moves.hand_over(row, newcomer, actor=GUEST)
        signing_up.tell_again(signup)
    return row


@transaction.atomic
def change_address(*, signup: Signup, email: str) -> Signup:
    """Letters are to go to another address: it gets a link of its own, and nothing changes until that is used.

    So a mistyped address costs nobody the link. The address that stands, given again, takes the wish back.
    """
    signup = Signup.objects.select_for_update(no_key=True, of=("self",)).select_related("run__course").get(pk=signup.pk)
    email = email.lower()
    outbox.supersede(about=signup, kinds=[guest_letters.NEW_ADDRESS])
    signup.pending_email = "" if email == signup.email else email
    if signup.pending_email:
        signup.pending_epoch = max(signup.link_epoch, signup.pending_epoch) + 1
    signup.save(update_fields=["pending_email", "pending_epoch"])
    if signup.pending_email:
        guest_letters.ask_new_address(signup)
    return signup


@transaction.atomic
def confirm_address(*, signup: Signup) -> Signup:
    """The link in the letter to the new address was used: it takes the old one's place, and the old link dies.

    Safe to repeat.
    """
    people = signing_up.lock_people([row.person for row in signup.enrolments.select_related("person")])
    signup = Signup.objects.select_for_update(no_key=True, of=("self",)).get(pk=signup.pk)
    if not signup.pending_email:
        return signup
    theirs = Person.objects.filter(pk__in=[row.pk for row in people], email=signup.email, account=None)
    theirs.update(email=signup.pending_email)
    signup.email, signup.link_epoch, signup.pending_email = signup.pending_email, signup.pending_epoch, ""
    signup.save(update_fields=["email", "link_epoch", "pending_email"])
    audit.record(actor=GUEST, verb="signup.address", subject=signup)
    signing_up.tell_again(signup)
    return signup


def withdraw_consent(*, signup: Signup) -> None:
    """Take back what was agreed to: coming places are given up, and names, address and telephone are removed.

    What was attended and certified stays without a name, so that issued reports keep their totals.
    """
    with transaction.atomic():
        now = timezone.now()
        _lock_all(signup)
        signup, run, rows = locked(signup)
        for row in rows:
            if row.state in MOVES[Verb.WITHDRAW].sources:
                moves.make(row, Verb.WITHDRAW, EnrolmentState.WITHDRAWN, actor=GUEST, now=now)
        EnrolmentMove.objects.filter(enrolment__signup=signup).update(told_at=now)
        outbox.supersede(about=signup)
        for row in rows:
            guests.forget(row.person, actor=GUEST)
        signup.name, signup.email, signup.phone = "–", f"{signup.uid}{REMOVED}", ""
        signup.link_epoch, signup.told_at = max(signup.link_epoch, signup.pending_epoch) + 1, now
        signup.pending_email = ""
        signup.save(update_fields=["name", "email", "phone", "pending_email", "link_epoch", "told_at"])
        audit.record(actor=GUEST, verb="signup.withdraw_consent", subject=signup)
    waiting.fill(run_id=run.pk)


def _lock_all(signup: Signup) -> None:
    """The people, then every run in which they have something open: all of it is given up, in the one order."""
    people = signing_up.lock_people([row.person for row in signup.enrolments.select_related("person")])
    runs = Enrolment.objects.filter(person__in=people, state__in=OPEN).values("run")
    wanted = Q(pk__in=runs) | Q(pk=signup.run_id)
    list(Run.objects.select_for_update(no_key=True).filter(wanted).order_by("pk"))


def _open_row(signup: Signup, uid: str) -> Enrolment:
    _signup, _run, rows = locked(signup)
    row = next((row for row in rows if row.uid == uid and row.state in OPEN), None)
    if row is None:
        raise Stale(CHANGED)
    return row
