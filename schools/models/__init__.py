"""Tables of the ground floor."""

from schools.models.audit import AuditEntry, AuditHead, AuditValues
from schools.models.directory import SchoolImport, SchoolRequest
from schools.models.file import PrivateFile
from schools.models.job import Job
from schools.models.norm import Norm
from schools.models.outbox import Mail
from schools.models.people import Busy, Membership, Person, User
from schools.models.roster import RosterImport
from schools.models.school import CityName, NetworkPeriod, Region, RegionName, School, SchoolName, SchoolRegion

__all__ = [
    "AuditEntry",
    "AuditHead",
    "AuditValues",
    "Busy",
    "CityName",
    "Job",
    "Mail",
    "Membership",
    "NetworkPeriod",
    "Norm",
    "Person",
    "PrivateFile",
    "Region",
    "RegionName",
    "RosterImport",
    "School",
    "SchoolImport",
    "SchoolName",
    "SchoolRegion",
    "SchoolRequest",
    "User",
]
