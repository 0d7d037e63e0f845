"""Presentations on the record of each author: what audiences have heard, the latest first."""

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conferences.edition_words import place_of
from conferences.presentation_queries import given_by
from schools import record_parts
from schools.models import Person


def presentations_of(person: Person) -> record_parts.Part:
    rows = [
        record_parts.Row(
            row.title,
            reverse("conferences:presentation", args=[row.uid]),
            " · ".join(filter(None, [str(row.edition), place_of(row.edition), capfirst(row.get_format_display())])),
            row.award,
        )
        for row in given_by(person)
    ]
    return record_parts.Part(_("Presentations at conferences"), rows)


def register() -> None:
    record_parts.source(presentations_of)
