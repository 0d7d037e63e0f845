"""The address bar of the catalogue, read with patience: what cannot be understood is left out and named."""

import re
from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from courses import catalogue, facets
from courses.models import Topic
from courses.states import CourseKind, Format
from schools.models import Region
from schools.states import Language

LABELS = {
    "language": _("Language of instruction"),
    "format": _("Format"),
    "kind": _("Kind"),
    "topic": _("Topic"),
    "place": _("Place"),
    "month": _("Month"),
    "year": _("Year"),
    "hours": _("Academic hours"),
    "seats": _("Places"),
    "open": _("Registration"),
    "q": _("Search"),
    "when": _("Period"),
    "sort": _("Sorted"),
    "since": _("Starting from"),
}
COMING_ONLY = ("month", "seats", "open")
PAST_ONLY = ("year",)
NOT_IN_MONTH = ("when", "sort", "since", "month", "year")
"""What is asked of runs to come, of past ones, and what the month view has no use for."""


class Several(forms.MultipleChoiceField):
    """Ticked values of a facet. Values that the facet does not know are dropped, not refused."""

    def __init__(self, *, known: Iterable[str] = (), pattern: str = "") -> None:
        super().__init__(required=False)
        self.known, self.pattern = frozenset(known), pattern

    def valid_value(self, value: str) -> bool:
        return value in self.known or bool(self.pattern and re.fullmatch(self.pattern, value))

    def clean(self, value: object) -> frozenset[str]:
        return frozenset(text for text in self.to_python(value) if self.valid_value(text))


class CatalogueForm(forms.Form):
    """Filters of the list and of the month view. Always gives a wish; `ignored()` names what it left out."""

    words = LABELS
    without: tuple[str, ...] = ()
    q = forms.CharField(required=False)
    when = forms.ChoiceField(required=False, choices=[(value, value) for value in (catalogue.COMING, catalogue.PAST)])
    sort = forms.ChoiceField(
        required=False, choices=[(value, value) for value in (catalogue.BY_DATE, catalogue.BY_TITLE)]
    )
    since = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    language = Several(known=Language.values)
    format = Several(known=Format.values)
    kind = Several(known=CourseKind.values)
    topic = Several()
    place = Several(known=[facets.ABROAD])
    month = Several(known=[facets.TO_BE_ANNOUNCED], pattern=r"20\d\d-(0[1-9]|1[0-2])")
    year = Several(pattern=r"20\d\d")
    hours = Several(known=[value for value, _first, _last in facets.HOURS])
    seats = Several(known=[facets.FREE])
    open = Several(known=[facets.OPEN])

    def __init__(self, data: QueryDict, *, topics: Iterable[Topic], regions: Iterable[Region]) -> None:
        super().__init__(data)
        self.query = data
        for name in self.without:
            del self.fields[name]
        self.fields["topic"] = Several(known=(topic.code for topic in topics))
        self.fields["place"] = Several(known=[facets.ABROAD, *(region.iso for region in regions)])
        self.full_clean()

    def wish(self) -> catalogue.Wish:
        """What was understood."""
        got = self.cleaned_data
        return catalogue.Wish(
            text=catalogue.plain_words(got.get("q", "")),
            when=got.get("when") or catalogue.COMING,
            sort=got.get("sort") or catalogue.BY_DATE,
            since=got.get("since"),
            chosen=self._chosen(self.unasked()),
        )

    def month_wish(self) -> catalogue.Wish:
        """The same for the month view, which is itself the choice of dates."""
        return catalogue.Wish(text=self.wish().text, chosen=self._chosen(NOT_IN_MONTH))

    def unasked(self) -> tuple[str, ...]:
        """Facets that the list has no use for: months are asked of what comes, years of what is past."""
        return COMING_ONLY if self.cleaned_data.get("when") == catalogue.PAST else PAST_ONLY

    def _chosen(self, unasked: Iterable[str]) -> dict[str, frozenset[str]]:
        got = self.cleaned_data
        return {name: got[name] for name in facets.NAMES if got.get(name) and name not in unasked}

    def understood(self) -> QueryDict:
        """The address anew, with what was understood and nothing else: links are built on it."""
        got = self.cleaned_data
        query = QueryDict(mutable=True)
        for name in self.fields:
            value = got.get(name)
            if isinstance(value, frozenset):
                query.setlist(name, [text for text in dict.fromkeys(self.query.getlist(name)) if text in value])
            elif value:
                query[name] = catalogue.plain_words(value) if name == "q" else str(value)
        return query

    def ignored(self) -> list[str]:
        """Labels of the filters of which something could not be understood."""
        names = [name for name, field in self.fields.items() if name in self.errors or self._dropped(name, field)]
        return [str(self.words[name]) for name in names]

    def _dropped(self, name: str, field: forms.Field) -> bool:
        if name == "q":
            return len(" ".join(self.query.get("q", "").split())) > catalogue.MOST_LETTERS
        return isinstance(field, Several) and bool(set(self.query.getlist(name)) - {""} - self.cleaned_data[name])
