"""Who may do what with a presentation: plain predicates over the row with its authors at hand."""

from typing import TYPE_CHECKING

from conferences.states import PRESENTATION_MOVES, PUBLIC, TO_EDIT, UNDER_WAY, AuthorState, Part, ReviewState
from conferences.states import PresentationState as P
from schools.access import Actor, leads

if TYPE_CHECKING:
    from conferences.models import Author, Presentation, Review


def authorship(actor: Actor, presentation: "Presentation") -> "Author | None":
    """The actor's own row among the authors, unless they have left."""
    rows = (row for row in presentation.authors.all() if row.state != AuthorState.LEFT)
    return next((row for row in rows if actor.person_id is not None and row.person_id == actor.person_id), None)


def is_author(actor: Actor, presentation: "Presentation") -> bool:
    """One of those who have confirmed that they write it."""
    row = authorship(actor, presentation)
    return row is not None and row.state == AuthorState.CONFIRMED


def is_coordinator(actor: Actor, presentation: "Presentation") -> bool:
    """HQ, but never for a presentation of one's own."""
    return actor.runs_network and authorship(actor, presentation) is None


def parts(actor: Actor, presentation: "Presentation") -> frozenset[str]:
    """Which parts the actor plays in the moves."""
    found = {Part.AUTHOR} if is_author(actor, presentation) else set()
    return frozenset(found | ({Part.COORDINATOR} if is_coordinator(actor, presentation) else set()))


def may_see(actor: Actor, presentation: "Presentation") -> bool:
    """A draft: its authors alone. All colleagues once the conference has accepted it; before that also the

    directors of the authors' schools and the offices.
    """
    if authorship(actor, presentation) is not None:
        return True
    if presentation.state == P.DRAFT or not actor.is_authenticated:
        return False
    if presentation.state in PUBLIC or actor.is_network:
        return True
    return any(leads(actor, row.school_id) for row in presentation.authors.all() if row.state != AuthorState.LEFT)


def may_move(actor: Actor, presentation: "Presentation", verb: str) -> bool:
    move = PRESENTATION_MOVES[verb]
    return presentation.state in move.sources and bool(parts(actor, presentation) & set(move.who))


def may_write(actor: Actor, presentation: "Presentation") -> bool:
    """Change title and text: authors, while it is theirs to change."""
    return presentation.state in TO_EDIT and is_author(actor, presentation)


def may_change_authors(actor: Actor, presentation: "Presentation") -> bool:
    """Ask colleagues to join, before the conference has the names."""
    return presentation.state in (P.DRAFT, P.PROPOSED, P.RETURNED, P.ENDORSED) and bool(parts(actor, presentation))


def may_leave(actor: Actor, presentation: "Presentation") -> bool:
    """What an audience has heard keeps its authors."""
    return presentation.state in UNDER_WAY and authorship(actor, presentation) is not None


def may_talk(actor: Actor, presentation: "Presentation") -> bool:
    """Read and write comments: authors (also those who are asked) and coordinators, who know each other's names."""
    return authorship(actor, presentation) is not None or actor.runs_network


def may_add_files(actor: Actor, presentation: "Presentation") -> bool:
    return presentation.state != P.WITHDRAWN and bool(parts(actor, presentation))


def may_ask_for_reviews(actor: Actor, presentation: "Presentation") -> bool:
    return presentation.state == P.PROPOSED and is_coordinator(actor, presentation)


def sees_reviews(actor: Actor, presentation: "Presentation") -> bool:
    """Coordinators at once, with names; authors once it is decided, without. An author in HQ is an author."""
    if authorship(actor, presentation) is not None:
        return presentation.state != P.PROPOSED
    return actor.is_network


def is_reviewer(actor: Actor, review: "Review") -> bool:
    return actor.person_id is not None and actor.person_id == review.reviewer_id


def may_write_review(actor: Actor, review: "Review") -> bool:
    return is_reviewer(actor, review) and review.state == ReviewState.ASKED


def sees_versions(actor: Actor, presentation: "Presentation") -> bool:
    """How the text came about: authors and the offices; others read the last version."""
    return authorship(actor, presentation) is not None or actor.is_network
