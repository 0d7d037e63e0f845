"""What people type when they apply, nominate and decide. Forms validate; verbs act."""

import re
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from schools.forms.fields import PlainTextField
from schools.models import Person


class ApplyForm(forms.Form):
    reason = PlainTextField(label=_("Why you want this course (optional)"), required=False, max_length=2000, rows=3)


class ResubmitForm(forms.Form):
    reason = PlainTextField(label=_("What you have changed"), max_length=2000, rows=3)


class NoteForm(forms.Form):
    note = PlainTextField(label=_("Comment (optional)"), required=False, max_length=2000, rows=2)


class LateForm(forms.Form):
    note = PlainTextField(
        label=_("Why you cannot come"),
        max_length=2000,
        rows=2,
        error_messages={"required": _("Write why you cannot come: those who organise the course will read it.")},
    )


class NominateForm(forms.Form):
    person = forms.ModelChoiceField(label=_("Colleague"), queryset=Person.objects.none())
    reason = PlainTextField(label=_("Why you propose this colleague"), required=False, max_length=2000, rows=3)

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people


class Verdict(forms.Form):
    """One decision: the step that was seen, the word and the reason."""

    APPROVE, DECLINE, RETURN = "approve", "decline", "return"
    verdict = forms.ChoiceField(
        choices=[(APPROVE, _("Approve")), (RETURN, _("Return for revision")), (DECLINE, _("Decline"))]
    )
    step = forms.IntegerField(min_value=1, max_value=32767, widget=forms.HiddenInput)
    note = PlainTextField(label=_("A word to the applicant"), required=False, max_length=2000, rows=2)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("verdict") in (self.DECLINE, self.RETURN) and not data.get("note") and "note" not in self.errors:
            self.add_error("note", _("Write a word of reason: the applicant will read it."))
        return data


class SeenField(forms.MultipleChoiceField):
    """«uid:step» pairs: which applications, and the step of each that was on the page."""

    def valid_value(self, value: str) -> bool:
        return re.fullmatch(r"[a-z0-9]{10}:\d{1,4}", value) is not None

    def clean(self, value: object) -> list[tuple[str, int]]:
        return [(uid, int(step)) for uid, step in (pair.split(":") for pair in super().clean(value))]


class BulkApproveForm(forms.Form):
    """Several approvals at once, each for the step that was seen."""

    MOST = 100
    chosen = SeenField(error_messages={"required": _("Choose at least one application.")})

    def clean_chosen(self) -> list[tuple[str, int]]:
        pairs = self.cleaned_data["chosen"]
        if len(pairs) > self.MOST:
            raise forms.ValidationError(_("Choose at most %(n)s at a time."), params={"n": self.MOST})
        return pairs
