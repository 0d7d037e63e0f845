"""The rules of seats once more, counted from scratch over plain rows: what histories are held against.

It shares no code with the portal: only the state of the rows and the numbers of the rules come from there.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

SEATED = ("offered", "confirmed", "completed", "not_completed")


@dataclass(frozen=True)
class Row:
    """One application. `able`: still with us, and the address is proved; `busy`: other things take the time."""

    key: int
    number: int
    person: int
    state: str
    school: int | None
    region: int | None
    of_held: bool = False
    able: bool = True
    busy: bool = False

    @property
    def has_seat(self) -> bool:
        return self.state in SEATED


@dataclass(frozen=True)
class Share:
    """Of a school (with the region where it lies) or, with `school` None, of a region."""

    school: int | None
    region: int | None
    floor: int
    cap: int | None
    held: int


@dataclass(frozen=True)
class Picture:
    """A run at one moment. `gives`: it is published, and its places are not still to be allocated."""

    capacity: int
    rows: tuple[Row, ...]
    shares: tuple[Share, ...] = ()
    school_limit: int | None = None
    region_limit: int | None = None
    keeps: bool = True
    gives: bool = True

    def seats(self) -> list[Row]:
        return [row for row in self.rows if row.has_seat]

    def with_seat(self, *keys: int) -> "Picture":
        rows = tuple(replace(row, state="confirmed") if row.key in keys else row for row in self.rows)
        return replace(self, rows=rows)

    def without_seat(self, *keys: int) -> "Picture":
        rows = tuple(replace(row, state="waiting") if row.key in keys else row for row in self.rows)
        return replace(self, rows=rows)


def left_of_held(picture: Picture, share: Share) -> int:
    """Held seats of a school that nobody was named for yet."""
    named = sum(1 for row in picture.seats() if row.school == share.school and row.of_held)
    return max(0, share.held - named) if picture.keeps and share.school else 0


def left_of_promise(picture: Picture, share: Share) -> int:
    """Seats that are promised to a school and not given yet; the held ones are another matter."""
    given = sum(1 for row in picture.seats() if row.school == share.school and not row.of_held)
    return max(0, share.floor - given) if picture.keeps and share.school else 0


def in_region(picture: Picture, region: int | None) -> int:
    return sum(1 for row in picture.seats() if row.region == region)


def most_of_region(picture: Picture, region: int | None) -> int | None:
    """None: as many as there are; of people whose region is not known too."""
    area = next((share for share in picture.shares if share.school is None and share.region == region), None)
    most = area.cap if area and area.cap is not None else picture.region_limit
    return most if region is not None else None


def owed(picture: Picture) -> int:
    """Seats that are promised or held and not given yet. What a region's schools are owed counts for the region.

    A region is owed no more than its most leaves it.
    """
    if not picture.keeps:
        return 0
    of_region = dict[int | None, int]()
    for share in picture.shares:
        if share.school is not None:
            due = left_of_promise(picture, share) + left_of_held(picture, share)
            of_region[share.region] = of_region.get(share.region, 0) + due
    for share in picture.shares:
        if share.school is None:
            due = share.floor - in_region(picture, share.region)
            of_region[share.region] = max(of_region.get(share.region, 0), due)
    for region, due in of_region.items():
        most = most_of_region(picture, region)
        if most is not None:
            of_region[region] = min(due, max(0, most - in_region(picture, region)))
    return sum(of_region.values())


def within_caps(picture: Picture, row: Row) -> bool:
    """The most of the school and of the region leave room for one more.

    What is held counts as given, and in the region what other schools are promised.
    """
    seats = picture.seats()
    own = next((share for share in picture.shares if share.school and share.school == row.school), None)
    most = own.cap if own and own.cap is not None else picture.school_limit
    mine = sum(1 for seat in seats if seat.school == row.school) + (left_of_held(picture, own) if own else 0)
    if row.school is not None and most is not None and mine >= most:
        return False
    most = most_of_region(picture, row.region)
    schools = [share for share in picture.shares if share.school and share.region == row.region]
    taken = in_region(picture, row.region) + sum(left_of_held(picture, share) for share in schools)
    taken += sum(left_of_promise(picture, share) for share in schools if share.school != row.school)
    return most is None or taken < most


def fits(picture: Picture, row: Row, *, caps: bool = True) -> bool:
    """The rules let this row have the next seat: one is free, the caps allow it, and what is owed can be kept."""
    free = picture.capacity - len(picture.seats())
    if free < 1:
        return False
    own = next((share for share in picture.shares if share.school and share.school == row.school), None)
    names = row.of_held and own is not None and left_of_held(picture, own) > 0
    if caps and not names and not within_caps(picture, row):
        return False
    counted = picture if names or not row.of_held else _open(picture, row)
    after = owed(counted.with_seat(row.key))
    return free - 1 >= after or after < owed(picture)


def _open(picture: Picture, row: Row) -> Picture:
    """The row fills no held seat: none is left."""
    return replace(picture, rows=tuple(replace(one, of_held=False) if one == row else one for one in picture.rows))


def due(picture: Picture, elsewhere: Iterable[int] = ()) -> list[int]:
    """Keys of those who get a seat now, in order: always the lowest number that waits, is able and fits."""
    given, taken = [], set(elsewhere)
    while picture.gives:
        line = sorted((row for row in picture.rows if row.state == "waiting"), key=lambda row: row.number)
        able = (row for row in line if row.able and not row.busy and row.person not in taken)
        found = next((row for row in able if fits(picture, row)), None)
        if found is None:
            break
        given.append(found.key)
        picture = picture.with_seat(found.key)
    return given
