"""What guests type when they sign up for a seminar."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.forms.guarded import GuardedForm
from courses.signing_up import Contact
from schools.forms.contact import PageForm, PhoneField
from schools.forms.names import FullNameField, NamesField
from schools.forms.school_picker import SchoolPickerField, SchoolPickerMixin
from schools.guests import GuestData
from schools.states import Post

MOST_COLLEAGUES = 30
POSTS = (Post.TEACHER, Post.TEACHER_LIBRARIAN, Post.LIBRARY_HEAD, Post.DEPUTY, Post.DIRECTOR, Post.OTHER)


class LinkForm(PageForm):
    """Where a lost link goes once more."""

    email = forms.EmailField(
        label=_("e-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class SignUpForm(SchoolPickerMixin, GuardedForm):
    """The contact, who usually comes too, and colleagues by name."""

    field_order = ("name", "school", "post", "email", "phone", "comes", "colleagues", "website", "shown_at", "consent")
    name = FullNameField(
        label=_("surname, given name, patronymic"), widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    school = SchoolPickerField()
    post = forms.ChoiceField(label=_("post"), choices=[(post.value, post.label) for post in POSTS])
    email = forms.EmailField(
        label=_("e-mail"),
        max_length=254,
        help_text=_("We send the link there. If you have none, a colleague can sign you up."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    phone = PhoneField(label=_("phone (if you wish)"), required=False)
    comes = forms.BooleanField(label=_("I come myself"), required=False, initial=True)
    colleagues = NamesField(
        label=_("Colleagues who come too"),
        most=MOST_COLLEAGUES,
        help_text=_("One a line: surname, given name, patronymic. All from the same school."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("comes") and not data.get("colleagues") and "colleagues" not in self.errors:
            self.add_error("comes", _("Tick that you come, or name a colleague who does."))
        return data

    def contact(self, language: str) -> Contact:
        name, data = self.cleaned_data["name"], self.cleaned_data
        full = " ".join(part for part in (name.surname, name.given_name, name.patronymic) if part)
        return Contact(name=full, email=data["email"].lower(), language=language, phone=data["phone"])

    def coming(self) -> list[GuestData]:
        """Who comes: the contact first."""
        data = self.cleaned_data
        own = [data["name"].guest(data["post"])] if data["comes"] else []
        return own + [name.guest(Post.TEACHER) for name in data["colleagues"]]
