"""What a person keeps of the own account."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from schools.forms.contact import LatinNameField, PageForm, PhoneField
from schools.models import Person, User
from schools.states import Language

OWN_NAMES = [(Language.KK, "Қазақша"), (Language.RU, "Русский"), (Language.EN, "English")]


class ProfileForm(PageForm):
    language = forms.ChoiceField(label=_("language of letters and pages"), choices=OWN_NAMES, widget=forms.RadioSelect)
    phone = PhoneField()
    latin_name = LatinNameField(help_text=_("It stands on certificates in English."))

    @classmethod
    def of(cls, person: Person, data: Any = None) -> "ProfileForm":
        return cls(data, initial={name: getattr(person, name) for name in cls.base_fields})


class FirstPasswordForm(PageForm):
    """The password with which an invited person opens the account, typed twice."""

    password1 = forms.CharField(
        label=_("password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("password once more"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.rules = password_validators_help_texts()

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "password1" in data and data.get("password2") is not None and data["password1"] != data["password2"]:
            self.add_error("password2", ValidationError(_("The two passwords differ."), code="mismatch"))
        return data
