"""Keeping exchange rates and per diem norms: added for a day, or put right for that day."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from conferences.budget_access import may_keep_rates
from conferences.models import PerDiemNorm, Rate
from conferences.money import Money
from schools import audit
from schools.access import Actor
from schools.errors import Refused

Row = TypeVar("Row", Rate, PerDiemNorm)
Values = Mapping[str, Any]


@transaction.atomic
def put_rate(*, currency: str, on: date, micro: int, source: str, actor: Actor) -> Rate:
    """The rate of a currency on a day, in millionths of a tenge; one that stands for that day is put right.

    Estimates keep the rate that they were made with.
    """
    _refuse_others(actor)
    return _put(Rate, {"currency": currency, "on": on}, {"micro": micro, "source": source}, "rate.put", actor)


@transaction.atomic
def put_norm(
    *,
    country: str,
    valid_from: date,
    daily: Money | None = None,
    mci: int | None = None,
    source: str = "",
    actor: Actor,
) -> PerDiemNorm:
    """What a calendar day of travel is paid from a day on, by a sum or by thousandths of the monthly index.

    `country` is «KZ» at home, and empty for every country abroad without a norm of its own.
    """
    _refuse_others(actor)
    values: dict[str, Any] = {"minor": None, "currency": "", "mci": mci, "source": source}
    if daily is not None:
        values |= {"minor": daily.minor, "currency": daily.currency, "mci": None}
    return _put(PerDiemNorm, {"country": country, "valid_from": valid_from}, values, "norm.put", actor)


def _refuse_others(actor: Actor) -> None:
    if not may_keep_rates(actor):
        raise Refused(_("Rates and norms are kept by head office and finance."))


def _put(model: type[Row], key: Values, values: Values, verb: str, actor: Actor) -> Row:
    """The row of that key with those values, and what changed in the audit trail; nothing where nothing did."""
    row, new = model._default_manager.select_for_update(no_key=True).get_or_create(**key, defaults=values)
    changes = {name: (None if new else getattr(row, name), value) for name, value in values.items()}
    changes = {name: pair for name, pair in changes.items() if new or pair[0] != pair[1]}
    if not changes:
        return row
    for name, (_old, value) in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))
    audit.record(actor=actor, verb=verb, subject=row, changes=changes)
    return row
