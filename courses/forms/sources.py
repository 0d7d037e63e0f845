"""What somebody types or picks to say where a run came from."""

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Course, Run
from schools.forms.fields import LineField

Source = Course | Run


class SourceSearch(forms.Form):
    """The search line; what cannot be read finds the same as nothing typed."""

    q = LineField(label=_("Title of a course or an earlier run"), required=False, max_length=100)

    def words(self) -> str:
        return self.cleaned_data.get("q", "") if self.is_valid() else ""


class SourceForm(forms.Form):
    """One source, picked: «course-…» or «run-…» with its uid. Cleaned to the row."""

    source = forms.SlugField(max_length=30)

    def clean_source(self) -> Source:
        kind, _dash, uid = self.cleaned_data["source"].partition("-")
        found: Source | None = None
        if kind == "course":
            found = Course.objects.filter(uid=uid).first()
        elif kind == "run":
            found = Run.objects.filter(uid=uid).first()
        if found is None:
            raise forms.ValidationError(_("This source does not exist any more. Search again."), code="gone")
        return found


def key_of(source: Source) -> str:
    """How the page names a source."""
    return f"{'course' if isinstance(source, Course) else 'run'}-{source.uid}"
