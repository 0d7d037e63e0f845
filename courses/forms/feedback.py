"""The questions after a course."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.feedback import MARKS, QUESTIONS, TEXTS, Answer
from schools.forms.fields import PlainTextField

WORDS = {
    5: _("5 – very good"),
    4: _("4 – good"),
    3: _("3 – fair"),
    2: _("2 – poor"),
    1: _("1 – very poor"),
}


class MarkField(forms.TypedChoiceField):
    """A mark from 1 to 5, one under another, the best first."""

    def __init__(self, *, label: Any) -> None:
        choices = [(mark, WORDS[mark]) for mark in MARKS]
        super().__init__(label=label, choices=choices, coerce=int, widget=forms.RadioSelect)


class FeedbackForm(forms.Form):
    useful = MarkField(label=QUESTIONS["useful"])
    clear = MarkField(label=QUESTIONS["clear"])
    organised = MarkField(label=QUESTIONS["organised"])
    will_use = PlainTextField(label=TEXTS["will_use"], required=False, max_length=2000, rows=3)
    better = PlainTextField(label=TEXTS["better"], required=False, max_length=2000, rows=3)

    def answer(self) -> Answer:
        return Answer(**self.cleaned_data)
