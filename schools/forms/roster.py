"""The file of a roster, and the word to apply it."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools.errors import Refused
from schools.forms.contact import DayField, PageForm
from schools.forms.roster_rows import read_entries
from schools.roster import Entry
from schools.sheets import read_table, refuse_large


class RosterForm(PageForm):
    """A file, read while it is checked: `entries` are its rows, right and wrong ones."""

    entries: list[Entry]
    file = forms.FileField(
        label=_("roster (XLSX or CSV)"),
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=_("One librarian a row, at most 2000 rows and 1 MB. Nothing is changed before you confirm."),
    )
    since = DayField(
        label=_("first day of new work"),
        initial=timezone.localdate,
        help_text=_("For people who are new, and for those who move to another school."),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        try:
            refuse_large(file.size)
            self.entries = read_entries(read_table(file.name or "", file.read()))
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return file


class ApplyForm(PageForm):
    send = forms.BooleanField(label=_("send invitations to those who are new"), required=False, initial=True)
