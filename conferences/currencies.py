"""Currencies of the countries that conferences and courses take people to, with their ISO 4217 exponents."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

HOME = "KZT"
EXPONENTS: dict[str, int] = {
    HOME: 2,
    "USD": 2,
    "EUR": 2,
    "GBP": 2,
    "AED": 2,
    "AUD": 2,
    "AZN": 2,
    "CAD": 2,
    "CHF": 2,
    "CNY": 2,
    "CZK": 2,
    "DKK": 2,
    "GEL": 2,
    "HUF": 2,
    "IDR": 2,
    "INR": 2,
    "JMD": 2,
    "JPY": 0,
    "KGS": 2,
    "KRW": 0,
    "KWD": 3,
    "MYR": 2,
    "NOK": 2,
    "NZD": 2,
    "PLN": 2,
    "QAR": 2,
    "RUB": 2,
    "SEK": 2,
    "SGD": 2,
    "TJS": 2,
    "TRY": 2,
    "UZS": 2,
    "ZAR": 2,
}
"""Decimal places: 100 tiyn make a tenge, a yen has no parts, 1,000 fils make a dinar."""
NAMES = {
    HOME: pgettext_lazy("currency", "Kazakhstan tenge"),
    "USD": pgettext_lazy("currency", "US dollar"),
    "EUR": pgettext_lazy("currency", "euro"),
    "GBP": pgettext_lazy("currency", "pound sterling"),
    "AED": pgettext_lazy("currency", "UAE dirham"),
    "AUD": pgettext_lazy("currency", "Australian dollar"),
    "AZN": pgettext_lazy("currency", "Azerbaijani manat"),
    "CAD": pgettext_lazy("currency", "Canadian dollar"),
    "CHF": pgettext_lazy("currency", "Swiss franc"),
    "CNY": pgettext_lazy("currency", "Chinese yuan"),
    "CZK": pgettext_lazy("currency", "Czech koruna"),
    "DKK": pgettext_lazy("currency", "Danish krone"),
    "GEL": pgettext_lazy("currency", "Georgian lari"),
    "HUF": pgettext_lazy("currency", "Hungarian forint"),
    "IDR": pgettext_lazy("currency", "Indonesian rupiah"),
    "INR": pgettext_lazy("currency", "Indian rupee"),
    "JMD": pgettext_lazy("currency", "Jamaican dollar"),
    "JPY": pgettext_lazy("currency", "Japanese yen"),
    "KGS": pgettext_lazy("currency", "Kyrgyz som"),
    "KRW": pgettext_lazy("currency", "South Korean won"),
    "KWD": pgettext_lazy("currency", "Kuwaiti dinar"),
    "MYR": pgettext_lazy("currency", "Malaysian ringgit"),
    "NOK": pgettext_lazy("currency", "Norwegian krone"),
    "NZD": pgettext_lazy("currency", "New Zealand dollar"),
    "PLN": pgettext_lazy("currency", "Polish zloty"),
    "QAR": pgettext_lazy("currency", "Qatari riyal"),
    "RUB": pgettext_lazy("currency", "Russian rouble"),
    "SEK": pgettext_lazy("currency", "Swedish krona"),
    "SGD": pgettext_lazy("currency", "Singapore dollar"),
    "TJS": pgettext_lazy("currency", "Tajik somoni"),
    "TRY": pgettext_lazy("currency", "Turkish lira"),
    "UZS": pgettext_lazy("currency", "Uzbek sum"),
    "ZAR": pgettext_lazy("currency", "South African rand"),
}
CODES = tuple(EXPONENTS)


def exponent(currency: str) -> int:
    """How many decimal places its amounts have. Raises KeyError for a currency that is not listed."""
    return EXPONENTS[currency]


def currency_choices(*, foreign: bool = False) -> list[tuple[str, object]]:
    """Code and name, tenge first unless only `foreign` money is asked for."""
    return [(code, _("%(code)s, %(name)s") % {"code": code, "name": NAMES[code]}) for code in CODES[int(foreign) :]]
