"""Is an allocation true? Looked at afresh, person by person and pair by pair, from inputs and the finished list alone.

Nothing of the portal's own reckoning is used: slow and plain on purpose.
"""

import hashlib
from fractions import Fraction
from functools import cache
from itertools import chain

from courses.allocation import Code


def points_of(inputs, one):
    """The rules' formulas, written down a second time, in fractions."""
    rules = inputs.rules
    schools = {other.school: other for other in inputs.applicants}.values()
    places, people = (sum(getattr(other, name) for other in schools) for name in ("school_places", "school_people"))
    months = one.months_since_last
    behind = Fraction(1, 2)
    if places:
        rate = Fraction(one.school_places, one.school_people) / Fraction(places, people)
        behind = max(Fraction(0), 1 - rate / 2)
    parts = {
        "need": min(Fraction(1), Fraction(one.hours_missing, rules.target_hours)) if rules.target_hours else 0,
        "gap": Fraction(1) if months is None or months >= rules.gap_months else Fraction(months, rules.gap_months),
        "share": behind + Fraction(one.credit, 2000),
        "kept": Fraction(one.kept + 1, one.kept + one.broken + 1),
        "committee": Fraction(500 if one.committee is None else one.committee, 1000),
    }
    return {name: getattr(rules, name) * min(Fraction(1), value) * 10 for name, value in parts.items()}


class Truth:
    def __init__(self, inputs, result):
        self.inputs, self.result = inputs, result
        self.people = {one.key: one for one in inputs.applicants}
        self.seats = {seats.key: seats for seats in inputs.seats}
        self.outcome = {one.applicant: one for one in result.outcomes}
        self.got = {one.applicant: one.run for one in result.outcomes if one.run}
        # each is asked for again and again, of a list that does not change
        self.inside, self.outside, self.rivals = cache(self._inside), cache(self._outside), cache(self._rivals)
        self.promised, self.by_points = cache(self._promised_here), cache(self._by_points)
        self.rank = {key: (-one.points, self._draw(key)) for key, one in self.outcome.items()}

    def _draw(self, key):
        return hashlib.sha256(f"{self.inputs.seed}:{key}".encode()).hexdigest()

    def _inside(self, run):
        return [key for key, place in self.got.items() if place == run]

    def _outside(self, run):
        """Who wished for the run more than for what they got."""
        return [
            key
            for key, one in self.people.items()
            if run in one.wishes and (key not in self.got or one.wishes.index(run) < one.wishes.index(self.got[key]))
        ]

    # What a set of people in a run would mean.

    def _groups(self, run, keys):
        """School and region of everybody in the run: of those given before, and of these."""
        return [*self.seats[run].taken, *((self.people[key].school, self.people[key].region) for key in keys)]

    def cap(self, run, kind, group):
        seats = self.seats[run]
        own = [share.cap for share in seats.shares if (share.kind, share.key) == (kind, group)]
        general = seats.school_cap if kind == "school" else seats.region_cap
        return min([cap for cap in (*own, general) if cap is not None], default=10**6)

    def count(self, run, keys, kind, group):
        return sum(pair[kind == "region"] == group for pair in self._groups(run, keys))

    def allowed(self, run, keys, newcomer):
        """May the newcomer stand among these people, as far as caps go?"""
        one = self.people[newcomer]
        pairs = ("school", one.school), ("region", one.region)
        return all(self.count(run, keys, *pair) <= self.cap(run, *pair) for pair in pairs)

    def promises_kept(self, run, keys):
        shares = self.seats[run].shares
        return sum(min(share.floor, self.count(run, keys, share.kind, share.key)) for share in shares)

    def full(self, run):
        return len(self.inside(run)) + len(self.seats[run].taken) >= self.seats[run].places

    def instead(self, run, holder, newcomer):
        return [newcomer if key == holder else key for key in self.inside(run)]

    def _rivals(self, run, holder):
        """Those without a place here who could have the holder's, as far as caps go."""
        return [key for key in self.outside(run) if self.allowed(run, self.instead(run, holder, key), key)]

    def _promised_here(self, run):
        """Holders whom somebody who could have their place comes before."""
        return [
            holder
            for holder in self.inside(run)
            if any(self.rank[key] < self.rank[holder] for key in self.rivals(run, holder))
        ]

    def _by_points(self, run):
        return [key for key in self.inside(run) if key not in self.promised(run)]

    def points(self, key):
        return self.outcome[key].points

    # What is wrong.

    def faults(self):
        found = chain(
            self._wrong_points(), self._wrong_places(), self._envy(), self._wrong_reasons(), self._wrong_lists()
        )
        return list(found)

    def _wrong_points(self):
        for key, one in self.outcome.items():
            exact = points_of(self.inputs, self.people[key])
            if one.draw != self._draw(key):
                yield f"{key}: another draw"
            if one.points != sum(part.points for part in one.parts):
                yield f"{key}: the parts do not add up"
            # a value is cut to whole thousandths, then the part to whole points
            yield from (
                f"{key}: {part.name} is {part.points}, not {float(exact[part.name])}"
                for part in one.parts
                if not 0 <= exact[part.name] - part.points < 1 + Fraction(getattr(self.inputs.rules, part.name), 50)
            )
            if {part.name for part in one.parts} != {name for name in exact if getattr(self.inputs.rules, name)}:
                yield f"{key}: other parts than the rules have"

    def _wrong_places(self):
        if [one.applicant for one in self.result.outcomes] != sorted(self.people):
            yield "not everybody stands in the list once"
        for key, one in self.outcome.items():
            wishes = self.people[key].wishes
            if (one.run is None) != (one.wish is None) or (one.wish and wishes[one.wish - 1] != one.run):
                yield f"{key}: a place that was not wished for"
        for run, seats in self.seats.items():
            keys = self.inside(run)
            if keys and len(keys) + len(seats.taken) > seats.places:
                yield f"{run}: more people than places"
            yield from (f"{run}: {key} is over a cap" for key in keys if not self.allowed(run, keys, key))

    def _envy(self):
        """Nobody could justly stand where another does, and no place is left that somebody could have."""
        for run in self.seats:
            keys = self.inside(run)
            for key in self.outside(run):
                if not self.full(run) and self.allowed(run, [*keys, key], key):
                    yield f"{run}: a place is left, and {key} could have it"
                for holder in keys:
                    other = self.instead(run, holder, key)
                    now, then = self.promises_kept(run, keys), self.promises_kept(run, other)
                    better = then > now or (then == now and self.rank[key] < self.rank[holder])
                    if better and self.allowed(run, other, key):
                        yield f"{run}: {key} should stand where {holder} does"

    def _wrong_reasons(self):
        for key, one in self.outcome.items():
            wishes = self.people[key].wishes
            if [reason.run for reason in one.reasons] != list(wishes[: one.wish or len(wishes)]):
                yield f"{key}: not a reason for each wish"
            for reason in one.reasons:
                facts = {"points": one.points, "wish": wishes.index(reason.run) + 1}
                true = CLAIMS[reason.code](self, reason.run, key)
                if true is None:
                    yield f"{key}: {reason.code} is not true of {reason.run}"
                elif reason.facts != facts | true:
                    yield f"{key}: {reason.facts} are not the figures {facts | true}"

    def _wrong_lists(self):
        for run in self.seats:
            waiting = [key for key in self.outside(run) if key not in self.got]
            if list(self.result.order[run]) != sorted(waiting, key=lambda key: self.rank[key]):
                yield f"{run}: another order of those who wait"
        schools = {one.school: one.credit for one in self.people.values()}
        for school, credit in schools.items():
            asked = [key for key, one in self.people.items() if one.school == school]
            share = Fraction(1000 * len(self.got) * len(asked), len(self.people))
            due = share - 1000 * sum(key in self.got for key in asked)
            change = self.result.credits.get(school, 0)
            if not (abs(change - due) < 1 or (due < change == -credit)):
                yield f"{school}: credit changes by {change}, not by {float(due)}"


