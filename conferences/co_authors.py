"""Who writes a presentation together: colleagues are asked, confirm, or leave."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from conferences import presentation_access as access
from conferences import presentation_letters, presentation_queries
from conferences.models import Author, Presentation, Review
from conferences.states import AuthorState, ReviewState
from schools import audit, registry
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import Person
from schools.queries import school_of

MOST_AUTHORS = 20


@transaction.atomic
def ask(*, presentation: Presentation, person: Person, actor: Actor) -> Author:
    """Ask a colleague to join; they hear by mail and confirm. Whoever had left may be asked again.

    Raises Refused for actors who may not, for people who take part already or review it, and beyond MOST_AUTHORS.
    """
    row = presentation_queries.locked(presentation)
    if not access.may_change_authors(actor, row):
        raise Refused(_("The authors can no longer be changed here."))
    if len(row.authors.all()) >= MOST_AUTHORS:
        raise Refused(_("There are as many authors as there can be."))
    if row.reviews.exclude(state=ReviewState.LIFTED).filter(reviewer=person).exists():
        raise Refused(_("This colleague reviews the proposal, and so cannot be its author."))
    author = Author.objects.filter(presentation=row, person=person).first()
    if author is not None and author.state != AuthorState.LEFT:
        raise Refused(_("This colleague is among the authors already."))
    last = Author.objects.filter(presentation=row).aggregate(n=Max("order"))["n"] or 0
    author = author or Author(presentation=row, person=person)
    author.school, author.order = school_of(person, on=timezone.localdate()), last + 1
    _set(author, AuthorState.INVITED, "ask", actor)
    presentation_letters.ask_author(row, author)
    return author


@transaction.atomic
def confirm(*, presentation: Presentation, actor: Actor) -> None:
    """Say that one takes part. Raises Stale where nobody asks any more."""
    author = _own(presentation, actor)
    if author.state != AuthorState.INVITED:
        raise Stale(_("You have answered already."))
    _set(author, AuthorState.CONFIRMED, "confirm", actor)


@transaction.atomic
def leave(*, presentation: Presentation, actor: Actor) -> None:
    """Take part no more. Raises Refused for the last author who has confirmed, and once it was presented."""
    author = _own(presentation, actor)
    row = author.presentation
    if not access.may_leave(actor, row):
        raise Refused(_("It was presented already: its authors stay."))
    others = [one for one in row.authors.all() if one.state == AuthorState.CONFIRMED and one.pk != author.pk]
    if not others:
        raise Refused(_("You are the only author who has confirmed. Withdraw the proposal instead."))
    _set(author, AuthorState.LEFT, "leave", actor)
    presentation_letters.tell_left(row, author, others)


@transaction.atomic
def take_out(*, presentation: Presentation, author: Author, actor: Actor) -> None:
    """Ask no more: for those who have not confirmed yet. Raises Refused or Stale."""
    row = presentation_queries.locked(presentation)
    if not access.may_change_authors(actor, row):
        raise Refused(_("The authors can no longer be changed here."))
    found = next((one for one in row.authors.all() if one.pk == author.pk), None)
    if found is None or found.state != AuthorState.INVITED:
        raise Stale(_("This colleague has answered already. Who has confirmed can only leave in person."))
    _set(found, AuthorState.LEFT, "take_out", actor)


def _own(presentation: Presentation, actor: Actor) -> Author:
    row = presentation_queries.locked(presentation)
    author = access.authorship(actor, row)
    if author is None:
        raise Stale(_("You are not among the authors of this presentation."))
    author.presentation = row
    return author


def _set(author: Author, state: str, verb: str, actor: Actor) -> None:
    before, author.state, author.changed_at = author.state if author.pk else None, state, timezone.now()
    author.save()
    audit.record(
        actor=actor,
        verb=f"author.{verb}",
        subject=author,
        changes={"state": (before, str(state))},
        person=author.person,
        school=author.school_id,
    )


def follow_merged(*, kept: Person, gone: Person, actor: Actor) -> None:
    """Two rows were one person: what one of them wrote is the other's; where both stand, the better row stays."""
    standing = {row.presentation_id: row for row in Author.objects.filter(person=kept)}
    for row in Author.objects.filter(person=gone).select_related("presentation"):
        own = standing.get(row.presentation_id)
        if own is not None and (own.state == AuthorState.CONFIRMED or row.state != AuthorState.CONFIRMED):
            row.delete()
            continue
        if own is not None:
            own.delete()
        row.person = kept
        row.save(update_fields=["person"])
    held = Review.objects.filter(reviewer=kept).values("abstract")
    Review.objects.filter(reviewer=gone, abstract__in=held).delete()
    Review.objects.filter(reviewer=gone).update(reviewer=kept)


def listen() -> None:
    registry.merged.listen(follow_merged)
