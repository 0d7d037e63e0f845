"""What people type when a place goes to a colleague."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from schools.forms.fields import PlainTextField
from schools.models import Person


class HandOverForm(forms.Form):
    """Whom to ask, and a word to them."""

    to = forms.ModelChoiceField(
        label=_("Colleague"),
        queryset=Person.objects.none(),
        error_messages={
            "required": _("Choose a colleague."),
            "invalid_choice": _("Choose a colleague of your school who has no place in this course."),
        },
    )
    reason = PlainTextField(label=_("A word to the colleague (optional)"), required=False, max_length=2000, rows=3)

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people


class AgreeForm(forms.Form):
    reason = PlainTextField(label=_("Why you want this course (optional)"), required=False, max_length=2000, rows=3)


class LeaveForm(forms.Form):
    note = PlainTextField(label=_("A word to the colleague (optional)"), required=False, max_length=2000, rows=2)
