"""What is taught: topics and courses. When it is taught stands in `run.py`."""

from typing import Any

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from translated_fields import TranslatedField, to_attribute

from courses.states import CourseKind, CourseState, Format
from schools.folding import fold
from schools.models.base import UidModel, closed_list


class Topic(models.Model):
    """A field of knowledge by which courses are found and figures are grouped."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = TranslatedField(models.CharField(_("name"), max_length=120))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.name


class Course(UidModel):
    """A programme that can be run many times. Hours are academic hours of 45 minutes."""

    code = models.SlugField(_("code"), max_length=60, unique=True, null=True, blank=True)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="courses", verbose_name=_("topic"))
    kind = models.CharField(_("kind"), max_length=10, choices=CourseKind.choices, default=CourseKind.COURSE)
    format = models.CharField(_("format"), max_length=10, choices=Format.choices, default=Format.IN_PERSON)
    hours = models.PositiveSmallIntegerField(_("academic hours"))
    final_assessment = models.BooleanField(_("ends with a final assessment"), default=False)
    title = TranslatedField(models.CharField(_("title"), max_length=200, blank=True))
    summary = TranslatedField(models.TextField(_("summary"), blank=True))
    outcomes = TranslatedField(models.TextField(_("outcomes"), blank=True, help_text=_("One a line.")))
    audience = TranslatedField(models.CharField(_("target audience"), max_length=200, blank=True))
    state = models.CharField(_("status"), max_length=10, choices=CourseState.choices, default=CourseState.DRAFT)
    search_key = models.TextField(editable=False, default="", blank=True)

    class Meta:
        ordering = ["title_kk", "id"]
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        constraints = [
            closed_list("kind", CourseKind, name="course_kind"),
            closed_list("format", Format, name="course_format"),
            closed_list("state", CourseState, name="course_state"),
            models.CheckConstraint(condition=models.Q(hours__gt=0), name="course_has_hours"),
            models.CheckConstraint(
                condition=~models.Q(state=CourseState.PUBLISHED) | ~models.Q(title_kk="") & ~models.Q(title_ru=""),
                name="course_published_with_titles",
            ),
        ]

    def __str__(self) -> str:
        return self.title or next((title for title in map(self._title, ("kk", "ru", "en")) if title), "")

    def _title(self, language: str) -> str:
        return getattr(self, to_attribute("title", language))

    @property
    def slug(self) -> str:
        """Decoration of an address; the uid finds the row."""
        return slugify(self._title("en"))[:60] or self.kind

    def outcome_lines(self) -> list[str]:
        return [line.strip() for line in (self.outcomes or "").splitlines() if line.strip()]

    def missing_for_publication(self) -> list[tuple[str, str]]:
        """(field, language) pairs still empty: kk and ru always, en too for a placement abroad."""
        languages = ("kk", "ru", "en") if self.kind == CourseKind.PLACEMENT else ("kk", "ru")
        return [
            (field, language)
            for language in languages
            for field in ("title", "summary", "outcomes", "audience")
            if not getattr(self, to_attribute(field, language)).strip()
        ]

    def folded(self) -> str:
        """The text that catalogue search looks into: all languages, letters folded."""
        parts = [
            getattr(self, to_attribute(field, lang)) for field in ("title", "summary") for lang in ("kk", "ru", "en")
        ]
        return fold(" ".join(parts))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = self.folded()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "search_key"}
        super().save(*args, **kwargs)
