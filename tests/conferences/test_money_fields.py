"""Sums in forms: messages at the field in the reader's language, and what was typed stays."""

import pytest
from django import forms
from django.utils import translation

from conferences.forms.money import CurrencyField, MoneyField, MoneyForm, RateField

LANGUAGES = ("kk", "ru", "en")
BAD = ("-1", "0.001", "1e9", "NaN", "Infinity", "∞", "1,2,3", "9" * 30, "9" * 60, "<b>5</b>", "٫")


class Plain(forms.Form):
    sum = MoneyField(zero=False)
    spare = MoneyField(required=False)


class Chosen(MoneyForm):
    amount = MoneyField(currency_from="currency", zero=False)
    currency = CurrencyField()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", BAD)
def test_bad_sums_are_told_at_the_field_and_stay(text, language):
    with translation.override(language):
        form = Plain({"sum": text})
        assert list(form.errors) == ["sum"]
        message = form.errors["sum"][0]
        assert (message in str(form), form["sum"].value()) == (True, text)
    with translation.override("en"):
        assert (message == Plain({"sum": text}).errors["sum"][0]) == (language == "en")


@pytest.mark.parametrize(("text", "minor"), [("1 000,50", 100050), ("1000.5", 100050), ("١٠٠٠", 100000), ("५", 500)])
def test_sums_as_people_write_them_become_tiyn(text, minor):
    form = Plain({"sum": text})
    assert (form.is_valid(), form.cleaned_data) == (True, {"sum": minor, "spare": None})


def test_nothing_is_no_sum_where_one_is_asked_for():
    assert list(Plain({"sum": "0"}).errors) == ["sum"]
    assert list(Plain({"sum": " "}).errors) == ["sum"]
    assert Plain({"sum": "1", "spare": "0"}).is_valid()


def test_a_sum_that_stands_is_shown_as_people_write_it():
    assert 'value="1\u00a0234,50"' in str(Plain(initial={"sum": 123450})["sum"])
    shown = str(Chosen(initial={"amount": 1234, "currency": "JPY"})["amount"])
    assert 'value="1\u00a0234"' in shown
    assert 'inputmode="decimal"' in shown


@pytest.mark.parametrize(
    ("text", "currency", "minor"), [("10,5", "USD", 1050), ("10", "JPY", 10), ("1,005", "KWD", 1005), ("7", "KZT", 700)]
)
def test_the_currency_beside_it_says_how_fine_a_sum_is(text, currency, minor):
    form = Chosen({"amount": text, "currency": currency})
    assert (form.is_valid(), form.cleaned_data["amount"]) == (True, minor)


@pytest.mark.parametrize(
    ("text", "currency", "where"), [("10,5", "JPY", "amount"), ("0", "USD", "amount"), ("5", "XXX", "currency")]
)
def test_what_does_not_fit_the_currency_is_told(text, currency, where):
    form = Chosen({"amount": text, "currency": currency})
    assert (list(form.errors), form["amount"].value()) == ([where], text)


@pytest.mark.parametrize("text", ["0", "-1", "1e3", "0,0000001", "1000000"])
def test_rates_are_checked_at_the_field(text):
    field = RateField()
    with pytest.raises(forms.ValidationError):
        field.clean(text)
    assert field.clean("495,87") == 495_870_000
    assert field.prepare_value(495_870_000) == "495,87"
