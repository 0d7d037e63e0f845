"""Places for a conference in words of the active language."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from conferences.edition_words import dates_of, place_of
from conferences.models import Delegation
from schools import wording


def facts_of(delegation: Delegation) -> list[tuple[str, object]]:
    """Label and value, in the order of a facts list; what nobody knows yet is left out."""
    edition = delegation.edition
    rows = [
        (capfirst(_("number of places")), delegation.places),
        (_("At most from one school"), delegation.school_cap),
        (_("Applications until"), wording.long_date(delegation.closes_on)),
        (pgettext("of an event", "Place"), place_of(edition)),
        (_("Dates"), dates_of(edition)),
    ]
    return [row for row in rows if row[1]]
