"""The two fields at the door: a name and a school."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.tickets import CODE
from schools.directory import Unlisted
from schools.forms.contact import PageForm
from schools.forms.names import FullNameField
from schools.forms.school_picker import SchoolPickerField, SchoolPickerMixin
from schools.guests import GuestData
from schools.models import School
from schools.models.base import make_uid
from schools.states import Post


class WalkInForm(SchoolPickerMixin, PageForm):
    """Somebody who stands at the door; `nonce` tells a second press from a second person."""

    name = FullNameField(
        label=_("surname, given name, patronymic"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    school = SchoolPickerField(required=False)
    agreed = forms.BooleanField(
        label=_("The person agrees that name and school are kept for attendance and certificate"),
        error_messages={"required": _("Ask for the person's consent first.")},
    )
    add_place = forms.BooleanField(label=_("Add a place if all are taken"), required=False)
    nonce = forms.RegexField(CODE, widget=forms.HiddenInput, strip=True)

    def __init__(self, *args: Any, may_add_place: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_add_place:
            del self.fields["add_place"]
        self.fields["nonce"].initial = make_uid

    def guest(self) -> GuestData:
        return self.cleaned_data["name"].guest(Post.TEACHER)

    def chosen_school(self) -> School | Unlisted | None:
        return self.cleaned_data["school"]
