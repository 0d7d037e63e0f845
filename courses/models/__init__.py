"""Tables of courses, runs and enrolments."""

from courses.models.course import Course, Topic
from courses.models.enrolment import Enrolment, EnrolmentMove
from courses.models.run import ApprovalChain, ApprovalStep, Material, Meeting, Run, RunTrainer

__all__ = [
    "ApprovalChain",
    "ApprovalStep",
    "Course",
    "Enrolment",
    "EnrolmentMove",
    "Material",
    "Meeting",
    "Run",
    "RunTrainer",
    "Topic",
]
