"""What is typed about a trip as a whole: where, when and what for; words of decisions."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from conferences import trip_queries
from conferences.models import Edition, Presentation, Trip
from conferences.requesting import Basics
from courses.countries import country_choices
from courses.models import Run
from schools.access import Actor
from schools.forms.contact import DayField, PageForm
from schools.forms.fields import LineField, PlainTextField


class GoalField(forms.ModelChoiceField):
    """One of the rows that the requester may choose, by uid."""

    def __init__(self, rows: type[Edition] | type[Presentation] | type[Run], **kwargs: Any) -> None:
        super().__init__(queryset=rows.objects.none(), to_field_name="uid", required=False, empty_label="—", **kwargs)


class BasicsForm(PageForm):
    """What the trip is for, where it goes and when."""

    edition = GoalField(Edition, label=_("conference"))
    presentation = GoalField(Presentation, label=_("presentation"), help_text=_("Yours, or of colleagues with you."))
    run = GoalField(
        Run, label=_("or a course"), help_text=_("A course abroad or in another city for which you have applied.")
    )
    purpose = PlainTextField(
        label=_("purpose"),
        max_length=2000,
        rows=4,
        help_text=_("What you will do there, and what the school gains by it."),
    )
    city = LineField(label=_("city"), max_length=120)
    country = forms.ChoiceField(label=_("country"))
    starts_on = DayField(label=_("first day"), help_text=_("The day of leaving home."))
    ends_on = DayField(label=_("last day"), help_text=_("The day of coming home."))
    needs_visa = forms.BooleanField(label=_("a visa is needed"), required=False)

    def __init__(
        self, data: Any = None, *, actor: Actor, trip: Trip | None = None, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={**(initial or {}), **(_initial(trip) if trip else {})})
        self.fields["country"].choices = country_choices(
            self.get_initial_for_field(self.fields["country"], "country") or ""
        )
        self._offer("edition", trip_queries.editions_to_go(keep=trip))
        self._offer("presentation", trip_queries.presentations_to_go(actor, keep=trip))
        self._offer("run", trip_queries.runs_to_go(actor, keep=trip))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("The last day is before the first."))
        presentation, edition = data.get("presentation"), data.get("edition")
        if presentation and edition and presentation.edition_id != edition.pk:
            self.add_error("presentation", _("This presentation is for another conference."))
        elif presentation:
            data["edition"] = presentation.edition
        if data.get("run") and data.get("edition"):
            self.add_error("run", _("Choose a conference or a course, not both."))
        return data

    def basics(self) -> Basics:
        return Basics(**self.cleaned_data)

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        """The rows to choose from; a field with none is left out."""
        self.fields[name].queryset = rows
        if not rows:
            del self.fields[name]


class NoteForm(PageForm):
    """A word that goes with a deed; whether it is needed the verb says."""

    note = PlainTextField(label=_("comment"), max_length=2000, rows=3, required=False)


class ExcuseForm(PageForm):
    """Why somebody may travel in spite of what is overdue."""

    reason = PlainTextField(label=_("reason"), max_length=2000, rows=2, help_text=_("It stays with the request."))


class TripVerdict(PageForm):
    """The approver's word. `version` is what was seen: nothing else is approved."""

    APPROVE, RETURN, DECLINE = "approve", "return", "decline"

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32767)
    verdict = forms.ChoiceField(choices=[(name, name) for name in (APPROVE, RETURN, DECLINE)])
    note = PlainTextField(
        label=_("comment"),
        max_length=2000,
        rows=3,
        required=False,
        help_text=_("Needed to return or decline: the travellers will read it."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("verdict") in (self.RETURN, self.DECLINE) and not data.get("note", "").strip():
            self.add_error("note", _("Write a word of reason: the travellers will read it."))
        return data


class AgreeForm(PageForm):
    """The traveller's own consent, and that to data going abroad."""

    travel = forms.BooleanField(
        label=_("I agree to travel"), error_messages={"required": _("Tick this, or refuse below.")}
    )
    abroad = forms.BooleanField(
        label=_(
            "I agree that my name, contacts and passport data go to the organiser, the carrier and the consulate abroad"
        ),
        required=False,
    )

    def __init__(self, *args: Any, trip: Trip, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not trip.abroad:
            del self.fields["abroad"]


def _initial(trip: Trip) -> dict[str, Any]:
    found = {name: getattr(trip, name) for name in Basics.__slots__}
    for name in ("edition", "presentation", "run"):
        found[name] = found[name].uid if found[name] else None
    return found
