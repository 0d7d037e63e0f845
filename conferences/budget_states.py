"""Closed lists of budgets: what money is for, where it stands, and the ways on which it moves."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import pgettext_lazy


class CostKind(models.TextChoices):
    PER_DIEM = "per_diem", pgettext_lazy("cost", "per diem")
    TRAVEL = "travel", pgettext_lazy("cost", "travel")
    HOUSING = "housing", pgettext_lazy("cost", "housing")
    VISA = "visa", pgettext_lazy("cost", "visa")
    INSURANCE = "insurance", pgettext_lazy("cost", "insurance")
    FEE = "fee", pgettext_lazy("cost", "registration fee")
    OTHER = "other", pgettext_lazy("cost", "other")


class Pot(models.TextChoices):
    """Where money stands: outside the budget, free in it, held for a request, promised to a trip, or gone."""

    OUTSIDE = "outside", pgettext_lazy("money", "outside")
    FREE = "free", pgettext_lazy("money", "free")
    RESERVED = "reserved", pgettext_lazy("money", "reserved")
    COMMITTED = "committed", pgettext_lazy("money", "committed")
    SPENT = "spent", pgettext_lazy("money", "spent")


class MoveKind(models.TextChoices):
    PLAN = "plan", pgettext_lazy("budget move", "planned")
    CUT = "cut", pgettext_lazy("budget move", "plan lowered")
    RESERVE = "reserve", pgettext_lazy("budget move", "reserved")
    RELEASE = "release", pgettext_lazy("budget move", "released")
    COMMIT = "commit", pgettext_lazy("budget move", "committed")
    SPEND = "spend", pgettext_lazy("budget move", "spent")
    CORRECT = "correct", pgettext_lazy("budget move", "corrected")


@dataclass(frozen=True, slots=True)
class Way:
    """One way on which money may move; the sum on it is always above zero."""

    kind: str
    source: str
    target: str


K, P = MoveKind, Pot
WAYS = (
    Way(K.PLAN, P.OUTSIDE, P.FREE),
    Way(K.CUT, P.FREE, P.OUTSIDE),
    Way(K.RESERVE, P.FREE, P.RESERVED),
    Way(K.RELEASE, P.RESERVED, P.FREE),
    Way(K.RELEASE, P.COMMITTED, P.FREE),
    Way(K.COMMIT, P.RESERVED, P.COMMITTED),
    Way(K.SPEND, P.COMMITTED, P.SPENT),
    Way(K.SPEND, P.FREE, P.SPENT),
    Way(K.CORRECT, P.FREE, P.SPENT),
    Way(K.CORRECT, P.SPENT, P.FREE),
)
"""Every way there is; the database refuses the others. Planning is nobody's trip, all else is some trip's."""
PLANNING = (K.PLAN, K.CUT)
HELD = (P.RESERVED, P.COMMITTED)
"""Pots that a trip holds money in before it is spent."""
