"""What coordinators type about a run: the run's own facts. Its rows of meetings, trainers and materials: `rows.py`."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from translated_fields import to_attribute

from courses import countries, plans
from courses.forms.course import OWN_NAMES
from courses.forms.moments import MomentField, WebField
from courses.models import ApprovalChain, Run
from courses.running import FIXED_ONCE_PUBLISHED
from courses.states import RunState
from courses.zones import instant, wall_clock
from schools.alphabet import in_order
from schools.errors import Refused
from schools.forms.contact import DayField, SchoolField
from schools.forms.fields import LineField, PlainTextField
from schools.models import Person, Region
from schools.queries import nis_schools
from schools.states import Language

MOMENTS = ("opens_at", "closes_at", "cancel_until")
MOST_PLACES = 5000
USUAL = {"zone": "Asia/Almaty", "country": "KZ", "language": Language.KK, "capacity": 25, "chain": "director"}


class TimesForm(forms.Form):
    """Dates and deadlines, on the clock of the place; cleaned to instants in UTC."""

    starts_on = DayField(label=_("First day"), required=False, help_text=_("Empty: to be announced."))
    ends_on = DayField(label=_("Last day"), required=False)
    zone = forms.ChoiceField(label=capfirst(_("time zone")))
    closes_at = MomentField(label=capfirst(_("application deadline")), required=False)
    cancel_until = MomentField(label=capfirst(_("withdrawal deadline")), required=False)

    def __init__(self, data: Any = None, *, run: Run | None = None, initial: dict[str, Any] | None = None) -> None:
        self.run = run
        super().__init__(data, initial=initial if initial is not None else initial_of(run))
        if "zone" in self.fields:
            self.fields["zone"].choices = countries.zone_choices(run.zone if run else "")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        zone = data.get("zone") or (self.run.zone if self.run else "")
        for name in MOMENTS:
            if zone and data.get(name):
                try:
                    data[name] = instant(data[name], zone)
                except Refused as refusal:
                    self.add_error(name, str(refusal))
        return data


class RunForm(TimesForm):
    """Everything of a run that stands once. Of a published run, dates and places have pages of their own."""

    opens_at = MomentField(label=capfirst(_("registration opens")), required=False, help_text=_("Empty: at once."))
    country = forms.ChoiceField(label=capfirst(_("country")))
    host = SchoolField(label=capfirst(_("host school")), required=False, empty_label="—")
    place_kk = LineField(label=OWN_NAMES["kk"], required=False, max_length=200)
    place_ru = LineField(label=OWN_NAMES["ru"], required=False, max_length=200)
    place_en = LineField(label=OWN_NAMES["en"], required=False, max_length=200)
    language = forms.ChoiceField(label=capfirst(_("language of instruction")), choices=Language.choices)
    capacity = forms.IntegerField(label=capfirst(_("number of places")), min_value=1, max_value=MOST_PLACES)
    chain = forms.ModelChoiceField(
        label=capfirst(_("approval chain")),
        queryset=ApprovalChain.objects.none(),
        to_field_name="code",
        empty_label=None,
    )
    contact = forms.ModelChoiceField(
        label=capfirst(_("contact person")),
        queryset=Person.objects.none(),
        to_field_name="uid",
        required=False,
        empty_label="—",
    )
    join_link = WebField(label=capfirst(_("join link")), required=False, help_text=_("Only those with a place see it."))
    outreach = forms.BooleanField(label=capfirst(_("open to staff of any school")), required=False)
    school_limit = forms.IntegerField(
        label=capfirst(_("most people of one school")), required=False, min_value=1, max_value=MOST_PLACES
    )
    region = forms.ModelChoiceField(
        label=pgettext_lazy("of the country", "Region"),
        queryset=Region.objects.none(),
        to_field_name="iso",
        required=False,
        empty_label=_("that of the host school"),
        help_text=_("Whom a seminar for all schools is for, where that is not the host's region."),
    )
    tell = forms.BooleanField(label=_("Tell everybody in the run if the venue changes"), required=False, initial=True)

    def __init__(self, data: Any = None, *, run: Run | None = None, people: Any, **kwargs: Any) -> None:
        super().__init__(data, run=run, **kwargs)
        self.fields["country"].choices = countries.country_choices(run.country if run else "")
        self.fields["host"].offer(nis_schools())
        self.fields["chain"].queryset = ApprovalChain.objects.order_by("id")
        self.fields["contact"].queryset = people
        self.fields["region"].queryset = Region.objects.order_by(*in_order(to_attribute("name")))
        published = run is not None and run.state == RunState.PUBLISHED
        for name in FIXED_ONCE_PUBLISHED if published else ("tell",):
            del self.fields[name]

    def facts(self) -> dict[str, Any]:
        """What the verbs take."""
        return {name: self.cleaned_data[name] for name in plans.RUN_FACTS if name in self.cleaned_data}

    def place_fields(self) -> list[forms.BoundField]:
        return [self[to_attribute("place", language)] for language in Language.values]


class MoveForm(TimesForm):
    """New dates of a published run, and why."""

    reason = PlainTextField(
        label=_("Reason"), max_length=2000, rows=3, help_text=_("Everybody in the run reads it in the letter.")
    )


class CopyForm(forms.Form):
    starts_on = DayField(
        label=_("First day of the new run"),
        required=False,
        help_text=_("Meetings and deadlines move by as many days. Empty: to be announced."),
    )


class CapacityForm(forms.Form):
    capacity = forms.IntegerField(label=capfirst(_("number of places")), min_value=1, max_value=MOST_PLACES)


class ReasonForm(forms.Form):
    reason = PlainTextField(
        label=_("Reason"), max_length=2000, rows=3, help_text=_("Everybody in the run reads it in the letter.")
    )


class OverrideForm(forms.Form):
    """Why somebody gets a place out of turn, and whether a full run gets one place more for it."""

    reason = PlainTextField(label=_("Reason"), max_length=2000, rows=2, help_text=_("The person will read it."))
    add_place = forms.BooleanField(label=_("Add a place if all are taken"), required=False)


class RunFilter(forms.Form):
    """The search line and status of the organisers' list of runs."""

    q = LineField(label=_("Title or summary"), required=False, max_length=100)
    state = forms.ChoiceField(label=capfirst(_("status")), required=False, choices=[("", _("all")), *RunState.choices])

    def wanted(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def initial_of(run: Run | None) -> dict[str, Any]:
    """What the fields show at first: the run as it is, on the clock of its place."""
    if run is None:
        return dict(USUAL)
    facts = plans.facts_of(run, plans.RUN_FACTS)
    facts |= {name: wall_clock(facts[name], run.zone) for name in MOMENTS}
    facts["chain"] = run.chain.code
    facts["host"] = run.host.code if run.host else None
    facts["contact"] = run.contact.uid if run.contact else None
    facts["region"] = run.region.iso if run.region else None
    return facts
