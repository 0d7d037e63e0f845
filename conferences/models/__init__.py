"""Tables of conferences, presentations, trips and their money."""

from conferences.models.approval import ApprovalRoute, OrderBook, RouteStep, StandIn, TripApproval
from conferences.models.budget import Budget, BudgetMove
from conferences.models.coming_back import AdvanceLine, AdvanceMove, AdvanceReport, Receipt, WrittenReport
from conferences.models.delegation import Delegation, Wish, WishScore
from conferences.models.delegation_sharing import DelegationCredit, DelegationEdit, DelegationProposal, WishAppeal
from conferences.models.document import TripDocument
from conferences.models.edition import Call, Edition, Fee, Series
from conferences.models.presentation import Abstract, Author, Presentation, PresentationFile, PresentationMove
from conferences.models.promise import Promise, TripDerivation
from conferences.models.rate import Mci, PerDiemNorm, Rate
from conferences.models.review import Remark, Review
from conferences.models.trip import EstimateLine, Leg, Traveller, Trip, TripExcuse, TripHand, TripMove, TripVersion

__all__ = [
    "Abstract",
    "AdvanceLine",
    "AdvanceMove",
    "AdvanceReport",
    "ApprovalRoute",
    "Author",
    "Budget",
    "BudgetMove",
    "Call",
    "Delegation",
    "DelegationCredit",
    "DelegationEdit",
    "DelegationProposal",
    "Edition",
    "EstimateLine",
    "Fee",
    "Leg",
    "Mci",
    "OrderBook",
    "PerDiemNorm",
    "Presentation",
    "PresentationFile",
    "PresentationMove",
    "Promise",
    "Rate",
    "Receipt",
    "Remark",
    "Review",
    "RouteStep",
    "Series",
    "StandIn",
    "Traveller",
    "Trip",
    "TripApproval",
    "TripDerivation",
    "TripDocument",
    "TripExcuse",
    "TripHand",
    "TripMove",
    "TripVersion",
    "Wish",
    "WishAppeal",
    "WishScore",
    "WrittenReport",
]
