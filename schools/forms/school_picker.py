"""A field that finds a school among thousands, by its number or name, with JavaScript and without.

    class SignUpForm(SchoolPickerMixin, PageForm):
        school = SchoolPickerField()

`cleaned_data["school"]` is a `School`, or `Unlisted` where «my school is not listed» was chosen (its data are those
of `directory.request_school`), or None in a field that is not required and was left empty. `{{ form|crispy }}` or
`{{ form.school }}` draws it whole: its template brings its script along. `initial={"school": school}` works.

Without JavaScript the button `find_school` sends the whole form: the mixin sees to it that such a form is neither
valid nor marked with errors, keeps every text typed and shows the schools found. The view needs no branch:

    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid(): ...
    return render(..., status=422 if form.is_bound and not form.is_searching else 200)

`wants_search(request.POST)` asks the same of the data alone.
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.utils import ErrorDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from schools.alphabet import sort_key
from schools.directory import Unlisted
from schools.forms.fields import LineField
from schools.models import Region, School
from schools.school_search import search_schools, telling
from schools.states import SchoolSource

FIND = "find_school"
OTHER = "other"
"""What the radio «my school is not listed» sends; the others send the school's uid."""
SHOWN = 20
UID, ISO = re.compile("[a-z0-9]{1,20}"), re.compile("[A-Z]{2}-[A-Z0-9]{1,3}")
PARTS = ("text", "region", "name", "district")


def wants_search(data: Mapping[str, Any]) -> bool:
    """True if the form was sent by the button that looks for a school."""
    return FIND in data


def choices_of(
    text: str, region: Region | None, name: str, *, chosen: School | None = None, other: bool = False
) -> dict[str, Any]:
    """What `schools/parts/school_choices.html` shows: the schools found, and the one chosen among them."""
    found = search_schools(text, region=region, limit=SHOWN)
    schools = found if chosen is None or chosen in found else [chosen, *found]
    return {
        "name": name,
        "schools": schools,
        "count": len(found),
        "full": len(found) == SHOWN,
        "asked": bool(telling(text)),
        "chosen": "" if chosen is None else chosen.uid,
        "other": other,
        "generated": any(school.source == SchoolSource.GENERATED for school in schools),
    }


def live_school(uid: str) -> School | None:
    """The school of that uid, if it can be chosen."""
    return _live(uid).first()


def shown_school(uid: str) -> School | None:
    """As `live_school`, with all that a list of schools shows."""
    return _live(uid).select_related("region").prefetch_related("names").first()


def _live(uid: str) -> QuerySet[School]:
    rows = School.objects.filter(archived_at=None).order_by()
    return rows.filter(uid=uid) if UID.fullmatch(uid) else rows.none()


def region_of(iso: str) -> Region | None:
    """The region of that code; None for none and for a code that is not known."""
    return Region.objects.filter(iso=iso).first() if ISO.fullmatch(iso) else None


class SchoolPickerWidget(forms.Widget):
    """A text, a region, a button, the schools found as radios, and what is typed of one that is not listed."""

    listed_only = False

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        texts = {part: data.get(f"{name}_{part}") for part in PARTS}
        return {"choice": self._plain(data.get(name)), **{part: self._plain(text) for part, text in texts.items()}}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(key in data for key in (name, *(f"{name}_{part}" for part in PARTS)))

    def use_required_attribute(self, initial: object) -> bool:
        """A school may be chosen without a text."""
        return False

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        typed = {"choice": value.uid} if isinstance(value, School) else (value or {})
        typed = {part: typed.get(part, "") for part in ("choice", *PARTS)}
        regions = sorted(Region.objects.all(), key=lambda region: sort_key(str(region)))
        region = next((one for one in regions if one.iso == typed["region"]), None)
        chosen, other = shown_school(typed["choice"]) if typed["choice"] else None, typed["choice"] == OTHER
        context = {
            "typed": typed,
            "regions": regions,
            "attrs": {"id": f"id_{name}", **self.attrs, **(attrs or {})},
            "find": FIND,
            "listed_only": self.listed_only,
            **choices_of(typed["text"], region, name, chosen=chosen, other=other),
        }
        return render_to_string("schools/parts/school_picker.html", context)

    @staticmethod
    def _plain(value: object) -> str:
        return value.strip()[:400] if isinstance(value, str) else ""


class SchoolPickerField(forms.Field):
    """Cleans to a School, to Unlisted (unless `listed_only`), or to None where it is not required."""

    widget = SchoolPickerWidget
    default_error_messages: ClassVar[dict[str, Any]] = {
        "gone": _("This school cannot be chosen any more. Look for it again."),
        "open": _("Choose your school in the list below, or «My school is not listed»."),
        "open_listed": _("Choose the school in the list below."),
        "required": _("Write the number or the name of your school and choose it."),
    }

    def __init__(self, *, listed_only: bool = False, **kwargs: Any) -> None:
        super().__init__(**{"label": _("school"), **kwargs})
        self.listed_only = self.widget.listed_only = listed_only
        self.name, self.district = LineField(max_length=300, min_length=3), LineField(max_length=120, required=False)

    def clean(self, value: Any) -> School | Unlisted | None:
        value = value or {}
        choice = value.get("choice", "")
        if choice == OTHER and not self.listed_only:
            return self._unlisted(value)
        if choice and (school := live_school(choice)):
            return school
        if choice:
            raise self._wrong("gone")
        if value.get("text") or (self.required and self.listed_only):
            raise self._wrong("open_listed" if self.listed_only else "open")
        if self.required:
            raise self._wrong("required")
        return None

    def _wrong(self, code: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code)

    def has_changed(self, initial: Any, data: Any) -> bool:
        data = data or {}
        return (initial.uid if isinstance(initial, School) else "") != data.get("choice", "")

    def _unlisted(self, value: Mapping[str, str]) -> Unlisted:
        region, wrong = region_of(value.get("region", "")), []
        if region is None:
            wrong.append(ValidationError(_("Choose the region of your school."), code="no_region"))
        texts = {}
        for part, field, missing in (
            ("name", self.name, _("Write the name of your school.")),
            ("district", self.district, _("Write the district again.")),
        ):
            try:
                texts[part] = field.clean(value.get(part, ""))
            except ValidationError as refused:
                short = refused.error_list[0].code in ("required", "min_length")
                wrong += [ValidationError(missing, code=part)] if short else refused.error_list
        if wrong or region is None:
            raise ValidationError(wrong)
        return Unlisted(region=region, **texts)


class SchoolPickerMixin:
    """Stands before the form's class: a form that only looks for a school is not checked and shows no errors."""

    data: Mapping[str, Any]
    is_bound: bool
    cleaned_data: dict[str, Any]

    @property
    def is_searching(self) -> bool:
        return self.is_bound and wants_search(self.data)

    def full_clean(self) -> None:
        if self.is_searching:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()  # type: ignore[misc]

    def is_valid(self) -> bool:
        return not self.is_searching and super().is_valid()  # type: ignore[misc]
