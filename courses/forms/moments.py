"""Fields of forms for times on the clock of the place where a run meets, and for web addresses."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools.forms.contact import FIRST_DAY, YEARS_AHEAD

PATTERNS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M", "%d.%m.%Y, %H:%M")
LONGEST = 40


class MomentField(forms.Field):
    """A date with a time, as the clock shows it there; cleaned to a datetime without a zone."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})

    def to_python(self, value: Any) -> datetime | None:
        text = str(value or "").strip()
        if not text:
            return None
        for pattern in PATTERNS if len(text) <= LONGEST else ():
            try:
                moment = datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is another field's
            except ValueError:
                continue
            if FIRST_DAY.year <= moment.year <= timezone.localdate().year + YEARS_AHEAD:
                return moment
        raise ValidationError(_("Write date and time, for example 08.12.2026 18:00."), code="moment")


class ClockField(forms.TimeField):
    """A time of day, to the minute."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
        errors = {"invalid": _("Write the time as 09:00.")}
        super().__init__(widget=widget, error_messages=errors, **kwargs)


class WebField(forms.URLField):
    """An address that begins with http:// or https://."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 500, "assume_scheme": "https", **kwargs})
        self.validators = [
            URLValidator(schemes=["http", "https"]) if isinstance(check, URLValidator) else check
            for check in self.validators
        ]
