"""How two versions of a request differ, in words: for the approver who opened the one and would decide on the other."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conferences.budget_states import CostKind
from conferences.models import EstimateLine, Leg, Promise, Traveller, Trip
from conferences.money import shown
from conferences.trip_contents import Difference
from conferences.trip_states import Audience, Means, Payer, PromiseKind, TravelRole
from schools import wording

PARTS = {
    "travellers": (gettext_lazy("traveller"), Traveller),
    "legs": (gettext_lazy("way"), Leg),
    "lines": (gettext_lazy("estimate"), EstimateLine),
    "promises": (gettext_lazy("promise to pass on"), Promise),
    "": ("", Trip),
}
LISTS = {"role": TravelRole, "means": Means, "payer": Payer, "audience": Audience}
NAMES = {
    "name": gettext_lazy("name"),
    "total": gettext_lazy("total"),
    "tenge": gettext_lazy("amount in tenge"),
    "sum": gettext_lazy("amount"),
    "conference": gettext_lazy("conference"),
    "rate": gettext_lazy("exchange rate"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the comparison: what it is about, what stood there, what stands there now."""

    what: str
    old: str
    new: str


def in_words(differences: list[Difference]) -> list[Told]:
    """The differences in the reader's language. Exchange rates are left out: the sums in tenge say the same."""
    shown_ones = (row for row in differences if row.field not in ("rate", "rate_on"))
    return [Told(_what(row), _value(row, row.old), _value(row, row.new)) for row in shown_ones]


def _what(row: Difference) -> str:
    label, model = PARTS[row.part]
    words = [capfirst(str(label)) if label else "", row.row]
    if row.field:
        words.append(_field(model, row.field))
    return ": ".join(word for word in words if word)


def _field(model: type[Model], field: str) -> str:
    if field in NAMES:
        return str(capfirst(NAMES[field]))
    names = {row.name: row for row in model._meta.get_fields()}
    return str(capfirst(getattr(names.get(field), "verbose_name", field)))


def _value(row: Difference, value: object) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if row.field in ("total", "tenge"):
        return shown(int(str(value)))
    if isinstance(value, list):
        return shown(value[0], value[1])
    if row.field.endswith("_on") and isinstance(value, str):
        return wording.long_date(date.fromisoformat(value))
    if row.field == "kind":
        found = dict(CostKind.choices if row.part == "lines" else PromiseKind.choices).get(str(value), value)
        return str(found)
    if row.field in LISTS:
        return str(dict(LISTS[row.field].choices).get(str(value), value))
    return str(value)
