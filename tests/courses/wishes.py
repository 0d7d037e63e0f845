"""Demand for tests: what is asked for, and by whom."""

from itertools import count

from django.utils import timezone

from courses.models import Demand, DemandVoice, Run, Topic
from courses.states import DemandState
from schools.models import Region
from tests import make
from tests.courses import rows

_number = count(1)


def kostanay() -> Region:
    """A region that is on the map."""
    return make.region(
        "KZ-39",
        name_kk="Қостанай облысы",
        name_ru="Костанайская область",
        name_en="Kostanay Region",
        centre_kk="Қостанай",
    )


def demand(
    topic: Topic | None = None,
    *,
    language: str = "kk",
    region: Region | None = None,
    run: Run | None = None,
    **fields: object,
) -> Demand:
    """An open demand; with a run it is planned."""
    state = DemandState.OPEN if run is None else DemandState.PLANNED
    return Demand.objects.create(
        topic=topic or rows.topic(),
        language=language,
        region=region or make.region(),
        run=run,
        **{"state": state, **fields},
    )


def voice(demand: Demand, *, verified: bool = True, **fields: object) -> DemandVoice:
    """Somebody who asks, confirmed unless said otherwise."""
    number, now = next(_number), timezone.now()
    usual = {
        "name": f"Сұраушы Айгүл {number}",
        "email": f"voice{number}@example.kz",
        "consent_version": "2026-11",
        "consented_at": now,
        "verified_at": now if verified else None,
    }
    return DemandVoice.objects.create(demand=demand, **{**usual, **fields})


def voices(demand: Demand, many: int) -> list[DemandVoice]:
    return [voice(demand) for _at in range(many)]
