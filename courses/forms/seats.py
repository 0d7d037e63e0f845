"""What coordinators type about how the seats of a run are shared, and directors about the seats they hold."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from translated_fields import to_attribute

from courses.forms.moments import MomentField
from courses.forms.rows import rows_of
from courses.forms.run import MOST_PLACES
from courses.forms.sheets import Sheet
from courses.gates import Incomplete
from courses.models import Run
from courses.sharing_seats import FACTS, SeatPlan, SharePlan
from courses.zones import instant, wall_clock
from schools import norms
from schools.alphabet import in_order
from schools.errors import Refused
from schools.forms.contact import PageForm
from schools.models import Region, School
from schools.queries import nis_schools

MOST_HOURS = 24 * 14
KINDS = ("schools", "regions")


class SeatsForm(PageForm):
    """The rules that are the same for every school. Empty limits: as many as there are places."""

    school_limit = forms.IntegerField(
        label=_("most people of one school"), required=False, min_value=1, max_value=MOST_PLACES
    )
    region_limit = forms.IntegerField(
        label=_("most people of one region"), required=False, min_value=1, max_value=MOST_PLACES
    )
    hold_limit = forms.IntegerField(
        label=_("places one school may hold without names"),
        min_value=0,
        max_value=MOST_PLACES,
        help_text=_("0: directors hold none."),
    )
    merge_at = MomentField(
        label=_("held places go to all"),
        required=False,
        help_text=_("On the clock of the place. From then on nothing is held or promised."),
    )
    offer_hours = forms.IntegerField(
        label=_("offer clock, hours"),
        min_value=0,
        max_value=MOST_HOURS,
        help_text=_("So long a freed place waits for its answer. 0: it is given at once."),
    )

    def __init__(self, data: Any = None, *, run: Run) -> None:
        first = {name: getattr(run, name) for name in FACTS} | {"merge_at": wall_clock(run.merge_at, run.zone)}
        super().__init__(data, initial=first)
        self.run = run
        usual = norms.value("offer_hours", on=timezone.localdate())
        self.fields["offer_hours"].widget.attrs["placeholder"] = usual

    def clean_merge_at(self) -> datetime | None:
        local = self.cleaned_data["merge_at"]
        try:
            return instant(local, self.run.zone) if local else None
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class ShareRow(forms.Form):
    """One school or region (`whose`, by its code) with its numbers."""

    whose = forms.ChoiceField()
    floor = forms.IntegerField(label=_("Promised"), required=False, min_value=0, max_value=MOST_PLACES)
    cap = forms.IntegerField(label=_("At most"), required=False, min_value=0, max_value=MOST_PLACES)
    held = forms.IntegerField(label=pgettext_lazy("places", "Held"), required=False, min_value=0, max_value=MOST_PLACES)

    def __init__(self, *args: Any, label: str, known: dict[str, tuple[str, School | Region]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        self.fields["whose"].label = label
        self.fields["whose"].choices = [("", "—"), *((code, name) for code, (name, _row) in known.items())]
        if not any(isinstance(row, School) for _name, row in known.values()):
            del self.fields["held"]

    def plan(self) -> SharePlan:
        data = self.cleaned_data
        _name, whose = self.known[data["whose"]]
        return SharePlan(whose, data.get("floor") or 0, data.get("cap"), data.get("held") or 0)


ShareRows = rows_of(ShareRow)


class SeatSheet(Sheet):
    """The page of the rules: the form with its rows of schools and regions, checked together."""

    form: SeatsForm

    def __init__(self, data: QueryDict | None = None, *, run: Run) -> None:
        super().__init__(data, run)
        self.share_faults = {kind: list[str]() for kind in KINDS}
        self.form = SeatsForm(data, run=run)
        known = {"schools": _schools(run), "regions": _regions()}
        labels = {"schools": capfirst(gettext("school")), "regions": pgettext("of the country", "Region")}
        first = _first(run) if data is None else dict.fromkeys(KINDS)
        self.sets = {
            kind: ShareRows(
                data, prefix=kind, initial=first[kind], form_kwargs={"label": labels[kind], "known": known[kind]}
            )
            for kind in KINDS
        }

    @property
    def parts(self) -> list[tuple[str, Any, list[str]]]:
        """Kind, rows, and what is wrong with them as a whole."""
        return [(kind, self.sets[kind], self.share_faults[kind]) for kind in KINDS]

    def is_valid(self) -> bool:
        fine = [part.is_valid() for part in (self.form, *self.sets.values())]
        fine += [self._once(kind) for kind in KINDS] if all(fine) else []
        return all(fine)

    def _once(self, kind: str) -> bool:
        seen: set[str] = set()
        for row in self.sets[kind].kept():
            whose = row.cleaned_data["whose"]
            if whose in seen:
                row.add_error("whose", _("This stands in a row above already."))
            seen.add(whose)
        return not any(row.errors for row in self.sets[kind].kept())

    def plan(self) -> SeatPlan:
        shares = tuple(row.plan() for kind in KINDS for row in self.sets[kind].kept())
        return SeatPlan(**{name: self.form.cleaned_data[name] for name in FACTS}, shares=shares)

    def show(self, refusal: Refused) -> None:
        """Put what the verb refused beside the fields it speaks of."""
        self.form.add_error(None, str(refusal))
        for name, text in refusal.faults if isinstance(refusal, Incomplete) else ():
            if name in KINDS:
                self.share_faults[name].append(text)
            else:
                self.form.add_error(name if name in self.form.fields else None, text)


def _schools(run: Run) -> dict[str, tuple[str, School | Region]]:
    """Schools of the network, and others that have rules in this run."""
    others = School.objects.filter(pk__in=run.shares.filter(school__isnull=False).values("school"))
    rows = (nis_schools() | others).prefetch_related("names")
    return {row.code: (row.short_name(), row) for row in rows}


def _regions() -> dict[str, tuple[str, School | Region]]:
    return {row.iso: (row.name, row) for row in Region.objects.order_by(*in_order(to_attribute("name")))}


def _first(run: Run) -> dict[str, Any]:
    found: dict[str, Sequence[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for row in run.shares.select_related("school", "region").order_by("id"):
        numbers = {"floor": row.floor or None, "cap": row.cap, "held": row.held or None}
        code = row.school.code if row.school else row.region.iso if row.region else ""
        found["schools" if row.school else "regions"] = [
            *found["schools" if row.school else "regions"],
            {"whose": code, **numbers},
        ]
    return found


class HoldForm(forms.Form):
    """How many seats a school holds in all."""

    count = forms.IntegerField(label=_("Places held in all"), min_value=0, max_value=MOST_PLACES)
