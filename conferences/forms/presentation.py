"""What authors, coordinators and reviewers type about a presentation."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from conferences.models import Edition, Presentation, Review
from conferences.models.review import SCORES
from conferences.presentations import FACTS
from conferences.states import Advice, FileKind, PresentationFormat, PresentationState, SpeechLanguage
from courses.forms.moments import WebField
from courses.plans import facts_of
from schools.forms.contact import DayField, PageForm
from schools.forms.fields import LineField, PlainTextField
from schools.forms.files import PrivateFileField
from schools.models import Person
from schools.models.folded import holds_words
from schools.queries import in_memberships
from schools.states import Role

ABSTRACT_LENGTH, TEXT_LENGTH, NOTE_LENGTH = 12_000, 4000, 2000
REVIEW_DAYS = 10
LABELS = {field.name: field.verbose_name for field in Review._meta.fields if field.name in SCORES}
MARKS = [(str(mark), str(mark)) for mark in range(1, 6)]


class ProposalForm(PageForm):
    edition = forms.ModelChoiceField(
        label=_("conference"), queryset=Edition.objects.none(), to_field_name="uid", empty_label="—"
    )
    title = LineField(label=_("title"), max_length=250, help_text=_("In the language of the presentation."))
    format = forms.ChoiceField(label=_("format"), choices=PresentationFormat.choices)
    language = forms.ChoiceField(label=_("language"), choices=SpeechLanguage.choices, initial=SpeechLanguage.EN)
    keywords = LineField(
        label=_("keywords"), required=False, max_length=300, help_text=_("With commas, for example: reading, games.")
    )
    text = PlainTextField(label=_("abstract"), max_length=ABSTRACT_LENGTH, rows=14)
    blind = forms.BooleanField(
        label=_("blind review"), required=False, help_text=_("Reviewers are not shown who wrote it.")
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        editions: QuerySet[Edition] | None = None,
        presentation: Presentation | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        if presentation is not None:
            last = presentation.abstracts.last()
            initial = {**facts_of(presentation, FACTS), "text": last.text if last else ""}
        super().__init__(data, initial=initial)
        if editions is None:
            del self.fields["edition"]
        else:
            self.fields["edition"].queryset = editions

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS}

    @property
    def text_as_typed(self) -> str:
        """Line ends as one sign each, so that another browser makes no other version."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").strip()


class ColleagueField(LineField):
    """A colleague by e-mail address, or by a name that fits nobody else; cleaned to the person.

    `roles` are those that one of must be held today.
    """

    def __init__(self, *, roles: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.roles = roles
        usual = {"max_length": 200, "help_text": _("Surname and given name, or the e-mail address.")}
        super().__init__(**{**usual, **kwargs})

    def clean(self, value: object) -> Any:
        text = super().clean(value)
        if not text:
            return None
        people = Person.objects.filter(archived_at=None)
        filters = {"role__in": self.roles} if self.roles else {}
        people = people.filter(in_memberships(timezone.localdate(), **filters))
        by = {"email__iexact": text} if "@" in text else None
        found = list((people.filter(**by) if by else people.filter(holds_words("search_key", text)))[:2])
        if not found:
            raise ValidationError(_("No colleague with this name or address works here today."), code="nobody")
        if len(found) > 1:
            raise ValidationError(_("Several colleagues fit: write the e-mail address."), code="several")
        return found[0]


class AuthorForm(PageForm):
    person = ColleagueField(label=_("Colleague"), roles=(Role.LIBRARIAN, Role.DIRECTOR, Role.DEPUTY, Role.HQ))


class ReviewerForm(PageForm):
    reviewer = ColleagueField(label=_("Colleague"))
    due_on = DayField(label=_("due"), initial=lambda: timezone.localdate() + timedelta(days=REVIEW_DAYS))

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise ValidationError(_("This day is over already."), code="over")
        return day


class MoveForm(PageForm):
    verb = forms.CharField(widget=forms.HiddenInput, max_length=20)
    note = PlainTextField(label=_("note"), required=False, max_length=NOTE_LENGTH, rows=2)
    award = LineField(label=_("award"), required=False, max_length=200)


class RemarkForm(PageForm):
    text = PlainTextField(label=_("comment"), max_length=TEXT_LENGTH, rows=3)


class MaterialForm(PageForm):
    kind = forms.ChoiceField(label=_("kind"), choices=FileKind.choices)
    title = LineField(label=_("title"), max_length=200)
    url = WebField(label=_("address on the web"), required=False)
    upload = PrivateFileField(label=_("or a file"), required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        given = [name for name in ("url", "upload") if data.get(name)]
        if len(given) != 1 and not {"url", "upload"} & set(self.errors):
            self.add_error("url", _("Give an address or choose a file: one of the two."))
        return data


class ReviewForm(PageForm):
    strengths = PlainTextField(label=_("strengths"), required=False, max_length=TEXT_LENGTH)
    to_improve = PlainTextField(label=_("what to improve"), max_length=TEXT_LENGTH)
    advice = forms.ChoiceField(label=_("recommendation"), choices=Advice.choices, widget=forms.RadioSelect)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        for score in SCORES:
            self.fields[score] = forms.TypedChoiceField(
                label=capfirst(LABELS[score]),
                choices=MARKS,
                coerce=int,
                widget=forms.RadioSelect,
                help_text=_("1 is weak, 5 is excellent."),
            )
        self.order_fields([*SCORES, "strengths", "to_improve", "advice"])


class PresentationFilter(PageForm):
    """The search line and filters of the list; what is wrong is left out, not refused."""

    q = LineField(label=_("Title or keyword"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("status"), required=False, choices=[("", _("all")), *PresentationState.choices])
    mine = forms.BooleanField(label=_("only my own"), required=False)

    def wanted(self) -> dict[str, Any]:
        """The filters that are set and make sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
