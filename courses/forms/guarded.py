"""Forms that anybody may send without an account: what keeps programs out, and the consent of the law."""

import time
from typing import TYPE_CHECKING, Any, NoReturn, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.utils.translation import gettext_lazy as _

from schools.forms.contact import PageForm

if TYPE_CHECKING:
    from django.http import QueryDict
    from django.utils.functional import _StrPromise

SALT = "courses.guarded"
AT_LEAST_S = 2.0
"""Nobody reads and fills such a form faster."""
AT_MOST_S = 24 * 3600


class GuardedForm(PageForm):
    """A field that people do not see and programs fill, the signed time at which the form was shown, and consent.

    In place of a riddle with pictures, which keeps out people with poor eyes and thin lines first.
    """

    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    shown_at = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)
    consent = forms.BooleanField(
        label=_("I agree to the processing of these personal data, and those whom I name agree too"),
        error_messages={"required": _("Without consent the law does not let us keep your data.")},
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["shown_at"].initial = now_signed

    def clean(self) -> dict[str, Any]:
        """A trapped or hurried form comes back filled, with a time of its own, and passes at the second attempt."""
        data = super().clean() or self.cleaned_data
        if data.get("website"):
            self._refuse(_("The form was filled like a program does. Empty the hidden field and send it again."))
        if not _shown_long_enough(data.get("shown_at", "")):
            self._refuse(_("The form was sent too quickly or has become too old. Look it over and send it again."))
        return data

    def _refuse(self, problem: "_StrPromise") -> NoReturn:
        data = cast("QueryDict", self.data).copy()
        data[self.add_prefix("shown_at")] = now_signed()
        data[self.add_prefix("website")] = ""
        self.data = data
        raise ValidationError(problem, code="guard")


def now_signed() -> str:
    return TimestampSigner(salt=SALT).sign(f"{time.time():.2f}")


def _shown_long_enough(signed: str) -> bool:
    try:
        shown = float(TimestampSigner(salt=SALT).unsign(signed, max_age=AT_MOST_S))
    except (BadSignature, ValueError):
        return False
    return time.time() - shown >= AT_LEAST_S
