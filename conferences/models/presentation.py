"""What librarians bring to a conference: the proposal, its authors, its text in versions, what is left of it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conferences.models.edition import Edition
from conferences.states import (
    AuthorState,
    FileKind,
    PresentationFormat,
    PresentationState,
    PresentationVerb,
    SpeechLanguage,
)
from schools.models import Person, PrivateFile, School
from schools.models.base import UidModel, closed_list
from schools.models.folded import FoldedField


class Presentation(UidModel):
    """A proposal to one edition, and what became of it. The moves stand in `states.PRESENTATION_MOVES`.

    `blind`: its reviewers are not shown who wrote it. `award` names the prize of an awarded one.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="presentations", verbose_name=_("conference"))
    title = models.CharField(_("title"), max_length=250)
    format = models.CharField(_("format"), max_length=10, choices=PresentationFormat.choices)
    language = models.CharField(_("language"), max_length=2, choices=SpeechLanguage.choices, default=SpeechLanguage.EN)
    keywords = models.CharField(_("keywords"), max_length=300, blank=True)
    state = models.CharField(
        _("status"), max_length=10, choices=PresentationState.choices, default=PresentationState.DRAFT
    )
    blind = models.BooleanField(_("blind review"), default=False)
    award = models.CharField(_("award"), max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    search_key = FoldedField(sources=("title", "keywords"))

    class Meta:
        ordering = ["-edition__year", "title", "id"]
        verbose_name = _("presentation")
        verbose_name_plural = _("presentations")
        indexes = [models.Index(fields=["state"], name="presentation_by_state")]
        constraints = [
            closed_list("state", PresentationState, name="presentation_state"),
            closed_list("format", PresentationFormat, name="presentation_format"),
            closed_list("language", SpeechLanguage, name="presentation_language"),
            models.CheckConstraint(condition=~Q(title=""), name="presentation_has_title"),
            models.CheckConstraint(
                condition=Q(state=PresentationState.AWARDED) & ~Q(award="")
                | ~Q(state=PresentationState.AWARDED) & Q(award=""),
                name="presentation_award_is_named",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Author(UidModel):
    """One of those who wrote it, with the school of that time. Who left may be asked again: the row stays."""

    presentation = models.ForeignKey(
        Presentation, models.CASCADE, related_name="authors", verbose_name=_("presentation")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("school")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    state = models.CharField(_("status"), max_length=10, choices=AuthorState.choices, default=AuthorState.INVITED)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["order", "id"]
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        indexes = [models.Index(fields=["person", "state"], name="author_person_state")]
        constraints = [
            closed_list("state", AuthorState, name="author_state"),
            models.UniqueConstraint(fields=["presentation", "person"], name="one_authorship_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.presentation}"


class Abstract(models.Model):
    """One version of the text. Versions are added, never changed; the highest number holds."""

    presentation = models.ForeignKey(
        Presentation, models.CASCADE, related_name="abstracts", verbose_name=_("presentation")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("abstract"), max_length=12_000)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("written by"))
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["number"]
        verbose_name = _("version of an abstract")
        verbose_name_plural = _("versions of abstracts")
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1) & ~Q(text=""), name="abstract_says_something"),
            models.UniqueConstraint(fields=["presentation", "number"], name="one_abstract_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.presentation} · {self.number}"


class PresentationMove(models.Model):
    """One step in the life of a presentation, for its timeline and its letters."""

    presentation = models.ForeignKey(Presentation, models.CASCADE, related_name="moves")
    verb = models.CharField(max_length=16, choices=PresentationVerb.choices)
    state = models.CharField(max_length=10, choices=PresentationState.choices)
    actor = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.TextField(blank=True, max_length=2000)

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("step of a presentation")
        verbose_name_plural = _("steps of presentations")
        constraints = [
            closed_list("verb", PresentationVerb, name="presentation_move_verb"),
            closed_list("state", PresentationState, name="presentation_move_state"),
        ]

    def __str__(self) -> str:
        return f"{self.presentation} · {self.get_verb_display()}"


class PresentationFile(UidModel):
    """Slides, paper, photo or page on the web: what colleagues can use once it was given."""

    presentation = models.ForeignKey(Presentation, models.CASCADE, related_name="files", verbose_name=_("presentation"))
    kind = models.CharField(_("kind"), max_length=8, choices=FileKind.choices, default=FileKind.LINK)
    title = models.CharField(_("title"), max_length=200)
    url = models.URLField(_("address on the web"), max_length=500, blank=True)
    file = models.OneToOneField(
        PrivateFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    added_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("material of a presentation")
        verbose_name_plural = _("materials of presentations")
        constraints = [
            closed_list("kind", FileKind, name="presentation_file_kind"),
            models.CheckConstraint(condition=~Q(title=""), name="presentation_file_is_named"),
            models.CheckConstraint(
                condition=Q(file=None) & ~Q(url="") | Q(file__isnull=False, url=""), name="presentation_file_or_link"
            ),
        ]

    def __str__(self) -> str:
        return self.title
