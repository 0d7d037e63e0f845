"""The field that finds a school: chosen, not listed, looked for without JavaScript, and every way to get it wrong."""

import pytest
from django import forms
from django.http import QueryDict

from schools.forms.contact import PageForm
from schools.forms.school_picker import SchoolPickerField, SchoolPickerMixin, Unlisted, wants_search
from tests import make


class SignUp(SchoolPickerMixin, PageForm):
    person = forms.CharField()
    school = SchoolPickerField()


class Optional(SchoolPickerMixin, PageForm):
    school = SchoolPickerField(required=False)


def sent(form: type[PageForm] = SignUp, **fields: str) -> PageForm:
    data = QueryDict(mutable=True)
    data.update({"person": "Әлия", **fields})
    return form(data)


@pytest.fixture
def school(db):
    return make.general_school("№ 12 орта мектеп", district_kk="Талғар ауданы")


def errors(form: PageForm) -> list[str]:
    return [error.code for error in form.errors.as_data().get("school", [])]


def test_a_chosen_school_is_the_school(school):
    form = sent(school=school.uid, school_text="12", school_region="KZ-10")
    assert form.is_valid()
    assert form.cleaned_data["school"] == school


def test_a_school_that_is_not_listed_is_what_was_typed(school):
    form = sent(school="other", school_region="KZ-10", school_name="  Қайнар   мектебі", school_district="Абай")
    assert form.is_valid()
    assert form.cleaned_data["school"] == Unlisted(school.region, "Қайнар мектебі", "Абай")


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({}, ["required"]),
        ({"school_text": "12"}, ["open"]),
        ({"school": "unknown"}, ["gone"]),
        ({"school": "\x00"}, ["gone"]),
        ({"school": "other"}, ["no_region", "name"]),
        ({"school": "other", "school_region": "KZ-10"}, ["name"]),
        ({"school": "other", "school_region": "KZ-10", "school_name": "№"}, ["name"]),
        ({"school": "other", "school_region": "XX-99", "school_name": "Қайнар"}, ["no_region"]),
        ({"school": "other", "school_region": "KZ-10", "school_name": "Қай\x07нар"}, ["control_character"]),
        ({"school": "other", "school_region": "KZ-10", "school_name": "ұ" * 301}, ["max_length"]),
    ],
)
def test_what_is_wrong_is_said_at_the_field(school, fields, codes):
    form = sent(**fields)
    assert not form.is_valid()
    assert errors(form) == codes
    assert form["school"].as_widget()


def test_an_archived_school_cannot_be_chosen_any_more(school):
    school.archived_at = "2026-01-01T00:00Z"
    school.save()
    assert errors(sent(school=school.uid)) == ["gone"]


def test_a_field_that_is_not_required_may_stay_empty(school):
    form = sent(Optional)
    assert form.is_valid()
    assert form.cleaned_data["school"] is None
    assert errors(sent(Optional, school_text="12")) == ["open"]


def test_a_form_that_looks_for_a_school_shows_schools_and_no_errors(school):
    form = sent(person="", school_text="12 талгар", school_name="жазылған", find_school="school")
    assert (form.is_valid(), form.is_searching, dict(form.errors)) == (False, True, {})
    drawn = form.as_p()
    assert f'value="{school.uid}"' in drawn
    assert 'value="12 талгар"' in drawn
    assert 'value="жазылған"' in drawn
    assert wants_search(form.data)
    assert not wants_search(sent(school_text="12").data)


def test_a_form_without_the_button_is_checked(school):
    """Twin of the above."""
    form = sent(person="", school_text="12")
    assert sorted(form.errors) == ["person", "school"]
    assert not form.is_searching
    assert f'value="{school.uid}"' in form.as_p()


def test_what_was_chosen_stays_chosen(school):
    other = make.general_school("№ 9 мектеп")
    drawn = sent(person="", school=other.uid, school_text="12").as_p()
    assert f'value="{other.uid}" checked' in drawn
    assert f'value="{school.uid}">' in drawn
    assert 'value="other" checked' in sent(school="other").as_p()


def test_a_school_may_stand_there_from_the_beginning(school):
    form = SignUp(initial={"school": school})
    assert f'value="{school.uid}" checked' in form.as_p()
    assert SignUp(QueryDict(f"school={school.uid}"), initial={"school": school}).changed_data == []


def test_markup_that_was_typed_is_shown_as_text(school):
    drawn = sent(school_text='"><script>', school_name="<b>", school_district="<i>").as_p()
    assert "<script>" not in drawn.replace('<script src="', "")
    assert "<b>" not in drawn
    assert "<i>" not in drawn
