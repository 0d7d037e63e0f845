"""Sums of money as whole minor units (tiyn, cents) with their currency: read, written and turned into tenge.

No float and no decimal ever holds a sum. Rates are whole too: millionths of a tenge for one unit of a currency.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from conferences.currencies import HOME, exponent
from schools import wording
from schools.errors import Refused

MOST = 10**14
"""The largest sum in minor units. Thousands of such sums still add up inside a BigInteger."""
LONGEST = 40
"""Characters of a typed sum; no sum up to MOST needs more."""
MICRO = 1_000_000
MOST_RATE = 100_000 * MICRO
_GROUPS = " '’\u00a0\u2009\u202f\u066c"
_SIGNS = "-\u2212\u2012\u2013\u2014"
_WHOLE = re.compile(r"\d+")
_IN_THREES = re.compile(r"\d{1,3}(?:,\d{3})+")


@dataclass(frozen=True, slots=True)
class Money:
    """A sum: `minor` units of `currency`."""

    minor: int
    currency: str = HOME

    def __str__(self) -> str:
        return shown(self.minor, self.currency)


class Unreadable(Refused):
    """What was typed is no sum of money; the text says why and what to write."""


def parse(text: str, currency: str = HOME) -> int:
    """The minor units that a person typed: `1 000,50`, `1000.5`, `1,234.50`; digits of any script are read.

    A comma or point with exactly three digits after it is read as the active language writes thousands, and
    refused where that leaves a doubt. Raises Unreadable for signs, exponents, words, too many decimals, and more
    than MOST.
    """
    return read_fixed(text, exponent(currency), currency)


def read_fixed(text: str, places: int, unit: str = "") -> int:
    """As `parse`, for any number with at most `places` decimals, as a whole number of its smallest part."""
    if len(text) > LONGEST:
        raise Unreadable(_("Write the sum in digits, for example 1 000,50."))
    plain = _plain(text)
    whole, parts = _split(plain, places, unit)
    value = int(whole + parts.ljust(places, "0"))
    if value > MOST:
        raise Unreadable(
            _("This is more than the portal can count: at most %(most)s.") % {"most": _grouped(MOST, places)}
        )
    return value


def _plain(text: str) -> str:
    """Western digits, `,` and `.`, blanks as «_» where they part groups. Raises Unreadable for everything else."""
    found = []
    for letter in text.strip():
        digit = unicodedata.decimal(letter, None)
        if digit is not None:
            found.append(str(digit))
        elif letter in _GROUPS:
            found.append("_")
        elif letter in ",.\u066b":
            found.append("." if letter == "." else ",")
        elif letter in _SIGNS:
            raise Unreadable(_("A sum cannot be negative: write it without the minus."))
        else:
            raise Unreadable(_("Write the sum in digits, for example 1 000,50."))
    return "".join(found)


def _split(plain: str, places: int, unit: str) -> tuple[str, str]:
    """Digits before and after the decimal mark. Raises Unreadable."""
    marks = [letter for letter in plain if letter in ",."]
    decimal = _decimal_mark(plain, marks, places, unit)
    whole, _mark, parts = plain.partition(decimal) if decimal else (plain, "", "")
    whole = _without_groups(whole)
    if not _WHOLE.fullmatch(whole) or (decimal and not _WHOLE.fullmatch(parts)):
        raise Unreadable(_("Write the sum in digits, for example 1 000,50."))
    if len(parts) > places:
        raise Unreadable(_too_fine(places, unit))
    return whole, parts


def _decimal_mark(plain: str, marks: list[str], places: int, unit: str) -> str:
    """The mark that parts the decimals, or nothing where every mark parts thousands."""
    if not marks:
        return ""
    last = marks[-1]
    if len(set(marks)) == 2:
        if marks.count(last) > 1:
            raise Unreadable(_("Write the sum in digits, for example 1 000,50."))
        return last
    if len(marks) > 1:
        return ""
    before, _mark, after = plain.partition(last)
    if len(after) != 3 or before.strip("0_") == "":
        return last
    if get_format("THOUSAND_SEPARATOR") == last:
        return ""
    if places >= 3:
        return last
    raise Unreadable(_("It is not clear what the mark before three digits means: write thousands with a space."))


def _without_groups(whole: str) -> str:
    """The digits of `1_000_000` or `1.000.000`; what is grouped otherwise stays, to be refused."""
    kinds = {letter for letter in whole if not letter.isdigit()}
    if len(kinds) != 1:
        return whole
    evened = whole.replace(kinds.pop(), ",")
    return evened.replace(",", "") if _IN_THREES.fullmatch(evened) else whole


def _too_fine(places: int, unit: str) -> str:
    if places == 0:
        return _("This currency has no smaller parts: write a whole number.")
    if unit:
        return _("Too many digits after the comma: %(currency)s has %(places)s.") % {"currency": unit, "places": places}
    return _("Too many digits after the comma: at most %(places)s.") % {"places": places}


def typed(minor: int, currency: str = HOME) -> str:
    """The sum as it stands in a form: `1 000,50`, which `parse` reads again. Whole sums have no decimals."""
    return _grouped(minor, exponent(currency))


def shown(minor: int, currency: str = HOME) -> str:
    """The sum with its currency, as pages and letters say it: `1 000,50 USD`, «1 000 тг»."""
    unit = pgettext("currency", "KZT") if currency == HOME else currency
    return f"{typed(minor, currency)}\u00a0{unit}"


def _grouped(value: int, places: int) -> str:
    exact = Decimal(value).scaleb(-places)
    return wording.number(exact, places if value % 10**places else 0)


def rate_shown(micro: int) -> str:
    """Tenge for one unit, with as many of the six decimals as it needs: `495,87`."""
    return wording.number(Decimal(micro).scaleb(-6))


def read_rate(text: str) -> int:
    """Millionths of a tenge, from tenge with at most six decimals. Raises Unreadable, also for nothing and too much."""
    micro = read_fixed(text, 6)
    if not 0 < micro <= MOST_RATE:
        raise Unreadable(_("A rate lies above 0 and is at most %(most)s tenge.") % {"most": rate_shown(MOST_RATE)})
    return micro


def to_tenge(minor: int, currency: str, micro: int) -> int:
    """Tiyn for `minor` units of `currency` at `micro` millionths of a tenge for one unit.

    One rule of rounding for the whole portal: to the nearest tiyn, a half away from zero. Raises Refused over MOST.
    """
    parts = minor * micro * 100
    whole = 10 ** exponent(currency) * MICRO
    tiyn = (2 * abs(parts) + whole) // (2 * whole)
    if tiyn > MOST:
        raise Unreadable(_("This is more than the portal can count: at most %(most)s.") % {"most": shown(MOST)})
    return tiyn if parts >= 0 else -tiyn
