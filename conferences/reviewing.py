"""The internal review: coordinators ask colleagues, who fill a written form; blind where the authors wish it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conferences import presentation_access as access
from conferences import presentation_letters, presentation_queries
from conferences.models import Author, Presentation, Review
from conferences.models.review import SCORES
from conferences.states import Advice, ReviewState
from schools import audit
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import Membership, Person
from schools.queries import in_force
from schools.states import Role

FORM = (*SCORES, "strengths", "to_improve", "advice")
SEES_ALL = (Role.HQ, Role.ADMINISTRATOR, Role.AUDITOR, Role.FINANCE)
"""Offices that can look up who wrote it: no blind reviewers."""


@transaction.atomic
def ask(*, presentation: Presentation, reviewer: Person, due_on: date, actor: Actor) -> Review:
    """Ask a colleague for a review of the latest version. Whoever was asked before and let off is asked anew.

    Raises Refused for others than coordinators, for authors, and where a blind review would not be blind.
    """
    row = presentation_queries.locked(presentation)
    today = timezone.localdate()
    if not access.may_ask_for_reviews(actor, row):
        raise Refused(_("Reviews are asked for by coordinators, while a proposal is in review."))
    if due_on < today:
        raise Refused(_("This day is over already."))
    if Author.objects.filter(presentation=row, person=reviewer).exists():  # also who wrote it and has left
        raise Refused(_("Authors do not review their own proposal."))
    if row.blind and _knows_authors(reviewer, row, today):
        raise Refused(
            _("This colleague works at a school of the authors, or in an office that sees their names: not blind.")
        )
    review, fresh = Review.objects.get_or_create(
        presentation=row, abstract=row.abstracts.last(), reviewer=reviewer, defaults={"due_on": due_on}
    )
    if not fresh:
        if review.state != ReviewState.LIFTED:
            raise Refused(_("This colleague is asked already."))
        review.state, review.due_on, review.asked_at = ReviewState.ASKED, due_on, timezone.now()
        review.save(update_fields=["state", "due_on", "asked_at"])
    audit.record(actor=actor, verb="review.ask", subject=review, changes={"state": (None, "asked")}, person=reviewer)
    presentation_letters.ask_reviewer(row, review)
    return review


@transaction.atomic
def write(*, review: Review, form: Mapping[str, Any], actor: Actor) -> None:
    """Hand in the form. `form` holds values of FORM. Raises Refused for others, Stale if it is no longer wanted."""
    presentation_queries.locked(review.presentation)
    row = Review.objects.select_related("presentation__edition__series").get(pk=review.pk)
    if not access.is_reviewer(actor, row):
        raise Refused(_("This review was asked of somebody else."))
    if row.state != ReviewState.ASKED:
        raise Stale(_("This review is written already, or no longer needed."))
    for name in FORM:
        setattr(row, name, form[name])
    row.state, row.done_at = ReviewState.DONE, timezone.now()
    row.save(update_fields=[*FORM, "state", "done_at"])
    changes = {"state": ("asked", "done"), "advice": (None, str(Advice(row.advice)))}
    audit.record(actor=actor, verb="review.write", subject=row, changes=changes)
    presentation_letters.tell_written(row)


@transaction.atomic
def lift(*, review: Review, actor: Actor) -> None:
    """Ask no more. Raises Refused for others than coordinators, Stale if it is written."""
    row = presentation_queries.locked(review.presentation)
    if not access.is_coordinator(actor, row):
        raise Refused(_("Reviews are asked for by coordinators, while a proposal is in review."))
    if not Review.objects.filter(pk=review.pk, state=ReviewState.ASKED).update(state=ReviewState.LIFTED):
        raise Stale(_("This review is written already, or no longer needed."))
    audit.record(actor=actor, verb="review.lift", subject=review, changes={"state": ("asked", "lifted")})


def _knows_authors(reviewer: Person, row: Presentation, today: date) -> bool:
    schools = {author.school_id for author in row.authors.all()}
    held = Membership.objects.filter(in_force(today), person=reviewer)
    return held.filter(role__in=SEES_ALL).exists() or held.filter(school__in=schools - {None}).exists()
