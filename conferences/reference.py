"""The reference data of conferences and trips, loaded by `manage.py load_reference` as often as one likes."""

from pathlib import Path

from conferences.models import Mci
from schools.reference import Tally, day, loader, put, rows

DATA = Path(__file__).parent / "data"


def load_mci() -> Tally:
    """The monthly calculation index by the day from which it holds. Rows added by hand stay."""
    tally = Tally()
    for row in rows(DATA / "mci.csv"):
        values = {"kzt": int(row["kzt"]), "checked": row["checked"] == "yes"}
        tally[put(Mci, {"valid_from": day(row["valid_from"])}, values)[1]] += 1
    return tally


def register() -> None:
    """Add these sets to what `load_reference` loads."""
    loader("monthly calculation indices", load_mci)
