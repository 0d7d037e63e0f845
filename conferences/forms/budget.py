"""Forms of budgets, rates and norms."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conferences.budget_states import CostKind
from conferences.forms.money import CurrencyField, MoneyField, MoneyForm, RateField
from conferences.ledger import name_of
from conferences.models import Budget
from conferences.money import Money, Unreadable, read_fixed
from courses.countries import country_choices
from schools.forms.contact import PageForm
from schools.forms.fields import LineField, PlainTextField

FIRST_DAY = date(2008, 1, 1)
MCI_PLACES = 3


class DayField(forms.DateField):
    """A day that a browser lets choose; not before NIS was founded."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, initial=timezone.localdate, **kwargs)

    def validate(self, value: object) -> None:
        super().validate(value)
        if isinstance(value, date) and not FIRST_DAY <= value <= date(2100, 12, 31):
            raise forms.ValidationError(_("Choose a day between 2008 and 2100."), code="far_away")


class SumsForm(PageForm):
    """Sums by name, as they stand and as they shall be, with a reason. `seen_…` carries what stood when shown."""

    reason = PlainTextField(label=_("Reason for the change"), max_length=500, rows=2, required=False)

    def __init__(self, data: Any = None, *, sums: Mapping[str, tuple[str, int]]) -> None:
        """`sums` gives each name its label and the tiyn that stand."""
        super().__init__(data)
        self.names = list(sums)
        for name, (label, tiyn) in sums.items():
            self.fields[name] = MoneyField(label=label, initial=tiyn, required=False)
            self.fields[f"seen_{name}"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=tiyn, required=False, min_value=0
            )
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def wanted(self) -> dict[str, int]:
        """Tiyn by name; an empty field is nothing."""
        return {name: self.cleaned_data[name] or 0 for name in self.names}

    def seen(self) -> dict[str, int]:
        return {name: self.cleaned_data[f"seen_{name}"] or 0 for name in self.names}


class PlanForm(SumsForm):
    """What each line of a year has."""

    def __init__(self, data: Any = None, *, rows: Sequence[Budget]) -> None:
        planned = {row.kind: row.planned for row in rows}
        super().__init__(data, sums={kind.value: (kind.label.capitalize(), planned.get(kind, 0)) for kind in CostKind})
        self.fields["reason"].help_text = _(
            "The first plan needs none. It stands in the ledger for everybody who sees the budget."
        )

    def deed(self) -> dict[str, Any]:
        """Arguments of `plan`."""
        return {"planned": self.wanted(), "seen": self.seen(), "reason": self.cleaned_data["reason"]}


class CorrectionForm(SumsForm):
    """What a trip has really cost, by line of the budget."""

    def __init__(self, data: Any = None, *, rows: Sequence[tuple[Budget, int]]) -> None:
        self.keys = {row.uid: row.pk for row, _tiyn in rows}
        super().__init__(data, sums={row.uid: (name_of(row), tiyn) for row, tiyn in rows})
        self.fields["reason"].required = True

    def deed(self) -> dict[str, Any]:
        """Arguments of `correct`."""
        actuals = {self.keys[uid]: tiyn for uid, tiyn in self.wanted().items()}
        seen = {self.keys[uid]: tiyn for uid, tiyn in self.seen().items()}
        return {"actuals": actuals, "seen": seen, "reason": self.cleaned_data["reason"]}


class RateForm(PageForm):
    """A rate of one day."""

    currency = CurrencyField(foreign=True, label=_("currency"))
    on = DayField(label=_("date"))
    micro = RateField(label=_("tenge for one unit"))
    source = LineField(label=_("source"), max_length=120, initial=_("National Bank of Kazakhstan"))

    def clean_on(self) -> date:
        """No rate is known before its day."""
        day: date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."), code="future")
        return day


class NormForm(MoneyForm, PageForm):
    """A norm from a day on: a sum, or a number of monthly indices."""

    country = forms.ChoiceField(label=_("country"), required=False)
    valid_from = DayField(label=_("valid from"))
    amount = MoneyField(label=_("sum for a day"), currency_from="currency", zero=False, required=False)
    currency = CurrencyField(label=_("currency"))
    indices = forms.CharField(
        label=_("or monthly indices for a day"),
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    source = LineField(label=_("source"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        abroad = [("", _("Abroad, where a country has no norm of its own"))]
        self.fields["country"].choices = [*abroad, *country_choices()]

    def clean_indices(self) -> int | None:
        """Thousandths of the monthly index."""
        text = self.cleaned_data["indices"]
        if not text:
            return None
        try:
            thousandths = read_fixed(text, MCI_PLACES)
        except Unreadable as refusal:
            raise forms.ValidationError(str(refusal), code="unreadable") from refusal
        if not 0 < thousandths <= 1_000_000:
            raise forms.ValidationError(_("Write a number above 0 and not above 1000."), code="bounds")
        return thousandths

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors and bool(data.get("amount")) == bool(data.get("indices")):
            self.add_error("amount", _("Write either a sum or a number of monthly indices."))
        return data

    def values(self) -> dict[str, Any]:
        """Arguments of `put_norm`."""
        data = self.cleaned_data
        daily = Money(data["amount"], data["currency"]) if data["amount"] else None
        return {
            "country": data["country"],
            "valid_from": data["valid_from"],
            "daily": daily,
            "mci": data["indices"],
            "source": data["source"],
        }
