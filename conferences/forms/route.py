"""What is typed about the route of approval and about who stands in for whom."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from conferences.forms.money import MoneyField
from conferences.models import ApprovalRoute
from conferences.route_keeping import MOST_STEPS, StepPlan
from conferences.trip_states import STEP_ROLES
from courses.forms.rows import rows_of
from schools.forms.contact import DayField, PageForm
from schools.forms.fields import LineField
from schools.models import Person
from schools.states import Role


def person_by(email: str) -> Person | None:
    """Whoever signs in by this address."""
    return Person.objects.filter(account__email=email.lower(), archived_at=None).first()


class StepRow(forms.Form):
    """One step: whom it asks, from which sum on, and from which sum two people."""

    order = forms.IntegerField(label=capfirst(_("order")), min_value=1, max_value=MOST_STEPS)
    name_kk = LineField(label=_("Name in Kazakh"), max_length=120)
    name_ru = LineField(label=_("Name in Russian"), max_length=120)
    name_en = LineField(label=_("Name in English"), max_length=120)
    role = forms.ChoiceField(label=capfirst(_("role")), required=False)
    email = LineField(label=_("or one person, by e-mail"), required=False, max_length=254)
    above = MoneyField(label=_("From a total of, tenge"), required=False)
    two_hands_from = MoneyField(label=_("Two people from, tenge"), required=False)
    days = forms.IntegerField(label=capfirst(_("working days to decide")), required=False, min_value=1, max_value=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", "—"), *((role.value, role.label) for role in STEP_ROLES)]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        role, email = data.get("role", ""), data.get("email", "")
        if bool(role) == bool(email):
            self.add_error("role", _("Choose a role, or write one person's e-mail."))
        elif email:
            data["person"] = person_by(email)
            if data["person"] is None:
                self.add_error("email", _("Nobody here has this address."))
            if data.get("two_hands_from") is not None:
                self.add_error("two_hands_from", _("Two people can be asked of a role alone."))
        if role == Role.DIRECTOR and data.get("two_hands_from") is not None:
            self.add_error("two_hands_from", _("A school has one director: two people cannot be asked of this role."))
        return data

    def plan(self) -> StepPlan:
        data = self.cleaned_data
        return StepPlan(
            **{name: data[name] for name in ("order", "name_kk", "name_ru", "name_en", "role", "two_hands_from")},
            person=data.get("person"),
            above=data["above"] or 0,
            days=data["days"] or 0,
        )


StepRows = rows_of(StepRow)


class RouteForm(PageForm):
    valid_from = DayField(label=_("valid from"), help_text=_("Requests that are under way keep their route."))
    note = LineField(label=_("what is new"), required=False, max_length=200)


class StandInForm(PageForm):
    """Who is away, who stands in, from when to when (both days included)."""

    holder = forms.ModelChoiceField(
        label=_("who is away"), queryset=Person.objects.none(), to_field_name="uid", empty_label=None
    )
    email = LineField(label=_("e-mail of who stands in"), max_length=254)
    valid_from = DayField(label=_("first day"))
    valid_to = DayField(label=_("last day"))

    def __init__(self, *args: Any, holders: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].queryset = holders

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("email"):
            data["deputy"] = person_by(data["email"])
            if data["deputy"] is None:
                self.add_error("email", _("Nobody here has this address."))
        return data


def steps_of(route: ApprovalRoute | None) -> list[dict[str, Any]]:
    """The rows to begin a new version with: those of the present one."""
    if route is None:
        return []
    names = ("order", "name_kk", "name_ru", "name_en", "role", "two_hands_from")
    return [
        {
            **{name: getattr(step, name) for name in names},
            "email": step.person.email if step.person else "",
            "above": step.above or None,
            "days": step.days or None,
        }
        for step in route.steps.select_related("person")
    ]
