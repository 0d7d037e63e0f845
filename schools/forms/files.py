"""A field for a private file: what is wrong with it is said at the field, what is right comes out ready to keep."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from schools.errors import Refused
from schools.file_names import safe_name
from schools.files import Upload
from schools.models.file import EXTENSIONS, MEDIA_TYPES
from schools.sniffing import recognise
from schools.states import FileKind

MEGABYTE = 1024 * 1024
MOST_MEGABYTES = 10


class PrivateFileField(forms.FileField):
    """A file of one of `kinds`, at most `megabytes` large; cleaned to an Upload, or None where none was chosen.

    On a phone the picker offers the camera too, since pictures are among the types that it names.
    """

    default_error_messages = {
        "empty": _("The file is empty: choose another."),
        "missing": _("Choose a file."),
    }

    def __init__(
        self, *, kinds: Sequence[FileKind] = tuple(FileKind), megabytes: int = MOST_MEGABYTES, **kwargs: Any
    ) -> None:
        self.kinds, self.megabytes = tuple(kinds), megabytes
        endings = [f".{ending}" for kind in self.kinds for ending in EXTENSIONS[kind][:2]]
        accept = ",".join([*endings, *(MEDIA_TYPES[kind] for kind in self.kinds)])
        usual = {"label": _("file"), "widget": forms.FileInput(attrs={"accept": accept}), "help_text": self._help()}
        super().__init__(**{**usual, **kwargs})

    def clean(self, data: UploadedFile | None, initial: object = None) -> Upload | None:
        """Raises ValidationError with the sentence that the file's sender can act on."""
        found: UploadedFile | None = super().clean(data, None)
        if not found:
            return None
        if found.size is None or found.size > self.megabytes * MEGABYTE:
            raise ValidationError(
                _("The file is larger than %(size)s MB."), params={"size": self.megabytes}, code="too_large"
            )
        content = found.read()
        try:
            kind = recognise(content)
            name = safe_name(found.name or "", kind)
        except Refused as refusal:
            raise ValidationError(str(refusal), code="refused") from refusal
        if kind not in self.kinds:
            raise ValidationError(
                _("Here only these kinds are taken: %(kinds)s."), params={"kinds": self._words()}, code="other_kind"
            )
        return Upload(name, kind, content)

    def _words(self) -> str:
        return ", ".join(kind.name for kind in self.kinds)

    def _help(self) -> str:
        return f"{self._words()}, ≤ {self.megabytes} MB"
