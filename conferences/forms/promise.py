"""What is typed about a promise: why somebody is let off, and the topic of a draft."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from courses.models import Run, Topic
from schools.forms.fields import PlainTextField


class ExcuseForm(forms.Form):
    reason = PlainTextField(label=_("Reason"), max_length=2000, rows=3)


class PlanForm(forms.Form):
    """The topic under which the seminar will stand in the catalogue."""

    topic = forms.ModelChoiceField(
        label=capfirst(_("topic")), queryset=Topic.objects.none(), to_field_name="code", empty_label=_("Choose a topic")
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["topic"].queryset = Topic.objects.all()
        self.fields["topic"].error_messages["invalid_choice"] = _("Choose one of the list.")


class NameForm(forms.Form):
    """A run that passes on the trip, or no longer does."""

    run = forms.CharField(max_length=20)

    def found(self) -> Run | None:
        if not self.is_valid():
            return None
        return Run.objects.select_related("course").filter(uid=self.cleaned_data["run"]).first()
