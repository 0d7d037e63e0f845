"""Tables of the ground floor."""

from schools.models.people import Busy, Membership, Person, User
from schools.models.school import NetworkPeriod, Region, RegionName, School, SchoolName

__all__ = [
    "Busy",
    "Membership",
    "NetworkPeriod",
    "Person",
    "Region",
    "RegionName",
    "School",
    "SchoolName",
    "User",
]
