"""Rows of a run's page: meetings, trainers, materials. Rows are added by the button «+», without a script."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from courses.forms.moments import ClockField, WebField
from courses.models import Run
from courses.plans import MaterialPlan, MeetingPlan, TrainerPlan
from courses.zones import instant, wall_clock
from schools.errors import Refused
from schools.forms.contact import DayField
from schools.forms.fields import LineField
from schools.models import Person

MOST_ROWS = 60
LESSON = 45
"""Minutes of an academic hour."""


class MeetingRow(forms.Form):
    was = forms.IntegerField(required=False, min_value=1, max_value=MOST_ROWS * 2, widget=forms.HiddenInput)
    day = DayField(label=_("Date"))
    starts = ClockField(label=_("Begins at"))
    ends = ClockField(label=_("Ends at"))
    hours = forms.IntegerField(label=_("Academic hours"), required=False, min_value=1, max_value=24)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("starts") and data.get("ends") and data["ends"] <= data["starts"]:
            self.add_error("ends", _("The end is not after the beginning."))
        return data

    def plan(self, zone: str) -> MeetingPlan | None:
        """The meeting in UTC; None, with an error at the field, where the clock there makes it doubtful."""
        data, moments = self.cleaned_data, []
        for name in ("starts", "ends"):
            try:
                moments.append(instant(datetime.combine(data["day"], data[name]), zone))
            except Refused as refusal:
                self.add_error(name, str(refusal))
        if len(moments) < 2:
            return None
        length = int((moments[1] - moments[0]).total_seconds() // 60)
        hours = data.get("hours") or min(24, max(1, length // LESSON))
        return MeetingPlan(moments[0], moments[1], hours, data.get("was"))


class TrainerRow(forms.Form):
    person = forms.ChoiceField(label=_("Trainer"), required=False)
    name = LineField(label=_("or a name or e-mail"), required=False, max_length=160)

    def __init__(self, *args: Any, people: Sequence[Person] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {row.uid: row for row in people}
        self.fields["person"].choices = [("", "—"), *((row.uid, row.full_name) for row in people)]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("person") and data.get("name"):
            self.add_error("name", _("Choose a person or write a name, not both."))
        elif "@" in data.get("name", ""):
            known = Person.objects.filter(email__iexact=data["name"], archived_at=None).order_by("id").first()
            if known is None:
                self.add_error("name", _("Nobody here has this address."))
            data["known"] = known
        return data

    def plan(self) -> TrainerPlan:
        data = self.cleaned_data
        person = self.people.get(data.get("person", "")) or data.get("known")
        return TrainerPlan(person=person) if person else TrainerPlan(name=data.get("name", ""))


class MaterialRow(forms.Form):
    title = LineField(label=_("Title"), max_length=200)
    url = WebField(label=_("Address"))

    def plan(self) -> MaterialPlan:
        return MaterialPlan(self.cleaned_data["title"], self.cleaned_data["url"])


class Rows(forms.BaseFormSet):
    """Rows of one kind, with «remove» on each."""

    def kept(self) -> list[Any]:
        """Forms that say something and are not to be removed; after validation."""
        gone = self.deleted_forms
        return [form for form in self.forms if form not in gone and form.has_changed()]

    def hush(self) -> None:
        """Show what was typed without judging it yet."""
        for form in self.forms:
            form._errors, form.cleaned_data = ErrorDict(), {}
        self._errors: list[Any] = []
        self._non_form_errors = self.error_class()


def rows_of(form: type[forms.Form]) -> Any:
    """A set of such rows, with an empty one at its end."""
    return forms.formset_factory(
        form,
        formset=Rows,
        extra=1,
        can_delete=True,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS + 20,
        validate_max=True,
    )


MeetingRows, TrainerRows, MaterialRows = rows_of(MeetingRow), rows_of(TrainerRow), rows_of(MaterialRow)


def meetings_of(run: Run | None) -> list[dict[str, Any]]:
    """The rows of a run's meetings, on the clock of its place."""
    if run is None:
        return []
    rows = []
    for order, meeting in enumerate(run.meetings.order_by("starts_at", "id"), start=1):
        starts, ends = wall_clock(meeting.starts_at, run.zone), wall_clock(meeting.ends_at, run.zone)
        clock = {"day": starts.date(), "starts": starts.time(), "ends": ends.time()} if starts and ends else {}
        rows.append({"was": order, "hours": meeting.hours, **clock})
    return rows


def trainers_of(run: Run | None) -> list[dict[str, Any]]:
    rows = run.trainers.select_related("person").order_by("id") if run else ()
    return [{"person": row.person.uid if row.person else "", "name": row.name} for row in rows]


def materials_of(run: Run | None) -> list[dict[str, Any]]:
    rows = run.materials.order_by("id") if run else ()
    return [{"title": row.title, "url": row.url} for row in rows]
