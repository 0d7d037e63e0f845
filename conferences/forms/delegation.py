"""What is typed about places for a conference: how many there are, why somebody wishes to go, the committee's score."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from conferences.delegating import NAMES, Places
from conferences.models import Delegation, Wish
from conferences.models.delegation import MOST_POINTS
from courses.plans import facts_of
from schools.forms.contact import DayField, PageForm
from schools.forms.fields import PlainTextField

MOST_PLACES = 500
TEXT_LENGTH, WORD_LENGTH = 4000, 2000


class PlacesForm(PageForm):
    places = forms.IntegerField(label=_("number of places"), min_value=1, max_value=MOST_PLACES)
    school_cap = forms.IntegerField(
        label=_("at most from one school"),
        required=False,
        min_value=1,
        max_value=MOST_PLACES,
        help_text=_("Empty: as many as come out."),
    )
    closes_on = DayField(label=_("applications until"), help_text=_("This day included."))

    def __init__(self, data: QueryDict | None = None, *, delegation: Delegation | None = None) -> None:
        initial: dict[str, Any] = facts_of(delegation, NAMES) if delegation else {}
        super().__init__(data, initial=initial)

    def values(self) -> Places:
        return Places(**{name: self.cleaned_data[name] for name in NAMES})


class WishForm(PageForm):
    text = PlainTextField(
        label=_("why would you like to go?"),
        max_length=TEXT_LENGTH,
        rows=6,
        help_text=_("What you want to learn or show there, and what colleagues will get from it."),
    )


class ScoreForm(PageForm):
    score = forms.IntegerField(label=_("score, 0 to 100"), min_value=0, max_value=MOST_POINTS)
    word = PlainTextField(label=_("comment for yourself"), max_length=WORD_LENGTH, rows=3, required=False)


class WhoField(forms.ModelChoiceField):
    """One of the applications, shown by name and school."""

    def label_from_instance(self, obj: Wish) -> str:
        return f"{obj.person.full_name}, {obj.school}"


class ChangeForm(PageForm):
    wish = WhoField(
        label=_("applicant"),
        queryset=Wish.objects.none(),
        to_field_name="uid",
        empty_label="—",
        error_messages={"invalid_choice": _("Choose one of the list.")},
    )
    gives = forms.ChoiceField(
        label=_("in the proposal"), choices=[("yes", _("has a place")), ("no", _("has no place"))]
    )
    reason = PlainTextField(
        label=_("reason"), max_length=WORD_LENGTH, rows=3, help_text=_("The applicant reads it in the letter.")
    )

    def __init__(self, data: QueryDict | None = None, *, wishes: QuerySet[Wish]) -> None:
        super().__init__(data)
        self.fields["wish"].queryset = wishes

    def values(self) -> dict[str, Any]:
        found = self.cleaned_data
        return {"wish": found["wish"], "gives": found["gives"] == "yes", "reason": found["reason"]}


class AppealForm(PageForm):
    appeal = PlainTextField(label=_("what should be looked at again?"), max_length=TEXT_LENGTH, rows=4)


class AnswerForm(PageForm):
    gives = forms.ChoiceField(
        label=_("decision"), choices=[("no", _("the decision stays")), ("yes", _("give a place"))], initial="no"
    )
    answer = PlainTextField(
        label=_("answer"), max_length=TEXT_LENGTH, rows=4, help_text=_("The applicant reads it in the letter.")
    )
