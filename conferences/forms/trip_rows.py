"""Rows of a request: travellers, the way, the estimate, promises. Rows are added by «+», without a script."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conferences.budget_states import CostKind
from conferences.forms.money import CurrencyField, MoneyField, MoneyForm
from conferences.models import Rate, Trip
from conferences.money import Money
from conferences.rate_queries import price
from conferences.requesting import Companion, Cost, Pledge, Stretch
from conferences.trip_states import Audience, Means, Payer, PromiseKind, TravelRole
from courses.countries import country_choices
from courses.forms.rows import rows_of
from schools.errors import Refused
from schools.forms.contact import DayField
from schools.forms.fields import LineField
from schools.models import Person, Region, School


class TravellerRow(forms.Form):
    """Somebody of the lists that the portal offers, or a colleague by e-mail."""

    person = forms.ChoiceField(label=capfirst(_("traveller")), required=False)
    email = LineField(label=_("or a colleague's e-mail"), required=False, max_length=254)
    role = forms.ChoiceField(
        label=capfirst(_("part in the trip")), choices=TravelRole.choices, initial=TravelRole.LISTENER
    )
    covered_by = LineField(label=capfirst(_("who covers the library")), required=False, max_length=200)

    def __init__(self, *args: Any, people: Sequence[Person] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {row.uid: row for row in people}
        self.fields["person"].choices = [("", "—"), *((row.uid, row.full_name) for row in people)]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        chosen, email = data.get("person", ""), data.get("email", "")
        if chosen and email:
            self.add_error("email", _("Choose a person or write an e-mail, not both."))
        elif email:
            data["known"] = Person.objects.filter(email__iexact=email, archived_at=None, account__isnull=False).first()
            if data["known"] is None:
                self.add_error("email", _("Nobody here has this address."))
        elif not chosen and "person" not in self.errors:
            self.add_error("person", _("Choose a person, or write an e-mail."))
        return data

    def companion(self) -> Companion:
        data = self.cleaned_data
        person = self.people.get(data.get("person", "")) or data["known"]
        return Companion(person, data["role"], data["covered_by"])


class LegRow(forms.Form):
    origin = LineField(label=capfirst(_("from")), max_length=120)
    destination = LineField(label=capfirst(_("to")), max_length=120)
    country = forms.ChoiceField(label=capfirst(_("country of arrival")), initial="KZ")
    departs_on = DayField(label=capfirst(_("departs on")))
    arrives_on = DayField(label=capfirst(_("arrives on")), required=False)
    means = forms.ChoiceField(label=capfirst(_("how")), choices=Means.choices, initial=Means.AIR)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = country_choices(self.initial.get("country", ""))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("departs_on") and "arrives_on" not in self.errors:
            data["arrives_on"] = data.get("arrives_on") or data["departs_on"]
            if data["arrives_on"] < data["departs_on"]:
                self.add_error("arrives_on", _("The arrival is before the departure."))
        return data

    def stretch(self) -> Stretch:
        return Stretch(**{name: self.cleaned_data[name] for name in Stretch.__slots__})


class CostRow(MoneyForm):
    """One line of the estimate. The rate is that of the portal's list on the day of writing."""

    kind = forms.ChoiceField(label=capfirst(_("kind")), choices=CostKind.choices, initial=CostKind.TRAVEL)
    what = LineField(label=capfirst(_("what for")), required=False, max_length=200)
    person = forms.ChoiceField(label=capfirst(_("traveller")), required=False)
    amount = MoneyField(label=pgettext_lazy("money", "Sum"), currency_from="currency", zero=False)
    currency = CurrencyField(label=capfirst(_("currency")), initial="KZT")
    payer = forms.ChoiceField(label=capfirst(_("who pays")), choices=Payer.choices, initial=Payer.NETWORK)

    def __init__(self, *args: Any, trip: Trip, today: date, rates: dict[str, Rate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.rates = today, rates
        self.travellers = {row.person.uid: row for row in trip.travellers.all()}
        named = [(uid, row.person.full_name) for uid, row in self.travellers.items()]
        self.fields["person"].choices = [("", _("all travellers")), *named]
        self.fields["payer"].choices = list(Payer.choices)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("payer") == Payer.SCHOOL and self._school(data) is None and "person" not in self.errors:
            self.add_error("person", _("Choose a traveller who works at a school: it pays."))
        if not self.errors and isinstance(data.get("amount"), int):
            try:
                data["priced"] = price(Money(data["amount"], data["currency"]), on=self.today, rates=self.rates)
            except Refused as refusal:
                self.add_error("currency", str(refusal))
        return data

    def cost(self) -> Cost:
        data = self.cleaned_data
        row = self.travellers.get(data["person"])
        return Cost(
            **{name: data[name] for name in ("kind", "what", "amount", "currency", "payer")},
            rate=data["priced"].micro,
            rate_on=data["priced"].on,
            rate_source=data["priced"].source,
            tenge=data["priced"].tenge,
            payer_school=self._school(data) if data["payer"] == Payer.SCHOOL else None,
            person=row.person if row else None,
        )

    def _school(self, data: dict[str, Any]) -> School | None:
        """The school that pays: the traveller's, or that of all where all are of one."""
        if row := self.travellers.get(data.get("person", "")):
            return row.school
        schools = {row.school_id: row.school for row in self.travellers.values()}
        return next(iter(schools.values())) if len(schools) == 1 else None


class PromiseRow(forms.Form):
    person = forms.ChoiceField(label=capfirst(_("who promises")))
    kind = forms.ChoiceField(label=capfirst(_("kind")), choices=PromiseKind.choices, initial=PromiseKind.SEMINAR)
    what = LineField(label=capfirst(_("what about")), max_length=200)
    audience = forms.ChoiceField(label=capfirst(_("for whom")), choices=Audience.choices, initial=Audience.OWN_SCHOOL)
    region = forms.ModelChoiceField(
        label=pgettext_lazy("of the country", "Region"),
        queryset=Region.objects.none(),
        to_field_name="iso",
        required=False,
        empty_label="—",
    )
    due_on = DayField(label=capfirst(_("by when")))

    def __init__(self, *args: Any, trip: Trip, regions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trip = trip
        self.travellers = {row.person.uid: row.person for row in trip.travellers.all()}
        self.fields["person"].choices = [(uid, person.full_name) for uid, person in self.travellers.items()]
        self.fields["person"].initial = next(iter(self.travellers), None)
        self.fields["region"].queryset = regions

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("audience") == Audience.REGION and not data.get("region") and "region" not in self.errors:
            self.add_error("region", _("Choose the region."))
        if data.get("due_on") and data["due_on"] <= self.trip.ends_on:
            self.add_error("due_on", _("A promise is kept after the return: choose a later day."))
        return data

    def pledge(self) -> Pledge:
        data = {name: self.cleaned_data[name] for name in ("kind", "what", "audience", "due_on", "region")}
        return Pledge(person=self.travellers[self.cleaned_data["person"]], **data)


TravellerRows, LegRows, CostRows, PromiseRows = (
    rows_of(TravellerRow),
    rows_of(LegRow),
    rows_of(CostRow),
    rows_of(PromiseRow),
)


def travellers_of(trip: Trip) -> list[dict[str, Any]]:
    rows = trip.travellers.all()
    return [{"person": row.person.uid, "role": row.role, "covered_by": row.covered_by} for row in rows]


def legs_of(trip: Trip) -> list[dict[str, Any]]:
    return [{name: getattr(leg, name) for name in Stretch.__slots__} for leg in trip.legs.all()]


def costs_of(trip: Trip) -> list[dict[str, Any]]:
    rows = trip.lines.select_related("traveller__person")
    names = ("kind", "what", "amount", "currency", "payer")
    return [
        {"person": row.traveller.person.uid if row.traveller else "", **{name: getattr(row, name) for name in names}}
        for row in rows
    ]


def promises_of(trip: Trip) -> list[dict[str, Any]]:
    rows = trip.promises.select_related("person", "region")
    return [
        {
            "person": row.person.uid,
            "region": row.region.iso if row.region else None,
            **{name: getattr(row, name) for name in ("kind", "what", "audience", "due_on")},
        }
        for row in rows
    ]
