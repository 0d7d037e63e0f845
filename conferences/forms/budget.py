"""Forms of budgets, rates and norms."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conferences.budget_states import CostKind
from conferences.forms.money import CurrencyField, MoneyField, MoneyForm, RateField
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


class PlanForm(PageForm):
    """What each line of a year has. `seen` carries what stood there when the form was shown."""

    def __init__(self, data: Any = None, *, rows: list[Budget]) -> None:
        super().__init__(data)
        self.rows = {row.kind: row for row in rows}
        for kind in CostKind:
            row = self.rows.get(kind)
            planned = row.planned if row else 0
            self.fields[kind.value] = MoneyField(label=kind.label.capitalize(), initial=planned, required=False)
            self.fields[f"seen_{kind.value}"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=planned, required=False, min_value=0
            )
        self.fields["reason"] = PlainTextField(
            label=_("Reason for the change"),
            max_length=500,
            rows=2,
            required=False,
            help_text=_("The first plan needs none. It stands in the ledger for everybody who sees the budget."),
        )

    def deed(self) -> dict[str, Any]:
        """Arguments of `plan`: tiyn by line, as wanted and as seen. An empty field is nothing."""
        data = self.cleaned_data
        return {
            "planned": {kind: data[kind] or 0 for kind in CostKind.values},
            "seen": {kind: data[f"seen_{kind}"] or 0 for kind in CostKind.values},
            "reason": data["reason"],
        }


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
