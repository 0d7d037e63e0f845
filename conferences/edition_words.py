"""What the pages of a conference say of it, in the active language."""

from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from conferences.models import Edition
from courses.countries import COUNTRIES
from schools import wording


def place_of(edition: Edition) -> str:
    """«Lisbon, Portugal»; nothing while it is not known."""
    country = str(COUNTRIES.get(edition.country, edition.country))
    return ", ".join(part for part in (edition.city, country) if part)


def dates_of(edition: Edition) -> str:
    """The days in words; nothing while they are not known."""
    return wording.date_range(edition.starts_on, edition.ends_on) if edition.starts_on else ""


def facts_of(edition: Edition) -> list[tuple[str, object]]:
    page = edition.url or edition.series.url
    return [
        (_("Dates"), dates_of(edition) or _("not known yet")),
        (pgettext("of an event", "Place"), place_of(edition) or _("not known yet")),
        (capfirst(_("form")), capfirst(edition.get_mode_display())),
        (capfirst(_("number of the edition")), edition.number),
        (capfirst(_("conference series")), edition.series.name),
        (
            capfirst(_("official page")),
            format_html('<a href="{}" rel="noopener noreferrer">{}</a>', page, page) if page else None,
        ),
    ]
