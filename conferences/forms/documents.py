"""A paper that is added to a trip."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from conferences.coming_back_states import PERSONAL, DocumentKind
from conferences.document_access import may_add_document
from conferences.models import Trip
from schools.access import Actor
from schools.forms.contact import PageForm
from schools.forms.files import PrivateFileField
from schools.models import Person


class DocumentForm(PageForm):
    """Kind, whose it is, and the file. It offers what the actor may add; a traveller need not say the own name."""

    kind = forms.ChoiceField(label=_("kind"))
    person = forms.ChoiceField(
        label=_("whose paper"), required=False, help_text=_("For a passport, a visa, a ticket, an insurance policy.")
    )
    file = PrivateFileField(help_text=_("PDF, a photo, DOCX, XLSX or PPTX, at most 10 MB."))

    def __init__(self, data: Any = None, files: Any = None, *, trip: Trip, actor: Actor) -> None:
        super().__init__(data, files)
        self.travellers = {row.person.uid: row.person for row in trip.travellers.all()}
        self.own = next((row for row in self.travellers.values() if row.pk == actor.person_id), None)
        mine = [row for row in self.travellers.values() if may_add_document(actor, trip, PERSONAL[0], row.pk)]
        self.fields["kind"].choices = [
            (kind, capfirst(kind.label))
            for kind in DocumentKind
            if (kind in PERSONAL and mine) or (kind not in PERSONAL and may_add_document(actor, trip, kind, None))
        ]
        self.fields["person"].choices = [("", "—"), *((row.uid, row.full_name) for row in mine)]
        if not mine or mine == [self.own]:
            del self.fields["person"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["owner"] = self._owner(data)
        if data.get("kind") in PERSONAL and data["owner"] is None and "person" in self.fields:
            self.add_error("person", _("Choose the traveller whose paper this is."))
        return data

    def _owner(self, data: dict[str, Any]) -> Person | None:
        return self.travellers.get(data.get("person", "")) if "person" in self.fields else self.own
