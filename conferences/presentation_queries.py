"""Reads of presentations: lists, one with everything its page shows, and those of a person or a conference."""

from django.db.models import Prefetch, Q, QuerySet

from conferences.models import Author, Edition, Presentation, Review
from conferences.states import GIVEN, PUBLIC, AuthorState, PresentationState, ReviewState
from schools.access import Actor
from schools.models import Person
from schools.models.folded import holds_words

LIVE_AUTHORS = Author.objects.exclude(state=AuthorState.LEFT).select_related("person", "school")


def with_authors(rows: QuerySet[Presentation] | None = None) -> QuerySet[Presentation]:
    """Presentations with conference and authors (who have not left) at hand."""
    authors = LIVE_AUTHORS.prefetch_related("school__names").order_by("order", "id")
    found = Presentation.objects.all() if rows is None else rows
    return found.select_related("edition__series").prefetch_related(Prefetch("authors", authors))


def seen_by(actor: Actor) -> QuerySet[Presentation]:
    """What the actor finds in lists; the same as `presentation_access.may_see` says of each."""
    authors = Author.objects.exclude(state=AuthorState.LEFT)
    own = Q(pk__in=authors.filter(person_id=actor.person_id or 0).values("presentation"))
    if actor.is_network:
        return Presentation.objects.filter(own | ~Q(state=PresentationState.DRAFT))
    led = Q(pk__in=authors.filter(school_id__in=actor.schools_led()).values("presentation"))
    return Presentation.objects.filter(own | Q(state__in=PUBLIC) | led & ~Q(state=PresentationState.DRAFT))


def found(actor: Actor, *, q: str = "", state: str = "", mine: bool = False) -> QuerySet[Presentation]:
    """The list's rows, the newest conference first."""
    rows = seen_by(actor).filter(holds_words("search_key", q))
    if mine:
        own = Author.objects.exclude(state=AuthorState.LEFT).filter(person_id=actor.person_id or 0)
        rows = rows.filter(pk__in=own.values("presentation"))
    rows = rows.filter(state=state) if state else rows
    return with_authors(rows).order_by("-edition__year", "title", "id")


def at(edition: Edition, actor: Actor) -> list[Presentation]:
    """What the actor may see of ours at this conference."""
    return list(with_authors(seen_by(actor).filter(edition=edition)).order_by("title", "id"))


def given_by(person: Person) -> QuerySet[Presentation]:
    """What audiences heard from this person, the latest first."""
    own = Author.objects.filter(person=person, state=AuthorState.CONFIRMED)
    rows = Presentation.objects.filter(state__in=GIVEN, pk__in=own.values("presentation"))
    return rows.select_related("edition__series").order_by("-edition__year", "title", "id")


def reviews_for(person_id: int | None) -> QuerySet[Review]:
    """Reviews that wait for this person, the most urgent first."""
    rows = Review.objects.filter(reviewer_id=person_id, state=ReviewState.ASKED)
    return rows.select_related("presentation__edition__series").order_by("due_on", "id")


def locked(presentation: Presentation) -> Presentation:
    """The row as it is now with its authors, locked until the transaction ends. Raises Presentation.DoesNotExist."""
    Presentation.objects.select_for_update(no_key=True).get(pk=presentation.pk)
    return with_authors().get(pk=presentation.pk)
