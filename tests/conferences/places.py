"""Places for a conference and applications for them, made plainly."""

from datetime import timedelta

from django.utils import timezone

from conferences import place_sharing
from conferences.models import Delegation, Edition, Wish, WishScore
from schools.models import Person
from schools.queries import school_of
from tests.cast import Cast, Member
from tests.conferences import rows


def delegation(edition: Edition | None = None, *, days: int = 10, **fields: object) -> Delegation:
    """Two places, with applications until so many days from today."""
    usual = {"places": 2, "closes_on": timezone.localdate() + timedelta(days=days)}
    return Delegation.objects.create(edition=edition or rows.edition(), **{**usual, **fields})


def wish(delegation: Delegation, who: Member, **fields: object) -> Wish:
    school = school_of(who.person, on=timezone.localdate())
    usual = {"text": "Оқырмандар клубын көргім келеді.", "school": school}
    return Wish.objects.create(delegation=delegation, person=who.person, **{**usual, **fields})


def scored(wish: Wish, reviewer: Person, score: int) -> WishScore:
    return WishScore.objects.create(wish=wish, reviewer=reviewer, score=score)


def closed(edition: Edition, cast: Cast, **fields: object) -> Delegation:
    """One place, two applications; HQ likes the librarian's best."""
    made = delegation(edition, days=-1, **{"places": 1, **fields})
    scored(wish(made, cast.librarian), cast.hq.person, 90)
    scored(wish(made, cast.stranger), cast.hq.person, 40)
    return made


def proposed(made: Delegation, cast: Cast) -> Delegation:
    place_sharing.propose(delegation=made, actor=cast.hq.actor)
    return made


def shared(made: Delegation, cast: Cast) -> Delegation:
    """Published: everybody has a letter."""
    place_sharing.publish(delegation=proposed(made, cast), actor=cast.hq.actor)
    made.refresh_from_db()
    return made
