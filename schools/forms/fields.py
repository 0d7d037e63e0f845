"""Fields that every form of the portal uses: text as people write it, without what breaks pages and prints."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

ALLOWED_CONTROLS = "\n\r\t"


def refuse_control_characters(value: str) -> None:
    """Refuse invisible control characters (Unicode Cc, Cs): they break PDFs, calendars and exports.

    Line breaks and tabs pass; so do emoji, right-to-left marks and every script.
    """
    for letter in value:
        if letter not in ALLOWED_CONTROLS and unicodedata.category(letter) in ("Cc", "Cs"):
            raise ValidationError(_("Remove the invisible control character from the text."), code="control_character")


class PlainTextField(forms.CharField):
    """Several lines of text, at most `max_length` characters, without control characters."""

    default_validators = [refuse_control_characters]

    def __init__(self, *, max_length: int, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class LineField(forms.CharField):
    """One line of text without control characters, spaces folded."""

    default_validators = [refuse_control_characters]

    def clean(self, value: object) -> str:
        return " ".join(super().clean(value).split())
