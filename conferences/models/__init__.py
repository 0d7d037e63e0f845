"""Tables of conferences, presentations, trips and their money."""

from conferences.models.budget import Budget, BudgetMove
from conferences.models.edition import Call, Edition, Fee, Series
from conferences.models.presentation import Abstract, Author, Presentation, PresentationFile, PresentationMove
from conferences.models.rate import Mci, PerDiemNorm, Rate
from conferences.models.review import Remark, Review

__all__ = [
    "Abstract",
    "Author",
    "Budget",
    "BudgetMove",
    "Call",
    "Edition",
    "Fee",
    "Mci",
    "PerDiemNorm",
    "Presentation",
    "PresentationFile",
    "PresentationMove",
    "Rate",
    "Remark",
    "Review",
    "Series",
]
