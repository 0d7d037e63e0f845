"""What coordinators type when they share out places, and applicants when they appeal. Forms validate; verbs act."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses import allocation_words
from courses.models import AllocationRules, Enrolment, Run
from schools import wording
from schools.forms.fields import PlainTextField


def run_label(run: Run) -> str:
    """A run among its parallel ones: its dates tell it apart."""
    dates = wording.date_range(run.starts_on, run.ends_on) if run.starts_on else str(_("Dates to be announced"))
    return f"{dates} · {run.get_language_display()}"


class RulesField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return _("Version %(n)s") % {"n": obj.version}


class ProposeForm(forms.Form):
    """By which version of the rules."""

    rules = RulesField(
        label=_("Rules"), queryset=AllocationRules.objects.all(), to_field_name="version", empty_label=None
    )


class EditForm(forms.Form):
    """Another place for one applicant, or none, and why."""

    NONE = "none"
    run = forms.ChoiceField(label=pgettext_lazy("seat", "Place"), widget=forms.RadioSelect)
    reason = PlainTextField(label=_("Reason"), max_length=2000, rows=3, help_text=_("The person will read it."))

    def __init__(self, *args: Any, wishes: Sequence[Run], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.runs = {run.uid: run for run in wishes}
        self.fields["run"].choices = [
            *((run.uid, run_label(run)) for run in wishes),
            (self.NONE, _("No place: the waiting list")),
        ]

    def chosen(self) -> Run | None:
        return self.runs.get(self.cleaned_data["run"])


class AppealForm(forms.Form):
    text = PlainTextField(label=_("What should be looked at again"), max_length=4000, rows=4)


class AnswerForm(forms.Form):
    """The answer to an appeal: refused with words, or a place in one of the runs where the person waits."""

    UPHOLD, REFUSE = "uphold", "refuse"
    verdict = forms.ChoiceField(choices=[(UPHOLD, _("Give a place")), (REFUSE, pgettext_lazy("appeal", "Refuse"))])
    run = forms.ChoiceField(label=pgettext_lazy("seat", "Place"), required=False)
    answer = PlainTextField(
        label=pgettext_lazy("appeal", "Answer"), max_length=4000, rows=4, help_text=_("The person will read it.")
    )
    add_place = forms.BooleanField(label=_("Add a place if all are taken"), required=False)

    def __init__(self, *args: Any, waiting: Sequence[Enrolment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {row.uid: row for row in waiting}
        self.fields["run"].choices = [(row.uid, run_label(row.run)) for row in waiting]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("verdict") == self.UPHOLD and data.get("run") not in self.rows and "run" not in self.errors:
            self.add_error("run", _("The person waits for no place any more."))
        return data


class RulesForm(forms.ModelForm):
    """A new version of the rules."""

    note = PlainTextField(label=_("Why this version"), max_length=2000, rows=2)

    class Meta:
        model = AllocationRules
        fields = ("need", "gap", "share", "kept", "committee", "target_hours", "gap_months", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in allocation_words.PARTS.items():
            self.fields[name].label = label
            self.fields[name].min_value, self.fields[name].max_value = 0, 100
        for name in ("target_hours", "gap_months"):
            self.fields[name].validators.append(MinValueValidator(1))
            self.fields[name].label = capfirst(self.fields[name].label)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        parts = [data.get(name) for name in allocation_words.PARTS]
        if None not in parts and sum(part or 0 for part in parts) != 100:
            self.add_error(None, _("The weights must add up to 100."))
        return data

    def validate_constraints(self) -> None:
        """The sum is said in words above; the version is not known yet."""
