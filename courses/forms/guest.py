"""What a contact types behind the link."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.forms.sign_up import MOST_COLLEAGUES, POSTS
from courses.models import Enrolment
from schools.forms.contact import PageForm
from schools.forms.names import FullNameField, NamesField
from schools.guests import GuestData


class PersonForm(PageForm):
    """A name put right, or somebody else in this person's place."""

    CORRECT, REPLACE = "correct", "replace"
    what = forms.ChoiceField(
        label=_("what to change"),
        choices=[(CORRECT, _("The name is written wrongly")), (REPLACE, _("Somebody else comes instead"))],
        widget=forms.RadioSelect,
        initial=CORRECT,
    )
    name = FullNameField(label=_("surname, given name, patronymic"))
    post = forms.ChoiceField(label=_("post"), choices=[(post.value, post.label) for post in POSTS])

    def __init__(self, data: Any = None, *, row: Enrolment, may_replace: bool) -> None:
        super().__init__(data, initial={"name": row.person.full_name, "post": row.person.post, "what": self.CORRECT})
        if not may_replace:
            self.fields["what"].widget = forms.HiddenInput()

    def person(self) -> GuestData:
        return self.cleaned_data["name"].guest(self.cleaned_data["post"])


class MoreForm(PageForm):
    """More people of the same school."""

    colleagues = NamesField(
        label=_("Colleagues who come too"),
        most=MOST_COLLEAGUES,
        required=True,
        help_text=_("One a line: surname, given name, patronymic. All from the same school."),
    )

    def coming(self) -> list[GuestData]:
        return [name.guest(POSTS[0]) for name in self.cleaned_data["colleagues"]]


class AddressForm(PageForm):
    """Where letters go."""

    email = forms.EmailField(
        label=_("new e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )


class ForgetForm(PageForm):
    """Consent taken back."""

    sure = forms.BooleanField(
        label=_("Yes, remove names, address and telephone for good"),
        error_messages={"required": _("Tick the box if that is what you want.")},
    )
