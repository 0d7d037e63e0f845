"""What is typed when a trip is over: what each line did cost, the word of finance, what was learned."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from conferences.budget_states import CostKind
from conferences.currencies import HOME
from conferences.forms.money import CurrencyField, MoneyField, MoneyForm, RateField
from conferences.models import AdvanceLine, EstimateLine
from conferences.money import Money
from schools.forms.contact import DayField, PageForm
from schools.forms.fields import LineField, PlainTextField
from schools.forms.files import PrivateFileField
from schools.states import PICTURES, FileKind


class LineForm(MoneyForm, PageForm):
    """What a line did cost. The rate is the published one of that day unless another is written with its source."""

    amount = MoneyField(label=_("it did cost"), currency_from="currency", help_text=_("0 if nothing was spent."))
    currency = CurrencyField()
    on = DayField(label=_("day of the payment"))
    micro = RateField(
        label=_("rate, tenge for one unit"),
        required=False,
        help_text=_("Leave it empty for the rate of the National Bank of that day."),
    )
    source = LineField(label=_("where the rate is from"), max_length=120, required=False)
    receipt = PrivateFileField(
        label=_("receipt"),
        kinds=(FileKind.PDF, *PICTURES),
        required=False,
        help_text=_("A photo or a PDF, at most 10 MB. More receipts: save and open the line again."),
    )
    reason = PlainTextField(
        label=_("explanation"),
        max_length=500,
        rows=2,
        required=False,
        help_text=_("If there is no receipt, or it did cost more than was estimated."),
    )

    def __init__(self, data: Any = None, files: Any = None, *, line: AdvanceLine | None = None) -> None:
        super().__init__(data, files, initial=_initial(line))

    def values(self) -> dict[str, Any]:
        """As the verbs take them."""
        data = self.cleaned_data
        names = ("on", "micro", "source", "reason", "receipt")
        return {"sum": Money(data["amount"], data["currency"]), **{name: data[name] for name in names}}


def _initial(line: AdvanceLine | None) -> dict[str, Any]:
    if line is None:
        return {"currency": HOME, "on": timezone.localdate()}
    if line.amount is None:
        currency = line.estimate.currency if line.estimate else HOME
        return {"currency": currency, "on": timezone.localdate(), "reason": line.reason}
    own = line.rate_source and line.currency != HOME
    return {
        "amount": line.amount,
        "currency": line.currency,
        "on": line.rate_on,
        "micro": line.rate if own else None,
        "source": line.rate_source if own else "",
        "reason": line.reason,
    }


class NewLineForm(LineForm):
    """A line that the estimate does not have."""

    kind = forms.ChoiceField(label=_("kind"), choices=lambda: [(kind, capfirst(kind.label)) for kind in CostKind])
    what = LineField(label=_("what for"), max_length=200)
    like = forms.ChoiceField(label=_("who pays"))
    field_order = ("kind", "what", "like")

    def __init__(self, data: Any = None, files: Any = None, *, payers: dict[str, EstimateLine]) -> None:
        super().__init__(data, files)
        self.payers = payers
        self.fields["like"].choices = [(uid, payer_of(line)) for uid, line in payers.items()]
        reason = self.fields["reason"]
        reason.required, reason.help_text = True, _("Why it was not foreseen, and if there is no receipt, why.")

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {**super().values(), "kind": data["kind"], "what": data["what"], "like": self.payers[data["like"]]}


def payer_of(line: EstimateLine | AdvanceLine) -> str:
    """Who pays, in words."""
    return line.payer_school.short_name() if line.payer_school else capfirst(line.get_payer_display())


class AccountVerdict(PageForm):
    """The word of finance about the version that was seen."""

    ACCEPT, RETURN = "accept", "return"
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32_000)
    note = PlainTextField(
        label=_("comment"), max_length=2000, rows=3, required=False, help_text=_("Needed if you return the report.")
    )
    verdict = forms.ChoiceField(widget=forms.HiddenInput, choices=[(ACCEPT, ACCEPT), (RETURN, RETURN)])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("verdict") == self.RETURN and not data.get("note", "").strip() and "note" not in self.errors:
            self.add_error("note", _("Write what has to be changed: the traveller will read it."))
        return data


class WrittenForm(PageForm):
    """A draft may have gaps, so only the language is needed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    language = forms.ChoiceField(label=_("language of the report"), choices=settings.LANGUAGES)
    title = LineField(label=_("title"), max_length=200, required=False)
    learned = PlainTextField(
        label=_("what was learned"),
        max_length=20_000,
        rows=10,
        required=False,
        help_text=_("What you saw and heard that a colleague should know. Links are welcome."),
    )
    ideas = PlainTextField(
        label=_("ideas to try"),
        max_length=10_000,
        rows=6,
        required=False,
        help_text=_("What can be tried at home, by whom, and what it takes."),
    )
    contacts = PlainTextField(
        label=_("contacts"),
        max_length=4000,
        rows=4,
        required=False,
        help_text=_("Only name, place of work and work address of people who know of it. No private telephones."),
    )

    def saw(self, mark: str) -> None:
        """The writer has now been shown what a fellow traveller saved: the next saving may replace it."""
        data = self.data.copy()
        data["seen"] = mark
        self.data = data


class SearchForm(forms.Form):
    q = LineField(max_length=100, required=False)
