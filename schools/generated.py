"""Schools that are made up, for the demonstration, tests and measures. None of them exists, and each row says so.

The regions share them by their real numbers of general-education schools, where the reference data know these;
the other regions share the rest evenly. The same seed makes the same schools, whatever was made before.
"""

from collections.abc import Iterator
from itertools import islice
from random import Random

from django.db import transaction

from schools.directory import new_school
from schools.models import Region, School, SchoolName
from schools.models.base import ALPHABET, UID_LENGTH
from schools.models.school import in_language
from schools.school_search import tidy_index
from schools.states import SchoolSource

COUNTRY = 7690
"""General-education schools of the country, 2024/25."""
RURAL = 0.68
AT_ONCE = 1000
NUMBERED = (
    ("{n} жалпы білім беретін мектеп", "Общеобразовательная школа {n}"),
    ("{n} орта мектеп", "Средняя школа {n}"),
    ("{n} мектеп-гимназия", "Школа-гимназия {n}"),
    ("{n} мектеп-лицей", "Школа-лицей {n}"),
)
"""How a school with a number is called, the most usual first."""
VILLAGE = (
    ("{v} жалпы білім беретін мектебі", "{v} общеобразовательная школа"),
    ("{v} орта мектебі", "{v} средняя школа"),
    ("{v} негізгі мектебі", "{v} основная школа"),
)
BEGINNINGS = (
    ("Ақ", "Ак"),
    ("Қара", "Кара"),
    ("Қызыл", "Кызыл"),
    ("Жаңа", "Жана"),
    ("Көк", "Кок"),
    ("Сары", "Сары"),
    ("Үлкен", "Улкен"),
    ("Кіші", "Киши"),
    ("Тас", "Тас"),
    ("Бес", "Бес"),
    ("Қос", "Кос"),
    ("Ұзын", "Узын"),
)
ENDINGS = (
    ("бұлақ", "булак"),
    ("көл", "коль"),
    ("төбе", "тобе"),
    ("ағаш", "агаш"),
    ("қайнар", "кайнар"),
    ("сай", "сай"),
    ("өзек", "озек"),
    ("терек", "терек"),
    ("дала", "дала"),
    ("құдық", "кудык"),
    ("жар", "жар"),
    ("оба", "оба"),
    ("шоқы", "шокы"),
    ("тоғай", "тогай"),
)
"""Village words: «white», «black», «new»; «spring», «lake», «hill»."""
DISTRICTS = 12
"""Districts of a region."""


def shares(count: int, regions: list[Region]) -> dict[Region, int]:
    """How many of `count` schools stand in each region; they add up."""
    known = sum(region.general_schools or 0 for region in regions)
    unknown = sum(region.general_schools is None for region in regions)
    rest = max(COUNTRY - known, unknown) / unknown if unknown else 0
    weights = [rest if region.general_schools is None else region.general_schools for region in regions]
    total, given, found, seen = sum(weights), 0, {}, 0.0
    for region, weight in zip(regions, weights, strict=True):
        seen += weight
        upto = round(count * seen / total)
        found[region], given = upto - given, upto
    return found


@transaction.atomic
def generate_schools(count: int = COUNTRY, *, seed: int = 1) -> int:
    """Add so many schools to the regions on record; returns how many. Bulk inserts, no audit: nobody did it."""
    regions = list(Region.objects.order_by("iso"))
    made = _schools(shares(count, regions), Random(f"schools {seed}"))
    while batch := list(islice(made, AT_ONCE)):
        School.objects.bulk_create([school for school, _ in batch])
        SchoolName.objects.bulk_create([name for _, name in batch])
    tidy_index()
    return count


def _schools(shares: dict[Region, int], chance: Random) -> Iterator[tuple[School, SchoolName]]:
    for region, number in shares.items():
        districts = [_word(chance) for _ in range(DISTRICTS)]
        for n in range(1, number + 1):
            rural = region.kind == "oblast" and chance.random() < RURAL * _evened(shares)
            yield _school(region, n, districts, rural, chance)


def _evened(shares: dict[Region, int]) -> float:
    """Cities of republican significance have no village, so that the regions have the more of them."""
    all_of_them = sum(shares.values())
    outside = sum(number for region, number in shares.items() if region.kind == "oblast")
    return min(all_of_them / outside, 1 / RURAL) if outside else 1.0


def _school(
    region: Region, n: int, districts: list[tuple[str, str]], rural: bool, chance: Random
) -> tuple[School, SchoolName]:
    kk, ru = chance.choice(districts)
    place = _word(chance) if rural else (in_language(region, "centre", "kk"), in_language(region, "centre", "ru"))
    values = {"region": region, "rural": rural, "district_kk": f"{kk} ауданы", "district_ru": f"{ru} район"}
    if not place[0]:  # a city that is a region of its own
        kk, ru = (in_language(region, "name", code) for code in ("kk", "ru"))
        place = kk.removesuffix(" қаласы"), ru.removeprefix("город ")
    names = chance.choices(VILLAGE, (5, 4, 1))[0] if rural and n % 3 else chance.choices(NUMBERED, (6, 3, 1, 1))[0]
    shown = dict(zip(("kk", "ru"), place, strict=True))
    for code, text in zip(("kk", "ru"), names, strict=True):
        values[f"name_{code}"] = text.format(n=f"№ {n}", v=shown[code])
        values[f"city_{code}"] = shown[code]
    uid = "".join(chance.choices(ALPHABET, k=UID_LENGTH))  # addresses are repeatable too
    return new_school(values, source=SchoolSource.GENERATED, uid=uid)


def _word(chance: Random) -> tuple[str, str]:
    """A village word of two halves, in Kazakh and as Russian spells it."""
    first, last = chance.choice(BEGINNINGS), chance.choice(ENDINGS)
    return first[0] + last[0], first[1] + last[1]