# What each reason claims: its figures if it is true, else None.


def _place_enough(true, run, key):
    return {} if key in true.inside(run) and not true.outside(run) else None


def _place_points(true, run, key):
    if key not in true.by_points(run) or not true.outside(run) or _equals(true, run, key):
        return None
    return {"lowest": min(true.points(other) for other in true.by_points(run))}


def _place_draw(true, run, key):
    return {} if key in true.by_points(run) and _equals(true, run, key) else None


def _equals(true, run, key):
    return [other for other in true.rivals(run, key) if true.points(other) == true.points(key)]


def _place_promised(true, run, key):
    if key not in true.promised(run):
        return None
    one = true.people[key]
    for kind, group in (("school", one.school), ("region", one.region)):
        for share in true.seats[run].shares:
            same = (share.kind, share.key) == (kind, group)
            if same and true.count(run, true.inside(run), kind, group) <= share.floor:
                passed = [other for other in true.rivals(run, key) if true.rank[other] < true.rank[key]]
                return {"group": kind, "floor": share.floor, "passed": max(map(true.points, passed))}
    return None


def _no_places(true, run, key):
    seats = true.seats[run]
    return {"places": seats.places} if key in true.outside(run) and len(seats.taken) >= seats.places else None


def _behind_points(true, run, key):
    """Were the places given to people who come before, but for promises?"""
    if key not in true.outside(run) or not true.full(run) or not true.inside(run):
        return False
    return all(true.rank[other] < true.rank[key] for other in true.by_points(run))


def _promised_before(true, run, key):
    return {"promised": sum(true.points(other) <= true.points(key) for other in true.promised(run))}


def _points(true, run, key):
    lowest = min((true.points(other) for other in true.by_points(run)), default=0)
    if not _behind_points(true, run, key) or lowest <= true.points(key):
        return None
    return {"lowest": lowest, **_promised_before(true, run, key)}


def _draw(true, run, key):
    lowest = min((true.points(other) for other in true.by_points(run)), default=None)
    if not _behind_points(true, run, key) or lowest != true.points(key):
        return None
    return _promised_before(true, run, key)


def _promised(true, run, key):
    if not _behind_points(true, run, key) or true.by_points(run):
        return None
    return _promised_before(true, run, key)


def _school_cap(true, run, key):
    return _cap(true, run, key, "school", true.people[key].school)


def _region_cap(true, run, key):
    if _school_cap(true, run, key) is not None:
        return None
    return _cap(true, run, key, "region", true.people[key].region)


def _cap(true, run, key, kind, group):
    """The group has all it may have, given by points to those who come before; without the cap there was a place."""
    if key not in true.outside(run) or _behind_points(true, run, key) or _no_places(true, run, key):
        return None
    if true.count(run, true.inside(run), kind, group) < true.cap(run, kind, group):
        return None
    own = [other for other in true.by_points(run) if getattr(true.people[other], kind) == group]
    return {"cap": true.cap(run, kind, group)} if all(true.rank[other] < true.rank[key] for other in own) else None


CLAIMS = {
    Code.PLACE_ENOUGH: _place_enough,
    Code.PLACE_POINTS: _place_points,
    Code.PLACE_DRAW: _place_draw,
    Code.PLACE_PROMISED: _place_promised,
    Code.NO_PLACES: _no_places,
    Code.POINTS: _points,
    Code.DRAW: _draw,
    Code.PROMISED: _promised,
    Code.SCHOOL_CAP: _school_cap,
    Code.REGION_CAP: _region_cap,
}
