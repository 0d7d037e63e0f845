"""What regional staff type to ask for a seminar, and the filters of the board."""

from typing import Any

from django import forms
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from translated_fields import to_attribute

from courses.asking import Asker
from courses.forms.guarded import GuardedForm
from courses.models import Topic
from schools.alphabet import in_order
from schools.forms.contact import AddressField, PageForm
from schools.forms.fields import PlainTextField
from schools.forms.names import FullNameField
from schools.forms.school_picker import SchoolPickerField, SchoolPickerMixin
from schools.models import Region
from schools.states import Language


class WhatForm(PageForm):
    """A topic in a language and a region: by these wishes are put together."""

    topic = forms.ModelChoiceField(
        label=_("topic"), queryset=Topic.objects.none(), to_field_name="code", empty_label=_("Choose a topic")
    )
    region = forms.ModelChoiceField(
        label=pgettext_lazy("of the country", "Region"),
        queryset=Region.objects.none(),
        to_field_name="iso",
        empty_label=_("Choose your region"),
    )
    language = forms.ChoiceField(label=_("language of instruction"), choices=Language.choices)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["topic"].queryset = Topic.objects.all()
        self.fields["region"].queryset = Region.objects.order_by(*in_order(to_attribute("name")))
        for name in ("topic", "region"):
            self.fields[name].error_messages["invalid_choice"] = _("Choose one of the list.")
        self.fields["language"].error_messages["invalid_choice"] = _("Choose one of the list.")


class BoardFilter(forms.Form):
    """The address bar of the board. What cannot be understood is left out."""

    topic = forms.ModelChoiceField(
        label=capfirst(_("topic")),
        queryset=Topic.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("All topics"),
    )
    region = forms.ModelChoiceField(
        label=pgettext_lazy("of the country", "Region"),
        queryset=Region.objects.none(),
        to_field_name="iso",
        required=False,
        empty_label=_("All regions"),
    )
    language = forms.ChoiceField(
        label=capfirst(_("language of instruction")),
        required=False,
        choices=[("", _("All languages")), *Language.choices],
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"
        self.fields["topic"].queryset = Topic.objects.all()
        self.fields["region"].queryset = Region.objects.order_by(*in_order(to_attribute("name")))

    def wanted(self) -> dict[str, Any]:
        """Arguments of `demand_queries.board`."""
        self.full_clean()
        got = self.cleaned_data
        return {"topic": got.get("topic"), "region": got.get("region"), "language": got.get("language", "")}

    def query(self) -> dict[str, str]:
        """What was understood, for links to the form that asks."""
        values = {"topic": "code", "region": "iso"}
        named = {
            name: getattr(row, values[name]) if isinstance(row, Model) else row for name, row in self.wanted().items()
        }
        return {name: value for name, value in named.items() if value}


class AskForm(SchoolPickerMixin, GuardedForm):
    """Who asks."""

    field_order = ("name", "email", "school", "note", "website", "shown_at", "consent")
    name = FullNameField(
        label=_("surname, given name, patronymic"), widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = AddressField(
        help_text=_("We send a link there: your voice counts once you use it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    school = SchoolPickerField(label=_("school (if you wish)"), required=False)
    note = PlainTextField(
        label=_("what matters to you (if you wish)"),
        required=False,
        max_length=500,
        rows=3,
        help_text=_("Only the coordinators read it."),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["consent"].label = _("I agree to the processing of these personal data")

    def asker(self, language: str) -> Asker:
        """What the verbs take."""
        data, name = self.cleaned_data, self.cleaned_data["name"]
        return Asker(
            name=" ".join(part for part in (name.surname, name.given_name, name.patronymic) if part),
            email=data["email"],
            language=language,
            school=data["school"],
            note=data["note"],
        )


class CloseForm(forms.Form):
    reason = PlainTextField(
        label=_("Reason"), max_length=2000, rows=2, help_text=_("It stays in the ledger; nobody gets a letter.")
    )
