"""What trainers type: marks for many people at once, reasons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Enrolment
from schools.forms.fields import PlainTextField

Choices = Sequence[tuple[str, Any]]


class WhyForm(forms.Form):
    """A reason that may be needed, beside marks."""

    reason = PlainTextField(
        label=gettext_lazy("Reason for corrections"),
        required=False,
        max_length=2000,
        rows=2,
        help_text=gettext_lazy("Needed only where you change a mark that stood already. It stays on record."),
    )


class ReasonForm(forms.Form):
    """Why something that stood is undone."""

    reason = PlainTextField(label=gettext_lazy("Reason"), max_length=2000, rows=3)

    def __init__(self, *args: Any, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = help_text


@dataclass(slots=True)
class Line:
    """One person on a sheet: what stands, what is chosen on this page, and whether a change is open to it."""

    enrolment: Enrolment
    name: str
    stands: str | None
    chosen: str | None
    note: str = ""
    fixed: bool = False
    error: str = ""


class MarkSheet:
    """One choice for each of many people. Only what differs from what was seen is a change, so that two who
    mark at once do not undo each other's marks.

    `standing` holds the marks of this moment by key of enrolment; those in `fixed` can no longer be changed.
    """

    def __init__(
        self,
        people: Iterable[Enrolment],
        *,
        choices: Choices,
        standing: Mapping[int, str],
        fixed: Iterable[int] = (),
        data: Mapping[str, str] | None = None,
    ) -> None:
        self.choices = list(choices)
        self.data = data or {}
        shut = set(fixed)
        self.lines = [self._line(row, standing.get(row.pk), row.pk in shut) for row in people]
        self.seen = self._seen()

    def _line(self, row: Enrolment, stands: str | None, fixed: bool) -> Line:
        name = f"mark-{row.uid}"
        line = Line(row, name, stands, stands, fixed=fixed)
        if name in self.data and not fixed:
            line.chosen = self.data[name]
            if line.chosen not in dict(self.choices):
                line.chosen, line.error = stands, _("Choose one of the marks.")
        return line

    def _seen(self) -> dict[str, str]:
        """The marks that the page showed as standing when it was opened, by uid; at first those of this moment."""
        if "seen" not in self.data:
            return {line.enrolment.uid: line.stands for line in self.lines if line.stands is not None}
        words = dict(word.split("=", 1) for word in self.data["seen"].split() if "=" in word)
        return {line.enrolment.uid: words[line.enrolment.uid] for line in self.lines if line.enrolment.uid in words}

    @property
    def seen_words(self) -> str:
        """«uid=mark» words for the hidden field `seen`."""
        return " ".join(f"{uid}={mark}" for uid, mark in self.seen.items())

    @property
    def is_valid(self) -> bool:
        return not any(line.error for line in self.lines)

    def fill(self, mark: str) -> None:
        """Choose this mark for everybody who has none yet."""
        for line in self.lines:
            if not line.chosen and not line.fixed:
                line.chosen = mark

    def changes(self) -> dict[int, str]:
        """What was chosen anew, by key of enrolment."""
        return {
            line.enrolment.pk: line.chosen
            for line in self.lines
            if not line.fixed and line.chosen is not None and line.chosen != self.seen.get(line.enrolment.uid)
        }

    def corrects(self) -> bool:
        """True if a change touches a mark that stands."""
        changes = self.changes()
        return any(line.stands and changes.get(line.enrolment.pk, line.stands) != line.stands for line in self.lines)
