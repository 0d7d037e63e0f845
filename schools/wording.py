"""Dates, hours and numbers in the words of a language: on pages, in mails and on certificates.

Kazakh puts the year first («2026 жылғы 23 қараша»), Russian and English last; month names are lower case in
Kazakh and Russian. Patterns stand here and not in the catalogues, so that a certificate never depends on them.
"""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import formats, timezone, translation
from django.utils.dates import MONTHS_ALT
from django.utils.translation import ngettext, pgettext

Number = int | float | Decimal

_DAY = {
    "kk": "{year} жылғы {day} {month}",
    "ru": "{day} {month} {year} г.",
    "en": "{day} {month} {year}",
}
_IN_ONE_MONTH = {
    "kk": "{year} жылғы {first}–{last} {month}",
    "ru": "{first}–{last} {month} {year} г.",
    "en": "{first}–{last} {month} {year}",
}
_IN_ONE_YEAR = {
    "kk": "{year} жылғы {first} – {last}",
    "ru": "{first} – {last} {year} г.",
    "en": "{first} – {last} {year}",
}


def _language(language: str | None) -> str:
    code = (language or translation.get_language() or "en").split("-")[0]
    return code if code in _DAY else "en"


def as_date(moment: date | datetime) -> date:
    """The day of a moment, in the current time zone if the moment carries one."""
    if not isinstance(moment, datetime):
        return moment
    return timezone.localtime(moment).date() if timezone.is_aware(moment) else moment.date()


def month_name(month: int, language: str | None = None) -> str:
    """Name of a month as it stands beside a day: «қараша», «ноября», "November"."""
    code = _language(language)
    with translation.override(code):
        name = str(MONTHS_ALT[month])
    return name if code == "en" else name.lower()


def long_date(moment: date | datetime, language: str | None = None, *, year: bool = True) -> str:
    """«2026 жылғы 23 қараша», «23 ноября 2026 г.», "23 November 2026"; without the year: «23 қараша»."""
    code, day = _language(language), as_date(moment)
    if not year:
        return f"{day.day} {month_name(day.month, code)}"
    return _DAY[code].format(day=day.day, month=month_name(day.month, code), year=day.year)


def short_date(moment: date | datetime) -> str:
    """23.11.2026, alike in all languages."""
    return f"{as_date(moment):%d.%m.%Y}"


def moment(at: datetime, zone: str, language: str | None = None) -> str:
    """Day and hour where something happens: «2026 жылғы 23 қараша, 14:00»."""
    there = at.astimezone(ZoneInfo(zone))
    return f"{long_date(there.date(), language)}, {there:%H:%M}"


def date_range(
    start: date | datetime, end: date | datetime | None, language: str | None = None, *, year: bool = True
) -> str:
    """First and last day, saying month and year once where they are shared.

    kk «2026 жылғы 8–19 желтоқсан», ru «8–19 декабря 2026 г.», en "8–19 December 2026"; without the year
    «8–19 желтоқсан» (the years are said all the same where they differ). One day, or no end: a long date.
    """
    code, first = _language(language), as_date(start)
    last = as_date(end) if end else first
    if first == last:
        return long_date(first, code, year=year)
    if first.year != last.year:
        return f"{long_date(first, code)} – {long_date(last, code)}"
    if first.month == last.month:
        month = month_name(first.month, code)
        if not year:
            return f"{first.day}–{last.day} {month}"
        return _IN_ONE_MONTH[code].format(first=first.day, last=last.day, month=month, year=first.year)
    spoken = {"first": long_date(first, code, year=False), "last": long_date(last, code, year=False)}
    return (_IN_ONE_YEAR[code] if year else "{first} – {last}").format(year=first.year, **spoken)


def number(value: Number, digits: int | None = None) -> str:
    """A number as the language writes it: 1 234 567,5 in Kazakh and Russian, 1,234,567.5 in English.

    `digits` fixes the decimals; without it trailing zeros are dropped (36.00 is «36»).
    """
    exact = Decimal(str(value))
    if digits is None:
        exact = exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact.normalize()
    return str(formats.number_format(exact, digits, use_l10n=True, force_grouping=True))


def hours(value: Number) -> str:
    """Academic hours (45 minutes each) in words: «36 академиялық сағат»; parts of an hour «1,5 академического часа»."""
    exact = Decimal(str(value))
    if exact != exact.to_integral_value():
        words = pgettext("part of an hour", "%(hours)s academic hours")
    else:
        words = ngettext("%(hours)s academic hour", "%(hours)s academic hours", int(exact))
    return words % {"hours": number(exact)}


def short_hours(value: Number) -> str:
    """The same without «academic», where the context says it: «36 сағат»."""
    exact = Decimal(str(value))
    if exact != exact.to_integral_value():
        words = pgettext("part of an hour", "%(hours)s hours")
    else:
        words = ngettext("%(hours)s hour", "%(hours)s hours", int(exact))
    return words % {"hours": number(exact)}
