"""A check code, typed from paper."""

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.certificate_codes import tidy
from schools.forms.fields import LineField


class CodeForm(forms.Form):
    code = LineField(
        label=_("Check code"),
        max_length=200,
        help_text=_("16 letters and figures from the certificate. Capitals, spaces and dashes do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        code = tidy(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(_("Write the code that stands under the square."))
        return code
