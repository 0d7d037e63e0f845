"""What coordinators type about a course, in three languages side by side. Drafts may be incomplete."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from translated_fields import to_attribute

from courses import plans
from courses.gates import Incomplete
from courses.models import Course, Topic
from courses.states import CourseKind, CourseState, Format
from schools.errors import Refused
from schools.forms.fields import LineField, PlainTextField
from schools.states import Language

MOST_HOURS = 1000
TITLE_LENGTH, TEXT_LENGTH = 200, 5000
OWN_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
HEADINGS = {
    "title": _("Title"),
    "audience": _("Target audience"),
    "summary": _("Summary"),
    "outcomes": _("Outcomes, one a line"),
}


class CourseForm(forms.Form):
    topic = forms.ModelChoiceField(
        label=capfirst(_("topic")), queryset=Topic.objects.none(), to_field_name="code", empty_label="—"
    )
    kind = forms.ChoiceField(label=capfirst(_("kind")), choices=CourseKind.choices, initial=CourseKind.COURSE)
    format = forms.ChoiceField(label=capfirst(_("format")), choices=Format.choices, initial=Format.IN_PERSON)
    hours = forms.IntegerField(
        label=capfirst(_("academic hours")), min_value=1, max_value=MOST_HOURS, help_text=_("45 minutes each.")
    )

    def __init__(self, data: Any = None, *, course: Course | None = None) -> None:
        super().__init__(data, initial=_initial(course))
        self.fields["topic"].queryset = Topic.objects.order_by("order", "code")
        for field in HEADINGS:
            for language in Language.values:
                self.fields[to_attribute(field, language)] = _text(field, language)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        titles = [to_attribute("title", language) for language in Language.values]
        if not any(data.get(name) or name in self.errors for name in titles):
            self.add_error(titles[0], _("Write the title in at least one language, so that the draft can be found."))
        return data

    def facts(self) -> dict[str, Any]:
        """What the verbs take."""
        return {name: self.cleaned_data[name] for name in plans.COURSE_FACTS}

    def show(self, refusal: Refused) -> None:
        """Put what a verb refused beside the fields it speaks of."""
        self.add_error(None, str(refusal))
        for name, text in refusal.faults if isinstance(refusal, Incomplete) else ():
            self.add_error(name, text)

    def texts(self) -> list[dict[str, Any]]:
        """Each text with its heading and its three fields, for the page."""
        return [
            {"heading": heading, "fields": [self[to_attribute(field, language)] for language in Language.values]}
            for field, heading in HEADINGS.items()
        ]


class CourseFilter(forms.Form):
    """The search line and filters of the organisers' list; what is wrong is left out, not refused."""

    q = LineField(label=_("Title or summary"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=capfirst(_("status")), required=False, choices=[("", _("all but the archive")), *CourseState.choices]
    )
    kind = forms.ChoiceField(
        label=capfirst(_("kind")), required=False, choices=[("", _("all kinds")), *CourseKind.choices]
    )
    topic = forms.ModelChoiceField(
        label=capfirst(_("topic")),
        required=False,
        queryset=Topic.objects.none(),
        to_field_name="code",
        empty_label=_("all topics"),
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["topic"].queryset = Topic.objects.order_by("order", "code")

    def wanted(self) -> dict[str, str]:
        """The filters that are set and make sense."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return {name: value.code if isinstance(value, Topic) else value for name, value in chosen.items()}


def _initial(course: Course | None) -> dict[str, Any]:
    if course is None:
        return {}
    return {**plans.facts_of(course, plans.COURSE_FACTS), "topic": course.topic.code}


def _text(field: str, language: str) -> forms.Field:
    label = OWN_NAMES[language]
    if field in ("title", "audience"):
        made: forms.Field = LineField(label=label, required=False, max_length=TITLE_LENGTH)
    else:
        made = PlainTextField(label=label, required=False, max_length=TEXT_LENGTH, rows=6)
    made.widget.attrs["lang"] = language
    return made
