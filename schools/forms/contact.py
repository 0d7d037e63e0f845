"""Fields for who somebody is and how to reach them."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from schools.forms.fields import LineField
from schools.models import School
from schools.phones import normal_phone

FIRST_DAY = date(2008, 1, 1)
"""NIS was founded in 2008."""
YEARS_AHEAD = 5
_LATIN = re.compile(r"[A-Za-z][A-Za-z' .-]*")


class PageForm(forms.Form):
    """A form on a page: labels begin with a capital, also where they are the words of a model."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = capfirst(field.label) if field.label else field.label


class NameField(LineField):
    """A part of a name: any script, at least one letter."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 80, **kwargs})

    def clean(self, value: object) -> str:
        name = super().clean(value)
        if name and not any(letter.isalpha() for letter in name):
            raise ValidationError(_("Write the name in letters."), code="no_letter")
        return name


class LatinNameField(LineField):
    """A name as the passport spells it: A-Z, spaces, hyphen, apostrophe, dot."""

    def __init__(self, **kwargs: Any) -> None:
        usual = {"max_length": 160, "required": False, "label": _("name in Latin letters (as in passport)")}
        super().__init__(**{**usual, **kwargs})

    def clean(self, value: object) -> str:
        name = super().clean(value)
        if name and not _LATIN.fullmatch(name):
            raise ValidationError(_("Use Latin letters only, as in the passport."), code="not_latin")
        return name


class PhoneField(LineField):
    """A telephone typed in any usual way; cleaned to +7…"""

    def __init__(self, **kwargs: Any) -> None:
        usual = {
            "max_length": 32,
            "required": False,
            "label": _("phone"),
            "widget": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            "help_text": _("For example 8 701 123 45 67 or +7 701 123 45 67."),
        }
        super().__init__(**{**usual, **kwargs})

    def clean(self, value: object) -> str:
        try:
            return normal_phone(super().clean(value))
        except ValueError as refusal:
            raise ValidationError(_("Write the phone as +7 7xx xxx xx xx."), code="phone") from refusal


class AddressField(forms.EmailField):
    """An e-mail address, in lower case."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 254, "label": _("e-mail"), **kwargs})

    def clean(self, value: object) -> str:
        return str(super().clean(value)).lower()


class DayField(forms.DateField):
    """A day between 2008 and some years ahead, picked from a calendar."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def clean(self, value: object) -> date | None:
        day = super().clean(value)
        if day and not FIRST_DAY <= day <= timezone.localdate().replace(day=1, month=1, year=_last_year()):
            raise ValidationError(
                _("Choose a day between %(first)s and %(last)s."),
                params={"first": f"{FIRST_DAY:%d.%m.%Y}", "last": f"01.01.{_last_year()}"},
                code="day_out_of_range",
            )
        return day


class SchoolField(forms.ModelChoiceField):
    """A school by its code, shown by its short name of today."""

    def __init__(self, **kwargs: Any) -> None:
        usual = {"queryset": School.objects.none(), "to_field_name": "code", "label": _("school"), "empty_label": "—"}
        super().__init__(**{**usual, **kwargs})

    def offer(self, schools: QuerySet[School]) -> None:
        self.queryset = schools.prefetch_related("names")


def _last_year() -> int:
    return timezone.localdate().year + YEARS_AHEAD
