"""What regional staff ask for in the demonstration: wishes with their voices, some met or about to be."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from courses import queries
from courses.asking import CONSENT_VERSION
from courses.models import Demand, DemandVoice, Run, Topic
from courses.states import DemandState, RunState
from nis_library.home.demo import names, rows
from nis_library.home.demo.accounts import DOMAIN
from nis_library.home.demo.chance import Chance, at
from schools.models import Region, School
from schools.states import Language, SchoolKind

DAY = timedelta(days=1)
ASKED_FOR = 40
"""Days over which people have asked."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How many ask for a topic in a language and region; `by` is the state of the seminar that answers it."""

    topic: str
    language: str
    region: str
    voices: int
    by: str = ""


WISHES = (
    Wish("media-ai", Language.KK, "KZ-61", 17),
    Wish("media-ai", Language.KK, "KZ-43", 9),
    Wish("media-ai", Language.RU, "KZ-55", 6),
    Wish("collection-systems", Language.KK, "KZ-62", 11),
    Wish("collection-systems", Language.RU, "KZ-39", 8),
    Wish("academic-integrity", Language.KK, "KZ-31", 5),
    Wish("information-literacy", Language.KK, "KZ-47", 7),
    Wish("research-ib", Language.RU, "KZ-59", 3),
    Wish("reading", Language.KK, "KZ-19", 12),
    Wish("reading", Language.KK, "KZ-10", 10, by=RunState.PUBLISHED),
    Wish("partnership", Language.KK, "KZ-33", 6, by=RunState.PUBLISHED),
)
NOTES: dict[str, tuple[str, ...]] = {
    Language.KK: (
        "Мектебімізде кітапхана кеңейіп жатыр, жаңа тәсілдер керек.",
        "Каникул кезінде өтсе, бәріміз келе аламыз.",
        "Аудан орталығында өтсе, көлікпен келу оңай.",
        "",
        "",
        "",
    ),
    Language.RU: (
        "Хорошо бы на каникулах: приедем всей школой.",
        "Интересны готовые уроки, которые можно провести сразу.",
        "",
        "",
        "",
    ),
}


class Wishes:
    """Writes the board of what is asked for. Runs and schools stand in the database by now."""

    def __init__(self, chance: Chance, *, today: date) -> None:
        self.chance, self.today, self.number = chance, today, 0
        self.topics = {topic.code: topic for topic in Topic.objects.all()}
        self.regions = {region.iso: region for region in Region.objects.all()}
        self.schools: dict[int, list[int]] = {}
        general = School.objects.filter(kind=SchoolKind.GENERAL).order_by("pk")
        for pk, region in general.values_list("pk", "region"):
            self.schools.setdefault(region, []).append(pk)
        self.voices: list[DemandVoice] = []

    def write(self) -> None:
        for wish in WISHES:
            run = self._answer(wish)
            demand = Demand.objects.create(
                uid=self.chance.uid(),
                topic=self.topics[wish.topic],
                language=wish.language,
                region=self.regions[wish.region],
                state=DemandState.PLANNED if run else DemandState.OPEN,
                run=run,
                created_at=at(self.today - ASKED_FOR * DAY, 9),
            )
            told = min(run.opens_at or demand.created_at, at(self.today, 7)) if run else None
            self.voices += [self._voice(demand, wish, told) for _ in range(wish.voices)]
        rows.write(self.voices)

    def _answer(self, wish: Wish) -> Run | None:
        """The coming seminar of the topic in that region."""
        if not wish.by:
            return None
        coming = Run.objects.filter(
            state=wish.by, outreach=True, course__topic__code=wish.topic, starts_on__gt=self.today
        )
        return coming.alias(iso=queries.REGION).filter(iso=wish.region).order_by("starts_on", "pk").first()

    def _voice(self, demand: Demand, wish: Wish, told: datetime | None) -> DemandVoice:
        asked = self.chance.between(demand.created_at, told or at(self.today, 7))
        name = names.pick(self.chance, woman=self.chance.happens(0.9), language=wish.language)
        there = self.schools.get(demand.region_id, [])
        self.number += 1
        return DemandVoice(
            uid=self.chance.uid(),
            demand=demand,
            name=" ".join(part for part in (name.surname, name.given_name, name.patronymic) if part),
            email=f"asks{self.number}@{DOMAIN}",
            school_id=self.chance.choice(there) if there else None,
            language=wish.language,
            note=self.chance.choice(NOTES[wish.language]),
            consent_version=CONSENT_VERSION,
            consented_at=asked,
            letters=1,
            verified_at=asked,
            told_at=told,
            created_at=asked,
        )
