"""Tables of courses, runs and enrolments."""

from courses.models.allocation import (
    Allocation,
    AllocationEdit,
    AllocationOutcome,
    AllocationRules,
    Appeal,
    SchoolCredit,
)
from courses.models.certificate import Certificate, CertificateSeries
from courses.models.claim import NotMine
from courses.models.course import Course, Topic
from courses.models.demand import Demand, DemandVoice
from courses.models.derivation import Derivation
from courses.models.enrolment import Enrolment, EnrolmentMove
from courses.models.feed import Feed
from courses.models.hand_over import HandOver
from courses.models.intake import Intake
from courses.models.learning import Attendance, Feedback, FeedbackGiven
from courses.models.notice import RunNotice
from courses.models.reminder import ReminderChoice, ReminderRule
from courses.models.requirement import Equivalence, Prerequisite, PrerequisiteWaiver
from courses.models.run import ApprovalChain, ApprovalStep, Material, Meeting, Run, RunTrainer
from courses.models.scan import Scan
from courses.models.share import SeatShare
from courses.models.signup import Signup

__all__ = [
    "Allocation",
    "AllocationEdit",
    "AllocationOutcome",
    "AllocationRules",
    "Appeal",
    "ApprovalChain",
    "ApprovalStep",
    "Attendance",
    "Certificate",
    "CertificateSeries",
    "Course",
    "Demand",
    "DemandVoice",
    "Derivation",
    "Enrolment",
    "EnrolmentMove",
    "Equivalence",
    "Feed",
    "Feedback",
    "FeedbackGiven",
    "HandOver",
    "Intake",
    "Material",
    "Meeting",
    "NotMine",
    "Prerequisite",
    "PrerequisiteWaiver",
    "ReminderChoice",
    "ReminderRule",
    "Run",
    "RunNotice",
    "RunTrainer",
    "Scan",
    "SchoolCredit",
    "SeatShare",
    "Signup",
    "Topic",
]
