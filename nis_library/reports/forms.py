"""Choosing the year of a report."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nis_library.reports.periods import FIRST_YEAR, Period, latest
from nis_library.reports.states import PeriodKind


class BuildForm(forms.Form):
    kind = forms.ChoiceField(label=_("Period"), choices=PeriodKind.choices, widget=forms.RadioSelect)
    year = forms.TypedChoiceField(
        label=_("Year"), coerce=int, help_text=_("An academic year begins on 1 September of this year.")
    )

    def __init__(self, *args: Any, today: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = today or timezone.localdate()
        self.today = today
        self.fields["year"].choices = [(year, str(year)) for year in range(today.year, FIRST_YEAR - 1, -1)]
        self.initial.setdefault("kind", PeriodKind.CALENDAR)
        self.initial.setdefault("year", today.year)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if {"kind", "year"} <= data.keys() and Period(data["kind"], data["year"]).start > self.today:
            newest = latest(data["kind"], today=self.today).label
            self.add_error("year", _("This period has not begun. The newest is %(period)s.") % {"period": newest})
        return data

    def period(self) -> Period:
        """The period that was chosen; call it on a valid form."""
        return Period(self.cleaned_data["kind"], self.cleaned_data["year"])
