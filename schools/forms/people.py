"""What HQ and directors type about people. Forms validate; verbs act."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools.access import Actor, may_grant
from schools.forms.contact import AddressField, DayField, LatinNameField, NameField, PageForm, PhoneField, SchoolField
from schools.forms.fields import LineField
from schools.models import Membership, Person
from schools.queries import nis_schools
from schools.states import SCHOOL_ROLES, Category, Language, Post, Role

BLANK = ("", "—")


class CorrectForm(PageForm):
    """Names and what else HQ may correct of a person."""

    surname = NameField(label=_("surname"))
    given_name = NameField(label=_("given name"))
    patronymic = NameField(label=_("patronymic (if any)"), required=False)
    latin_name = LatinNameField()
    post = forms.ChoiceField(label=_("post"), choices=Post.choices)
    category = forms.ChoiceField(label=_("qualification category"), choices=[BLANK, *Category.choices], required=False)
    phone = PhoneField()
    language = forms.ChoiceField(label=_("language of letters and pages"), choices=Language.choices)
    note = LineField(label=_("Reason for the record (optional)"), max_length=200, required=False)

    @classmethod
    def of(cls, person: Person, data: Any = None) -> "CorrectForm":
        names = [name for name in cls.base_fields if name != "note"]
        return cls(data, initial={name: getattr(person, name) for name in names})


class RoleForm(PageForm):
    """A role, where it is held, and from when to when."""

    role = forms.ChoiceField(label=_("role"))
    school = SchoolField(required=False, help_text=_("For librarians, directors and deputies."))
    since = DayField(label=_("first day"))
    until = DayField(label=_("last day (empty: no end)"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in Role if may_grant(actor, role)]
        self.fields["school"].offer(nis_schools())
        self.fields["since"].initial = timezone.localdate

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        role, school = data.get("role"), data.get("school")
        if role in SCHOOL_ROLES and not school and "school" not in self.errors:
            self.add_error("school", _("Choose the school."))
        if role and role not in SCHOOL_ROLES and school:
            self.add_error("school", _("This role is held for the whole network."))
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", _("The last day is before the first."))
        return data


class InviteForm(RoleForm):
    """A person who joins: names, address, first role."""

    surname = NameField(label=_("surname"))
    given_name = NameField(label=_("given name"))
    patronymic = NameField(label=_("patronymic (if any)"), required=False)
    email = AddressField(help_text=_("The invitation goes to this address."))
    phone = PhoneField()
    post = forms.ChoiceField(label=_("post"), choices=Post.choices)
    language = forms.ChoiceField(label=_("language of letters and pages"), choices=Language.choices)
    field_order = ("surname", "given_name", "patronymic", "email", "phone", "language", "role", "school", "post")

    WHO = ("surname", "given_name", "patronymic", "email", "phone", "post", "language")

    def who(self) -> dict[str, str]:
        """What becomes the person's record."""
        return {name: self.cleaned_data[name] for name in self.WHO}


class TransferForm(PageForm):
    """To which school, and from which day."""

    school = SchoolField(label=_("new school"))
    on = DayField(label=_("first day at the new school"))

    def __init__(self, *args: Any, now_at: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].offer(nis_schools().exclude(pk=now_at.pk if now_at else 0))


class EndForm(PageForm):
    """The last day on which a role holds."""

    last_day = DayField(label=_("last day"), help_text=_("The role holds on this day and no longer after it."))


class AddressForm(PageForm):
    email = AddressField(label=_("new e-mail"))


class DeputyForm(PageForm):
    """Who stands in for the director of a school, and in which days."""

    person = forms.ModelChoiceField(
        label=_("who stands in"), queryset=Person.objects.none(), to_field_name="uid", empty_label=None
    )
    since = DayField(label=_("first day"))
    until = DayField(label=_("last day"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("since") and data["since"] < timezone.localdate():
            self.add_error("since", _("The first day is in the past."))
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", _("The last day is before the first."))
        return data


EVERYBODY = "everybody"
"""The choice of the filter that shows people without a role too, guests among them."""


class PeopleFilter(PageForm):
    """The search line and filters of the list of people; what is wrong is left out, not refused."""

    q = LineField(label=_("Name or e-mail"), required=False, max_length=100)
    school = SchoolField(required=False, empty_label=_("all schools"))
    role = forms.ChoiceField(
        label=_("role"),
        required=False,
        choices=[("", _("all roles")), (EVERYBODY, _("everybody, also guests")), *Role.choices],
    )

    def __init__(self, *args: Any, schools: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].offer(schools)

    def wanted(self) -> dict[str, Any]:
        """The filters that are set and make sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def roles_that_end(memberships: list[Membership], actor: Actor) -> list[Membership]:
    """Those of the roles that the actor may end."""
    return [row for row in memberships if may_grant(actor, row.role, row.school_id)]
