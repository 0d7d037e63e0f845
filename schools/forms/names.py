"""Names of people in one field: surname first, as official lists have them."""

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from schools.forms.fields import PlainTextField, refuse_control_characters
from schools.guests import GuestData

LONGEST = 80
_WORD = re.compile(r"[^\W\d_]+(?:[-'’ʼ.][^\W\d_]*)*")
"""Letters of any script, with hyphens, apostrophes and dots between: no addresses and no telephone numbers,

since a name typed by a stranger stands in a letter to somebody else.
"""


@dataclass(frozen=True, slots=True)
class Name:
    """The three parts; the patronymic may be empty."""

    surname: str
    given_name: str
    patronymic: str = ""

    def guest(self, post: str) -> GuestData:
        return GuestData(self.surname, self.given_name, self.patronymic, post)


def split(text: str) -> Name:
    """«Сәрсенова Әлия Қайратқызы» in its parts; everything after the second word is the patronymic.

    Raises ValidationError with what is wrong.
    """
    words = text.split()
    if any(not _WORD.fullmatch(word) for word in words):
        raise ValidationError(_("Write names in letters only: no figures, no addresses."), code="not_a_name")
    if len(words) < 2:
        raise ValidationError(_("Write surname and given name."), code="short")
    name = Name(words[0], words[1], " ".join(words[2:]))
    if max(map(len, (name.surname, name.given_name, name.patronymic))) > LONGEST:
        raise ValidationError(_("This name is too long."), code="long")
    return name


class FullNameField(forms.CharField):
    """One person: surname, given name and, if any, patronymic. Cleaned to a `Name`."""

    default_validators = [refuse_control_characters]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 3 * LONGEST, **kwargs})

    def clean(self, value: object) -> Name | None:
        text = super().clean(value)
        return split(text) if text else None


class NamesField(PlainTextField):
    """Several people, one a line. Cleaned to a list of `Name`; a fault names its line."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(max_length=most * 3 * LONGEST, **{"required": False, "rows": 5, **kwargs})

    def clean(self, value: object) -> list[Name]:
        lines = [line.strip() for line in super().clean(value).splitlines()]
        names: list[Name] = []
        for number, line in enumerate(lines, start=1):
            if line:
                names.append(self._line(number, line))
        if len(names) > self.most:
            raise ValidationError(_("At most %(n)s people at a time."), params={"n": self.most}, code="many")
        return names

    def _line(self, number: int, line: str) -> Name:
        try:
            return split(line)
        except ValidationError as problem:
            text = _("Line %(n)s: %(problem)s") % {"n": number, "problem": problem.messages[0]}
            raise ValidationError(text, code=problem.code) from problem
