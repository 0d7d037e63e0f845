"""Which reminders a person wants, and when administrators have them sent."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models.reminder import MOST_DAYS
from courses.reminder_settings import CHOOSABLE
from courses.states import ReminderKind


class ChoicesForm(forms.Form):
    """The kinds that stay switched on."""

    wanted = forms.MultipleChoiceField(
        choices=[(kind.value, kind.label) for kind in CHOOSABLE], widget=forms.CheckboxSelectMultiple, required=False
    )


class DaysField(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("days"), min_value=0, max_value=MOST_DAYS, **kwargs)


class RuleForm(forms.Form):
    """Other days for a rule, and whether it is followed."""

    days = DaysField()
    active = forms.BooleanField(label=_("switched on"), required=False)


class NewRuleForm(forms.Form):
    kind = forms.ChoiceField(label=_("occasion"), choices=ReminderKind.choices)
    days = DaysField()
