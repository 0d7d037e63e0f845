"""What coordinators type about a conference: the edition, its calls for papers and its fees, on one page."""

from typing import Any, Self

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from conferences import money
from conferences.currencies import EXPONENTS
from conferences.edition_plans import CALL_FACTS, EDITION_FACTS, CallPlan, EditionPlan, FeePlan
from conferences.models import Edition, Series
from conferences.states import EditionMode, EditionState, PresentationFormat, SpeechLanguage
from courses.countries import country_choices
from courses.forms.moments import WebField
from courses.forms.rows import Rows
from courses.plans import facts_of
from schools.errors import Refused
from schools.forms.contact import DayField, PageForm
from schools.forms.fields import LineField, PlainTextField

FIRST_YEAR, YEARS_AHEAD = 1990, 10
MOST_ROWS = 20


class EditionForm(PageForm):
    series = forms.ModelChoiceField(
        label=_("conference series"), queryset=Series.objects.none(), to_field_name="code", empty_label="—"
    )
    year = forms.IntegerField(label=_("year"))
    number = forms.IntegerField(label=_("number of the edition"), required=False, min_value=1, max_value=500)
    state = forms.ChoiceField(label=_("status"), choices=EditionState.choices, initial=EditionState.UNANNOUNCED)
    theme = LineField(label=_("theme of the conference"), required=False, max_length=250)
    city = LineField(label=_("host city"), required=False, max_length=120)
    country = forms.ChoiceField(label=_("country"), required=False)
    mode = forms.ChoiceField(label=_("form"), required=False, choices=[("", "—"), *EditionMode.choices])
    starts_on = DayField(label=_("first day"), required=False)
    ends_on = DayField(label=_("last day"), required=False)
    url = WebField(label=_("official page"), required=False, max_length=300)
    notes = PlainTextField(label=_("notes"), required=False, max_length=4000, rows=3)
    theme_checked = forms.BooleanField(label=_("theme checked with the official page"), required=False)
    dates_checked = forms.BooleanField(label=_("dates checked with the official page"), required=False)

    def __init__(self, data: QueryDict | None = None, *, edition: Edition | None = None) -> None:
        initial = {**facts_of(edition, EDITION_FACTS), "series": edition.series.code} if edition else {}
        super().__init__(data, initial=initial)
        last = timezone.localdate().year + YEARS_AHEAD
        self.fields["year"] = forms.IntegerField(label=capfirst(_("year")), min_value=FIRST_YEAR, max_value=last)
        self.fields["series"].queryset = Series.objects.order_by("order", "code")
        self.fields["country"].choices = [("", "—"), *country_choices(edition.country if edition else "")]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last, year = data.get("starts_on"), data.get("ends_on"), data.get("year")
        if first and not last and "ends_on" not in self.errors:
            self.add_error("ends_on", _("Write the last day too, or leave both empty while they are not known."))
        if last and not first and "starts_on" not in self.errors:
            self.add_error("starts_on", _("Write the first day too, or leave both empty while they are not known."))
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first."))
        if first and year and first.year != year:
            self.add_error("starts_on", _("This day is not in the year of the conference."))
        return data


