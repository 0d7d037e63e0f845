"""Places for a conference and applications for them, made plainly."""

from datetime import timedelta

from django.utils import timezone

from conferences.models import Delegation, Edition, Wish, WishScore
from schools.models import Person
from schools.queries import school_of
from tests.cast import Member
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
