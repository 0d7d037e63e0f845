"""What organisers type or pick about the prerequisites of a course."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from schools.alphabet import in_order
from schools.forms.fields import LineField, PlainTextField
from schools.models import Person
from schools.queries import in_memberships
from schools.states import Role


class CourseSearch(forms.Form):
    """The search line; what cannot be read finds the same as nothing typed."""

    q = LineField(label=_("Title of a course"), required=False, max_length=100)

    def words(self) -> str:
        return self.cleaned_data.get("q", "") if self.is_valid() else ""


class OtherForm(forms.Form):
    """The other course, by its uid."""

    other = forms.ModelChoiceField(
        queryset=Course.objects.all(),
        to_field_name="uid",
        error_messages={
            "required": _("Choose a course."),
            "invalid_choice": _("This course does not exist any more. Search again."),
        },
    )


class WaiverForm(forms.Form):
    """Somebody whom a coordinator lets off, and why."""

    person = forms.ModelChoiceField(label=_("Person"), queryset=Person.objects.none(), to_field_name="uid")
    reason = PlainTextField(label=_("Reason"), max_length=2000, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        at_school = in_memberships(timezone.localdate(), role__in=(Role.LIBRARIAN, Role.DIRECTOR, Role.DEPUTY))
        people = Person.objects.filter(at_school, archived_at=None)
        self.fields["person"].queryset = people.order_by(*in_order("surname", "given_name"), "id")
