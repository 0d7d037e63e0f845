"""Applications for a place at a conference, and the committee's scores of them."""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from conferences import delegation_access as access
from conferences.delegation_queries import is_member, locked, own, scoring
from conferences.delegation_states import Stage, WishState
from conferences.models import Delegation, Wish, WishAppeal, WishScore
from conferences.trip_erasing import GONE
from schools import audit, registry
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import Person, School
from schools.queries import people_at, school_of


@transaction.atomic
def apply(*, delegation: Delegation, text: str, actor: Actor) -> Wish:
    """The actor's application with this text: a new one, or the present one in other words.

    Scores speak of a text, so other words take them back. Raises Refused for others than librarians and for an empty
    text, Stale after the last day.
    """
    today = timezone.localdate()
    delegation = locked(delegation.pk)
    _refuse_late(delegation)
    if not access.may_wish(actor, delegation, today=today):
        raise Refused(_("Librarians of a school apply for places."))
    if not text.strip():
        raise Refused(_("Write why you would like to go."))
    row = own(delegation, actor)
    if row is None:
        person = Person.objects.filter(pk=actor.person_id or 0, archived_at=None).first()
        school = school_of(person, on=today) if person else None
        if person is None or school is None:
            raise Refused(_("Librarians of a school apply for places."))
        row = Wish.objects.create(delegation=delegation, person=person, school=school, text=text.strip())
        WishScore.objects.filter(wish__delegation=delegation, reviewer=person).delete()  # nobody judges while applying
        _write_down(row, "apply", actor, (None, str(row.state)))
    elif row.text != text.strip():
        row.text = text.strip()
        row.save(update_fields=["text"])
        row.scores.all().delete()
        _write_down(row, "edit", actor)
    return row


@transaction.atomic
def withdraw(*, delegation: Delegation, actor: Actor) -> None:
    """Take the actor's application back. Raises Stale where there is none, and after the last day."""
    delegation = locked(delegation.pk)
    _refuse_late(delegation)
    row = own(delegation, actor)
    if row is None:
        raise Stale(_("You have no application here."))
    row.state = WishState.WITHDRAWN
    row.save(update_fields=["state"])
    _write_down(row, "withdraw", actor, (str(WishState.OPEN), str(row.state)))


@transaction.atomic
def score(*, wish: Wish, points: int, word: str, actor: Actor) -> WishScore:
    """The actor's score, 0 to 100, with a word; given anew, it replaces the former.

    Raises Refused for others than the committee, for applications of the own and of the own school; Stale while
    applications can still be changed, while a proposal stands or for what the actor could read in one, once places
    are given, and for one that was withdrawn.
    """
    wish.delegation = locked(wish.delegation_id)
    wish.refresh_from_db(fields=["state"])
    member = is_member(wish.delegation, actor)
    if not access.may_read_for_committee(actor, wish, member=member):
        raise Refused(_("This application is not yours to judge."))
    if not access.may_score(actor, wish, scoring(wish.delegation, today=timezone.localdate()), member=member):
        raise Stale(
            _("Scores are given after the last day of applications, until there is a proposal that coordinators read.")
        )
    found = {"score": points, "word": word.strip(), "at": timezone.now()}
    before = WishScore.objects.filter(wish=wish, reviewer=actor.person_id).values_list("score", flat=True).first()
    row, _new = WishScore.objects.update_or_create(wish=wish, reviewer_id=actor.person_id, defaults=found)
    audit.record(actor=actor, verb="wish.score", subject=wish, changes={"score": (before, points)})
    return row


def forget(*, person: Person, **_facts: object) -> None:
    """What somebody wrote goes with their personal data; that there was an application stays."""
    Wish.objects.filter(person=person).update(text=GONE)
    WishAppeal.objects.filter(wish__person=person).update(text=GONE)
    WishScore.objects.filter(reviewer=person).update(word="")


def follow(*, person: Person, source: School, target: School, on: date, actor: Actor) -> None:
    """Applications for conferences that begin when the person works at the new school go along.

    Nobody judges an application from a school of the own, so scores from the new school are taken back. Places that
    are given stay with the school that got them.
    """
    later = Q(edition__starts_on__gte=on) | Q(edition__starts_on=None)
    open_ones = Q(wishes__person=person, wishes__school=source, wishes__state=WishState.OPEN)
    for key in (
        Delegation.objects.filter(later, open_ones, published_at=None).order_by("pk").values_list("pk", flat=True)
    ):
        row = locked(key).wishes.filter(person=person, school=source, state=WishState.OPEN).first()
        if row is not None:
            row.school = target
            row.save(update_fields=["school"])
            row.scores.filter(reviewer__in=people_at(target, on=on).values("pk")).delete()
            changes = {"school": (source.pk, target.pk)}
            audit.record(actor=actor, verb="wish.transfer", subject=row, changes=changes, school=target, person=person)


def listen() -> None:
    registry.erased.listen(forget)
    registry.transferred.listen(follow)


def _refuse_late(delegation: Delegation) -> None:
    if delegation.stage(timezone.localdate()) != Stage.OPEN:
        raise Stale(_("The last day of applications is over."))


def _write_down(row: Wish, deed: str, actor: Actor, state: tuple[str | None, str] | None = None) -> None:
    audit.record(
        actor=actor,
        verb=f"wish.{deed}",
        subject=row,
        changes={"state": state} if state else None,
        school=row.school_id,
        person=row.person,
    )
