"""The reference data of conferences and trips, loaded by `manage.py load_reference` as often as one likes.

Series and the monthly calculation index follow their files. Conferences are added where they are missing and
otherwise left as they are: coordinators correct them in the portal.
"""

from pathlib import Path

from conferences.models import Edition, Mci, Series
from schools.reference import LANGUAGES, Tally, day, loader, put, rows

DATA = Path(__file__).parent / "data"
AS_TEXT = ("theme", "city", "country", "mode", "state")


def load_series() -> Tally:
    """The conferences that come back, by code."""
    tally = Tally()
    for row in rows(DATA / "series.csv"):
        values = {f"name_{language}": row[f"name_{language}"] for language in LANGUAGES}
        values |= {"short_name": row["short_name"], "url": row["url"]}
        tally[put(Series, {"code": row["code"]}, {**values, "order": int(row["order"])})[1]] += 1
    return tally


def load_editions() -> Tally:
    """What is known of each year, and whether it was compared with an official page; unknown days stay empty."""
    tally = Tally()
    series = {row.code: row for row in Series.objects.all()}
    have = set(Edition.objects.values_list("series__code", "year"))
    for row in rows(DATA / "editions.csv"):
        if (row["series"], int(row["year"])) in have:
            tally["same"] += 1
            continue
        Edition.objects.create(
            series=series[row["series"]],
            year=int(row["year"]),
            number=int(row["number"]) if row["number"] else None,
            starts_on=day(row["starts_on"]),
            ends_on=day(row["ends_on"]),
            theme_checked=row["theme_checked"] == "yes",
            dates_checked=row["dates_checked"] == "yes",
            **{name: row[name] for name in AS_TEXT},
        )
        tally["added"] += 1
    return tally


def load_mci() -> Tally:
    """The monthly calculation index by the day from which it holds. Rows added by hand stay."""
    tally = Tally()
    for row in rows(DATA / "mci.csv"):
        values = {"kzt": int(row["kzt"]), "checked": row["checked"] == "yes"}
        tally[put(Mci, {"valid_from": day(row["valid_from"])}, values)[1]] += 1
    return tally


def register() -> None:
    """Add these sets to what `load_reference` loads."""
    loader("conference series", load_series)
    loader("conferences", load_editions)
    loader("monthly calculation indices", load_mci)
