"""What HQ types to keep the directory of general schools."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from schools.alphabet import in_order
from schools.directory import FACTS, facts_of
from schools.errors import Refused
from schools.forms.contact import PageForm
from schools.forms.fields import LineField
from schools.forms.school_picker import SchoolPickerField, SchoolPickerMixin
from schools.forms.school_rows import LIMITS, read_rows
from schools.models import Region, School, SchoolRequest
from schools.models.words import words_of
from schools.school_plans import SchoolRow
from schools.sheets import read_table, refuse_large
from schools.states import SchoolKind, SchoolSource

RURAL = [("", _("not known")), ("yes", _("in a village")), ("no", _("in a city"))]
ARCHIVED = "archived"


class RegionField(forms.ModelChoiceField):
    """A region by its ISO code."""

    def __init__(self, **kwargs: Any) -> None:
        usual = {"label": _("region"), "to_field_name": "iso", "empty_label": "—"}
        super().__init__(Region.objects.order_by(*in_order("name_kk")), **{**usual, **kwargs})


class RuralField(forms.TypedChoiceField):
    """In a village, in a city, or nobody knows: True, False, None."""

    def __init__(self, **kwargs: Any) -> None:
        usual = {"label": _("village or city"), "choices": RURAL, "required": False, "empty_value": None}
        super().__init__(coerce=lambda value: value == "yes", **{**usual, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no", None: ""}.get(value, value)


class SchoolForm(PageForm):
    """What is on record of a general school."""

    name_kk = LineField(label=_("name in Kazakh"), max_length=300, min_length=2)
    name_ru = LineField(label=_("name in Russian"), max_length=300, required=False)
    name_en = LineField(label=_("name in English"), max_length=300, required=False)
    region = RegionField()
    district_kk = LineField(label=_("district in Kazakh"), max_length=120, required=False)
    district_ru = LineField(label=_("district in Russian"), max_length=120, required=False)
    city_kk = LineField(label=_("settlement in Kazakh"), max_length=80)
    city_ru = LineField(label=_("settlement in Russian"), max_length=80, required=False)
    rural = RuralField()
    external_code = LineField(label=_("code of the ministry"), max_length=40, required=False)

    def clean_name_kk(self) -> str:
        name: str = self.cleaned_data["name_kk"]
        if not words_of(name):
            raise forms.ValidationError(_("Write the name of the school."))
        return name

    @classmethod
    def of(cls, school: School, data: Any = None) -> "SchoolForm":
        return cls(data, initial=facts_of(school))

    @classmethod
    def asked(cls, request: SchoolRequest, data: Any = None) -> "SchoolForm":
        """What was typed stands there, in the language in which it was typed; the rest is for HQ."""
        code = "ru" if request.language == "ru" else "kk"
        texts = {f"name_{code}": request.name, f"district_{code}": request.district}
        return cls(data, initial={"name_kk": request.name, "region": request.region, **texts})

    def values(self) -> dict[str, Any]:
        return {field: self.cleaned_data[field] for field in FACTS if field in self.cleaned_data}


class DirectoryFilter(PageForm):
    """The search line and filters of the directory; what is wrong is left out, not refused."""

    q = LineField(label=_("Number, name or place"), required=False, max_length=200)
    region = RegionField(required=False, empty_label=_("all regions"))
    rural = forms.ChoiceField(label=_("village or city"), required=False, choices=[("", _("both")), *RURAL[1:]])
    source = forms.ChoiceField(
        label=_("source"), required=False, choices=[("", _("all sources")), *SchoolSource.choices]
    )
    state = forms.ChoiceField(
        label=_("state"), required=False, choices=[("", _("in the directory")), (ARCHIVED, _("archived"))]
    )

    def found(self) -> tuple[QuerySet[School], int]:
        """The schools that fit, in order of place and name, and how many filters are set."""
        self.is_valid()
        wanted: Mapping[str, Any] = {name: value for name, value in self.cleaned_data.items() if value}
        rows = School.objects.filter(kind=SchoolKind.GENERAL, archived_at__isnull=wanted.get("state") != ARCHIVED)
        for word in words_of(wanted.get("q", "")):
            rows = rows.filter(search_key__word_start=word)
        for column in ("region", "source"):
            if column in wanted:
                rows = rows.filter(**{column: wanted[column]})
        if "rural" in wanted:
            rows = rows.filter(rural=wanted["rural"] == "yes")
        return rows.order_by("region_id", "search_key", "pk"), len(wanted.keys() - {"q"})


class SchoolFileForm(PageForm):
    """A file of schools, read while it is checked: `rows` are its rows, right and wrong ones."""

    rows: list[SchoolRow]
    file = forms.FileField(
        label=_("schools (XLSX or CSV)"),
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=_("One school a row, at most 12,000 rows and 4 MB. Nothing is changed before you confirm."),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        try:
            refuse_large(file.size, LIMITS)
            self.rows = read_rows(read_table(file.name or "", file.read(), LIMITS))
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return file


class FindForm(SchoolPickerMixin, PageForm):
    """The school of the directory that a request means."""

    school = SchoolPickerField(label=_("school of the directory"), listed_only=True)


class RefuseForm(PageForm):
    note = LineField(label=_("why there is no such school"), max_length=500, help_text=_("Only HQ reads this."))
