"""What a coordinator wants an edition to be: plain values that travel from forms to verbs."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from conferences.models import Call, Edition, Fee
from courses.plans import Snapshot, facts_of

EDITION_FACTS = (
    *("series", "number", "year", "theme", "city", "country", "starts_on", "ends_on", "mode", "state", "url", "notes"),
    *("theme_checked", "dates_checked"),
)
CALL_FACTS = ("name", "opens_on", "abstract_due", "outcome_on", "paper_due", "languages", "formats", "url")
FEE_FACTS = ("name", "currency", "amount", "early_amount", "early_until")


@dataclass(frozen=True, slots=True)
class CallPlan:
    """A call for papers; `languages` and `formats` are codes with spaces between them."""

    name: str = ""
    opens_on: date | None = None
    abstract_due: date | None = None
    outcome_on: date | None = None
    paper_due: date | None = None
    languages: str = ""
    formats: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class FeePlan:
    """A fee in minor units of its currency."""

    name: str
    currency: str
    amount: int
    early_amount: int | None = None
    early_until: date | None = None


@dataclass(frozen=True, slots=True)
class EditionPlan:
    """An edition as it shall be. `facts` holds values of EDITION_FACTS."""

    facts: dict[str, Any]
    calls: tuple[CallPlan, ...] = ()
    fees: tuple[FeePlan, ...] = ()


def of_edition(edition: Edition) -> Snapshot:
    """Everything of an edition that coordinators edit, calls and fees as lines of text."""
    return {
        **facts_of(edition, EDITION_FACTS),
        "calls": [_line(row, CALL_FACTS) for row in edition.calls.order_by("id")],
        "fees": [_line(row, FEE_FACTS) for row in edition.fees.order_by("id")],
    }


def _line(row: Call | Fee, names: tuple[str, ...]) -> str:
    return " · ".join(str(value) for name in names if (value := getattr(row, name)) not in (None, ""))
