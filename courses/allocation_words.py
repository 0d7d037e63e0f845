"""The words of an allocation: why somebody has a place or none, and how the points came about.

Each text is one or more whole sentences in the active language, written to the applicant or to the coordinator.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from courses.allocation_types import PLACES, Code, Part, Reason


@dataclass(frozen=True)
class Voice:
    """How one kind of reader is spoken to. `place` and `none` are said first; the second of each names the wish."""

    place: tuple[Promise, Promise]
    none: tuple[Promise, Promise]
    why: dict[Code, Promise]
    promised: dict[str, Promise]
    """Of PLACE_PROMISED, for a school and for a region."""
    more_points: Promise
    """Of POINTS, where a promise has given other places to people with no more points."""


APPLICANT = Voice(
    place=(gettext_lazy("You have a place."), gettext_lazy("You have a place in your wish no. %(wish)d.")),
    none=(gettext_lazy("You have no place here."), gettext_lazy("You have no place in your wish no. %(wish)d.")),
    why={
        Code.PLACE_ENOUGH: gettext_lazy("Nobody had to be turned away here."),
        Code.PLACE_POINTS: gettext_lazy("Your points: %(points)d; the last place given by points went at %(lowest)d."),
        Code.PLACE_DRAW: gettext_lazy(
            "Somebody with as many points as you (%(points)d) has no place here; the draw decided."
        ),
        Code.NO_PLACES: gettext_lazy("All places here (%(places)d) had been given before the allocation."),
        Code.POINTS: gettext_lazy(
            "All free places were given to people with more points. "
            "Yours: %(points)d; the last place given by points: %(lowest)d."
        ),
        Code.DRAW: gettext_lazy(
            "The last place given by points went to somebody with as many points as you (%(points)d); the draw decided."
        ),
        Code.PROMISED: gettext_lazy(
            "All free places here were promised to schools or regions and went to their people. "
            "Your points: %(points)d."
        ),
        Code.SCHOOL_CAP: gettext_lazy(
            "Your school may have at most so many places here: %(cap)d. None of them is free any more. "
            "Your points: %(points)d."
        ),
        Code.REGION_CAP: gettext_lazy(
            "Your region may have at most so many places here: %(cap)d. None of them is free any more. "
            "Your points: %(points)d."
        ),
    },
    promised={
        "school": gettext_lazy(
            "Your school is promised so many places here: %(floor)d. One of them is yours. "
            "Your points: %(points)d; somebody with %(passed)d has no place here."
        ),
        "region": gettext_lazy(
            "Your region is promised so many places here: %(floor)d. One of them is yours. "
            "Your points: %(points)d; somebody with %(passed)d has no place here."
        ),
    },
    more_points=gettext_lazy(
        "The places given by points went to people with more points. "
        "Yours: %(points)d; the last place given by points: %(lowest)d."
    ),
)
COORDINATOR = Voice(
    place=(
        pgettext_lazy("allocation", "Has a place."),
        pgettext_lazy("allocation", "Has a place in wish no. %(wish)d."),
    ),
    none=(
        pgettext_lazy("allocation", "Has no place here."),
        pgettext_lazy("allocation", "Has no place in wish no. %(wish)d."),
    ),
    why={
        Code.PLACE_ENOUGH: APPLICANT.why[Code.PLACE_ENOUGH],
        Code.PLACE_POINTS: gettext_lazy("Points: %(points)d; the last place given by points went at %(lowest)d."),
        Code.PLACE_DRAW: gettext_lazy("Somebody with as many points (%(points)d) has no place here; the draw decided."),
        Code.NO_PLACES: APPLICANT.why[Code.NO_PLACES],
        Code.POINTS: gettext_lazy(
            "All free places were given to people with more points. "
            "Points: %(points)d; the last place given by points: %(lowest)d."
        ),
        Code.DRAW: gettext_lazy(
            "The last place given by points went to somebody with as many points (%(points)d); the draw decided."
        ),
        Code.PROMISED: gettext_lazy(
            "All free places here were promised to schools or regions and went to their people. Points: %(points)d."
        ),
        Code.SCHOOL_CAP: gettext_lazy(
            "The school may have at most so many places here: %(cap)d. None of them is free any more. "
            "Points: %(points)d."
        ),
        Code.REGION_CAP: gettext_lazy(
            "The region may have at most so many places here: %(cap)d. None of them is free any more. "
            "Points: %(points)d."
        ),
    },
    promised={
        "school": gettext_lazy(
            "The school is promised so many places here: %(floor)d. This is one of them. "
            "Points: %(points)d; somebody with %(passed)d has no place here."
        ),
        "region": gettext_lazy(
            "The region is promised so many places here: %(floor)d. This is one of them. "
            "Points: %(points)d; somebody with %(passed)d has no place here."
        ),
    },
    more_points=gettext_lazy(
        "The places given by points went to people with more points. "
        "Points: %(points)d; the last place given by points: %(lowest)d."
    ),
)
PROMISED_TO_OTHERS = gettext_lazy(
    "So many places went to people with no more points, because they are promised to their schools or regions: "
    "%(promised)d."
)

PARTS = {
    "need": gettext_lazy("Hours missing"),
    "gap": gettext_lazy("Time since the last place"),
    "share": gettext_lazy("The school's share"),
    "kept": gettext_lazy("Commitments kept"),
    "committee": gettext_lazy("The committee's score"),
}


@dataclass(frozen=True)
class PointsRow:
    """One line of how somebody's points came about."""

    label: str
    points: int
    most: int
    fact: str


