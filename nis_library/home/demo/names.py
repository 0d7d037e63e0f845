"""Invented names, put together from lists: surname, given name and patronymic of one tradition."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nis_library.home.demo.chance import Chance

NAMES = Path(__file__).parent.parent / "data" / "names.csv"
KAZAKH_SHARE = 0.84
PATRONYMIC_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Name:
    surname: str
    given_name: str
    patronymic: str
    latin_name: str


@cache
def _lists() -> dict[tuple[str, str], list[dict[str, str]]]:
    lists: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    with NAMES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            lists[row["kind"], row["tradition"]].append(row)
    return dict(lists)


def pick(chance: Chance, *, woman: bool, language: str) -> Name:
    """A name, spelt in the person's language (Kazakh, or Russian), with the Latin spelling of a passport."""
    tradition = "kazakh" if chance.happens(KAZAKH_SHARE) else "russian"
    spelling = "ru" if language == "ru" or tradition == "russian" else "kk"
    gender = "f" if woman else "m"
    surname, given, patronymic = (
        chance.choice(_lists()[f"{kind}_{gender}", tradition]) for kind in ("surname", "given", "patronymic")
    )
    return Name(
        surname=surname[spelling],
        given_name=given[spelling],
        patronymic=patronymic[spelling] if chance.happens(PATRONYMIC_SHARE) else "",
        latin_name=f"{given['latin']} {surname['latin']}",
    )
