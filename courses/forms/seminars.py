"""The address bar of the list of seminars for all schools: the catalogue's, without what only staff ask for."""

from dataclasses import replace

from django.utils.translation import pgettext_lazy

from courses import catalogue
from courses.forms.catalogue import LABELS, CatalogueForm


class SeminarForm(CatalogueForm):
    """Filters of the list. Always gives a wish; `ignored()` names what it left out."""

    words = {**LABELS, "place": pgettext_lazy("of the country", "Region")}
    without = ("when", "sort", "kind", "hours", "year", "open")

    def wish(self) -> catalogue.Wish:
        return replace(super().wish(), outreach=True)

    def unasked(self) -> tuple[str, ...]:
        """Facets of the catalogue that this list has no use for."""
        return self.without
