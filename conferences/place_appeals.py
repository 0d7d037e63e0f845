"""Appeals of those who got no place at a conference: once, in time, answered with words."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conferences import delegation_access as access
from conferences import place_letters
from conferences.delegation_queries import locked
from conferences.delegation_states import WishState
from conferences.models import Delegation, Wish, WishAppeal
from courses.states import AppealState
from schools import audit, norms
from schools.access import Actor
from schools.errors import Refused, Stale


def until(delegation: Delegation) -> date | None:
    """The last day of appeals: so many working days after publishing (norm `appeal_days`)."""
    if delegation.published_at is None:
        return None
    day = timezone.localdate(delegation.published_at)
    return norms.working_days_after(day, norms.value("appeal_days", on=day))


def may_appeal(actor: Actor, wish: Wish, *, last_day: date | None, today: date) -> bool:
    """Whoever applied and got no place, once."""
    in_time = last_day is not None and today <= last_day
    return (
        in_time and access.owns_wish(actor, wish) and wish.state == WishState.UNPLACED and not hasattr(wish, "appeal")
    )


@transaction.atomic
def appeal(*, wish: Wish, text: str, actor: Actor) -> WishAppeal:
    """Ask to look again. Raises Refused for others, without words and with a place; Stale if too late or repeated."""
    wish = _locked(wish)
    if not access.owns_wish(actor, wish):
        raise Refused(_("Only the applicant can do this."))
    if not text.strip():
        raise Refused(_("Write what should be looked at again."))
    if not may_appeal(actor, wish, last_day=until(wish.delegation), today=timezone.localdate()):
        raise Stale(_("You have a place, have appealed already, or the time for appeals is over."))
    row = WishAppeal.objects.create(wish=wish, text=text.strip())
    audit.record(
        actor=actor, verb="wish.appeal", subject=wish, note=row.text, school=wish.school_id, person=wish.person
    )
    place_letters.tell_appeal(row)
    return row


@transaction.atomic
def answer(*, wish: Wish, gives: bool, words: str, actor: Actor) -> WishAppeal:
    """Say yes or no, with words that the applicant reads. A yes gives a place, one more than there were.

    Raises Refused for others than coordinators, for the own appeal and without words; Stale if it is answered.
    """
    wish = _locked(wish)
    if not access.may_answer(actor, wish):
        raise Refused(_("Coordinators answer appeals, never their own."))
    if not words.strip():
        raise Refused(_("Write an answer: the applicant will read it."))
    row = WishAppeal.objects.filter(wish=wish, state=AppealState.OPEN).first()
    if row is None:
        raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
    row.state = AppealState.UPHELD if gives else AppealState.REFUSED
    row.answer, row.answered_by_id, row.answered_at = words.strip(), actor.person_id, timezone.now()
    row.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    if gives:
        _give(wish)
    changes = {"appeal": ("open", str(row.state))}
    audit.record(actor=actor, verb="wish.answer", subject=wish, changes=changes, note=row.answer, person=wish.person)
    place_letters.tell_answer(row)
    return row


def _give(wish: Wish) -> None:
    """A place for the applicant. Where all were given there is one more: the appeal takes nobody's."""
    wish.state = WishState.PLACED
    wish.save(update_fields=["state"])
    delegation = wish.delegation
    given = delegation.wishes.filter(state=WishState.PLACED).count()
    if given > delegation.places:
        delegation.places = given
        delegation.save(update_fields=["places"])


def _locked(wish: Wish) -> Wish:
    delegation = locked(wish.delegation_id)
    row = Wish.objects.select_related("person", "appeal").get(pk=wish.pk)
    row.delegation = delegation
    return row
