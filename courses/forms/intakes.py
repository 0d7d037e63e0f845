"""Picking a run that is to be parallel to another."""

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Run


class RunChoice(forms.Form):
    run = forms.ModelChoiceField(
        queryset=Run.objects.all(),
        to_field_name="uid",
        error_messages={
            "required": _("Choose a run."),
            "invalid_choice": _("This run does not exist any more. Look at the list again."),
        },
    )