def reason(told: Reason, *, ranked: bool = False, voice: Voice = APPLICANT) -> str:
    """One reason in words. `ranked`: the person had several wishes, so that the text names which it was."""
    heads = voice.place if told.code in PLACES else voice.none
    return " ".join(str(text) % told.facts for text in (heads[ranked], *_why(told, voice)))


def points(parts: Iterable[Part]) -> list[PointsRow]:
    """How the points came about, line by line. The lines' points add up to the person's."""
    return [PointsRow(str(PARTS[part.name]), part.points, part.most, FACTS[part.name](part)) for part in parts]


def _why(told: Reason, voice: Voice) -> Iterable[Promise]:
    if told.code == Code.PLACE_PROMISED:
        yield voice.promised[str(told.facts["group"])]
    elif told.code == Code.POINTS and told.facts["promised"]:
        yield voice.more_points
    else:
        yield voice.why[told.code]
    if told.facts.get("promised"):
        yield PROMISED_TO_OTHERS


def _need(part: Part) -> str:
    return _("Academic hours missing: %(missing)d; the target: %(target)d.") % part.facts


def _gap(part: Part) -> str:
    if part.facts["months"] is None:
        return _("There was no place before, so this part is given in full.")
    return _("Months since the last place: %(months)d; the full part is given from %(full)d on.") % part.facts


def _share(part: Part) -> str:
    told = _("Places per librarian: %(school)s in this school, %(network)s in all schools that applied.") % {
        "school": _per_head(part, ""),
        "network": _per_head(part, "network_"),
    }
    if not part.facts["credit"]:
        return told
    credit = number_format(Decimal(int(part.facts["credit"])) / 1000, 2)
    return f"{told} " + _("Credit from earlier allocations, in places: %(credit)s.") % {"credit": credit}


def _per_head(part: Part, whose: str) -> str:
    places, people = (int(part.facts[f"{whose}{what}"] or 0) for what in ("places", "people"))
    return number_format(Decimal(places) / people, 2)


def _kept(part: Part) -> str:
    return _("Commitments kept: %(kept)d; broken: %(broken)d.") % part.facts


def _committee(part: Part) -> str:
    if part.facts["score"] is None:
        return _("The committee has given no score, so half of this part is given.")
    return _("The committee's score: %(score)d of 1000.") % part.facts


FACTS = {"need": _need, "gap": _gap, "share": _share, "kept": _kept, "committee": _committee}
