"""Sums as people type them, and as the portal writes them: what is read is what was meant, or it is refused."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from conferences.currencies import CODES, EXPONENTS, NAMES, currency_choices
from conferences.money import MICRO, MOST, MOST_RATE, Money, Unreadable, parse, rate_shown, read_rate, to_tenge, typed

LANGUAGES = ("kk", "ru", "en")
sums = st.integers(0, MOST)
languages, currencies = st.sampled_from(LANGUAGES), st.sampled_from(CODES)


@given(minor=sums, currency=currencies, language=languages)
def test_what_is_written_is_read_again(minor, currency, language):
    with translation.override(language):
        assert parse(typed(minor, currency), currency) == minor


@given(micro=st.integers(1, MOST_RATE), language=languages)
def test_a_rate_that_is_written_is_read_again(micro, language):
    with translation.override(language):
        assert read_rate(rate_shown(micro)) == micro


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1 000,50", 100050),
        ("1000.5", 100050),
        ("1\u00a0000,5", 100050),
        ("1\u202f000\u202f000", 100000000),
        ("1’000.50", 100050),
        ("1,234.50", 123450),
        ("1.234,50", 123450),
        ("1.234.567", 123456700),
        ("0,01", 1),
        (" 7 ", 700),
        ("007", 700),
        ("١٠٠٠٫٥٠", 100050),
        ("१२३", 12300),
        ("１２", 1200),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_usual_ways_of_writing_are_read(text, minor, language):
    with translation.override(language):
        assert parse(text, "USD") == minor


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-1",
        "−1",
        "+1",
        "0.001",
        "0,001",
        "1e9",
        "NaN",
        "inf",
        "∞",
        "Infinity",
        "1/2",
        "½",
        "²",
        "1 00",
        "10 00",
        "1,2,3",
        "1.2.3",
        "1,234.567,8",
        "1.234,56,78",
        ",5",
        "5,",
        "12,",
        "1..2",
        "$5",
        "5 тг",
        "0x10",
        "1_000",
        "1,005 0",
        "9" * 17,
        "9" * 5000,
        "1 000 000 000 000,01",
        "\x00",
        "a",
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_else_is_refused_with_a_sentence(text, language):
    with translation.override(language), pytest.raises(Unreadable) as refusal:
        parse(text, "USD")
    assert str(refusal.value)


def test_three_digits_after_a_mark_are_read_as_the_language_writes_them():
    with translation.override("en"):
        assert parse("1,000", "USD") == 100000
        with pytest.raises(Unreadable):
            parse("1.000", "USD")
    for language in ("kk", "ru"):
        with translation.override(language), pytest.raises(Unreadable):
            parse("1,000", "USD")
        with translation.override(language):
            assert parse("1,005", "KWD") == 1005


@pytest.mark.parametrize(("text", "currency"), [("1,5", "JPY"), ("10.50", "KRW"), ("0,0001", "KWD")])
def test_no_finer_than_the_currency(text, currency):
    with pytest.raises(Unreadable):
        parse(text, currency)


@given(text=st.text(max_size=45), currency=currencies, language=languages)
def test_whatever_is_typed_is_a_sum_in_bounds_or_a_sentence(text, currency, language):
    with translation.override(language):
        try:
            minor = parse(text, currency)
        except Unreadable:
            return
        assert 0 <= minor <= MOST


@pytest.mark.parametrize(
    ("minor", "currency", "micro", "tiyn"),
    [
        (100, "USD", 495_870_000, 49587),
        (1, "KZT", MICRO, 1),
        (1, "USD", 500_000, 1),  # half a tiyn
        (1, "USD", 499_999, 0),
        (3, "USD", 500_000, 2),  # one tiyn and a half
        (1000, "JPY", 3_200_000, 320000),
        (1000, "KWD", 1_600_000_000, 160000),
        (-1, "USD", 500_000, -1),
        (0, "EUR", 540_000_000, 0),
    ],
)
def test_tenge_are_rounded_to_the_nearest_tiyn_and_halves_up(minor, currency, micro, tiyn):
    assert to_tenge(minor, currency, micro) == tiyn


@given(minor=sums)
def test_tenge_stay_what_they_are(minor):
    assert to_tenge(minor, "KZT", MICRO) == minor


@given(minor=st.integers(0, 10**10), currency=currencies, micro=st.integers(1, 10**9))
def test_rounding_is_never_off_by_more_than_half_a_tiyn(minor, currency, micro):
    whole = 10 ** EXPONENTS[currency] * MICRO
    assert abs(to_tenge(minor, currency, micro) * whole - minor * micro * 100) * 2 <= whole


def test_sums_that_no_column_holds_are_refused():
    with pytest.raises(Unreadable):
        to_tenge(MOST, "GBP", 700 * MICRO)


@pytest.mark.parametrize("text", ["0", "0,0000001", "100001", "-1", "x"])
def test_rates_have_bounds(text):
    with pytest.raises(Unreadable):
        read_rate(text)


def test_money_names_its_currency():
    with translation.override("kk"):
        assert (str(Money(100050)), str(Money(5, "JPY"))) == ("1\u00a0000,50\u00a0тг", "5\u00a0JPY")
    with translation.override("en"):
        assert (str(Money(100000)), str(Money(123456, "USD"))) == ("1,000\u00a0KZT", "1,234.56\u00a0USD")


def test_every_currency_has_a_name_and_is_offered():
    assert set(NAMES) == set(EXPONENTS)
    assert [code for code, _name in currency_choices()] == list(CODES)
    assert "KZT" not in dict(currency_choices(foreign=True))
