"""Who may do what with courses, runs and enrolments: plain predicates over loaded objects."""

from typing import TYPE_CHECKING

from courses.states import HOLDING, OPEN, EnrolmentState, RunState
from schools.access import Actor, is_administrator, leads
from schools.states import Role

if TYPE_CHECKING:
    from courses.models import Certificate, Enrolment, HandOver, Run


def may_manage_courses(actor: Actor) -> bool:
    """Make and publish courses and runs."""
    return actor.runs_network


def may_see_run(actor: Actor, run: "Run") -> bool:
    """Drafts are for those who make them; the rest is public."""
    return run.state != RunState.DRAFT or may_manage_courses(actor)


def may_apply(actor: Actor) -> bool:
    """Anybody with a person behind the account; the window and the dates are the verb's to check."""
    return actor.person_id is not None


def may_nominate(actor: Actor) -> bool:
    """A director or deputy for the own school, HQ for any."""
    return actor.runs_network or bool(actor.schools_led())


def may_nominate_person(actor: Actor, person_id: int, school_id: int | None) -> bool:
    return actor.person_id != person_id and (actor.runs_network or leads(actor, school_id))


def may_hold(actor: Actor, school_id: int | None) -> bool:
    """Hold seats before names are known, and name people for them: who leads the school, and who organises."""
    return school_id is not None and (may_manage_courses(actor) or leads(actor, school_id))


def is_applicant(actor: Actor, enrolment: "Enrolment") -> bool:
    return actor.person_id is not None and actor.person_id == enrolment.person_id


def may_see_enrolment(actor: Actor, enrolment: "Enrolment") -> bool:
    """The applicant, who leads the school it was made from, and the network's offices."""
    return is_applicant(actor, enrolment) or leads(actor, enrolment.school_id) or actor.is_network


def may_decide(actor: Actor, enrolment: "Enrolment") -> bool:
    """Holds the deciding role for this enrolment today. Nobody decides on own request, whatever the role."""
    if enrolment.state != EnrolmentState.PENDING or is_applicant(actor, enrolment) or actor.person_id is None:
        return False
    if enrolment.decider == Role.DIRECTOR:
        return leads(actor, enrolment.school_id)
    return actor.has(Role.HQ)


def may_withdraw(actor: Actor, enrolment: "Enrolment") -> bool:
    """The applicant, and those who organise the run, while there is something to withdraw from."""
    return (
        enrolment.state in OPEN
        and enrolment.state != EnrolmentState.NOMINATED
        and (is_applicant(actor, enrolment) or may_manage_courses(actor))
    )


def may_see_hand_over(actor: Actor, row: "HandOver") -> bool:
    """Both colleagues, who leads their school, and the network's offices."""
    own = actor.person_id is not None and actor.person_id in (row.to_id, row.enrolment.person_id)
    return own or leads(actor, row.enrolment.school_id) or actor.is_network


def may_use_room(actor: Actor, enrolment: "Enrolment") -> bool:
    """Join link and materials are for those with a seat."""
    return is_applicant(actor, enrolment) and enrolment.state in HOLDING


def may_teach(actor: Actor, run: "Run", *, trainer_ids: set[int | None]) -> bool:
    """The run's own trainers and those who organise it: roster, attendance, results."""
    return may_manage_courses(actor) or (actor.person_id is not None and actor.person_id in trainer_ids)


def may_issue_certificates(actor: Actor) -> bool:
    """Certificates are issued, revoked and corrected by HQ and administrators."""
    return may_manage_courses(actor)


def may_see_certificate(actor: Actor, certificate: "Certificate") -> bool:
    """The holder, who leads the holder's school of that day, and the network's offices."""
    return (
        actor.is_network
        or (actor.person_id is not None and actor.person_id == certificate.person_id)
        or leads(actor, certificate.enrolment.school_id)
    )


def may_set_reminders(actor: Actor) -> bool:
    """When reminders are sent is set by administrators."""
    return is_administrator(actor)