class CallRow(PageForm):
    name = LineField(label=_("name of the call"), required=False, max_length=200)
    opens_on = DayField(label=_("opens"), required=False)
    abstract_due = DayField(label=_("abstracts due"), required=False)
    outcome_on = DayField(label=_("answer expected"), required=False)
    paper_due = DayField(label=_("full text due"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("languages"), required=False, choices=SpeechLanguage.choices, widget=forms.CheckboxSelectMultiple
    )
    formats = forms.MultipleChoiceField(
        label=_("formats"), required=False, choices=PresentationFormat.choices, widget=forms.CheckboxSelectMultiple
    )
    url = WebField(label=_("page of the call"), required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        due = data.get("abstract_due")
        if due and data.get("opens_on") and data["opens_on"] > due:
            self.add_error("abstract_due", _("This is before the call opens."))
        for name in ("outcome_on", "paper_due"):
            if due and data.get(name) and data[name] < due:
                self.add_error(name, _("This is before abstracts are due."))
        return data

    def plan(self) -> CallPlan:
        data = {name: self.cleaned_data[name] for name in CALL_FACTS}
        return CallPlan(**{**data, "languages": " ".join(data["languages"]), "formats": " ".join(data["formats"])})


class FeeRow(PageForm):
    name = LineField(label=_("for whom"), max_length=120)
    currency = forms.ChoiceField(label=_("currency"), choices=[(code, code) for code in EXPONENTS], initial="EUR")
    amount = LineField(label=_("fee"), max_length=money.LONGEST)
    early_amount = LineField(label=_("early-bird fee"), required=False, max_length=money.LONGEST)
    early_until = DayField(label=_("early bird until"), required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        usual, early = self._sum("amount", data), self._sum("early_amount", data)
        if early is not None and not data.get("early_until") and "early_until" not in self.errors:
            self.add_error("early_until", _("Write until when this fee holds."))
        if data.get("early_until") and early is None and "early_amount" not in self.errors:
            self.add_error("early_amount", _("Write the fee that holds until then."))
        if usual is not None and early is not None and early > usual:
            self.add_error("early_amount", _("The early-bird fee is not above the usual one."))
        data |= {"amount": usual, "early_amount": early}
        return data

    def _sum(self, name: str, data: dict[str, Any]) -> int | None:
        """The minor units that were typed; None, with an error at the field, where they cannot be read."""
        if not data.get(name) or "currency" not in data:
            return None
        try:
            return money.parse(data[name], data["currency"])
        except Refused as refusal:
            self.add_error(name, str(refusal))
            return None

    def plan(self) -> FeePlan:
        return FeePlan(**{name: self.cleaned_data[name] for name in FeePlan.__dataclass_fields__})


class FeeSet(Rows):
    def clean(self) -> None:
        """The same name twice in one currency would be two answers to one question."""
        seen = set()
        for row in self.kept():
            key = (row.cleaned_data.get("name"), row.cleaned_data.get("currency"))
            if key in seen and all(key):
                row.add_error("name", _("This name stands twice."))
            seen.add(key)


def _set(form: type[forms.Form], kind: type[Rows]) -> Any:
    return forms.formset_factory(
        form,
        formset=kind,
        extra=1,
        can_delete=True,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS + 20,
        validate_max=True,
    )


CallRows, FeeRows = _set(CallRow, Rows), _set(FeeRow, FeeSet)


class EditionSheet:
    """The form with its rows, checked together and turned into a plan."""

    kinds = ("calls", "fees")

    def __init__(self, data: QueryDict | None = None, *, edition: Edition | None = None) -> None:
        self.form = EditionForm(data, edition=edition)
        calls, fees = (None, None) if data is not None or edition is None else (_calls_of(edition), _fees_of(edition))
        self.calls = CallRows(data, prefix="calls", initial=calls)
        self.fees = FeeRows(data, prefix="fees", initial=fees)

    def is_valid(self) -> bool:
        """All parts are checked, so that every error shows at once."""
        fine = [part.is_valid() for part in (self.form, self.calls, self.fees)]
        return all(fine)

    def plan(self) -> EditionPlan:
        return EditionPlan(
            facts={name: self.form.cleaned_data[name] for name in EDITION_FACTS},
            calls=tuple(row.plan() for row in self.calls.kept()),
            fees=tuple(row.plan() for row in self.fees.kept()),
        )

    def show(self, refusal: Refused) -> None:
        self.form.add_error(None, str(refusal))

    def hush(self) -> Self:
        """Show what was typed without judging it yet."""
        self.form._errors, self.form.cleaned_data = ErrorDict(), {}
        self.calls.hush()
        self.fees.hush()
        return self


def _calls_of(edition: Edition) -> list[dict[str, Any]]:
    rows = (facts_of(call, CALL_FACTS) for call in edition.calls.order_by("id"))
    return [{**row, "languages": row["languages"].split(), "formats": row["formats"].split()} for row in rows]


def _fees_of(edition: Edition) -> list[dict[str, Any]]:
    def typed(minor: int | None, currency: str) -> str:
        return "" if minor is None else money.typed(minor, currency)

    return [
        {
            "name": fee.name,
            "currency": fee.currency,
            "amount": typed(fee.amount, fee.currency),
            "early_amount": typed(fee.early_amount, fee.currency),
            "early_until": fee.early_until,
        }
        for fee in edition.fees.order_by("id")
    ]
