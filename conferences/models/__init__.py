"""Tables of conferences, presentations and trips."""

from conferences.models.edition import Call, Edition, Fee, Series
from conferences.models.presentation import Abstract, Author, Presentation, PresentationFile, PresentationMove
from conferences.models.review import Remark, Review

__all__ = [
    "Abstract",
    "Author",
    "Call",
    "Edition",
    "Fee",
    "Presentation",
    "PresentationFile",
    "PresentationMove",
    "Remark",
    "Review",
    "Series",
]
