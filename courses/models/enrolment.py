"""Who takes part: enrolments, and the moves each of them made."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models.run import Run
from courses.models.signup import Signup
from courses.states import LIVE, Assessment, EnrolmentState, Verb
from schools.models import Person, School
from schools.models.base import UidModel, closed_list
from schools.states import Role


class Enrolment(UidModel):
    """A person's part in a run. `number` is the place in arrival order; the order is by number, never by time.

    `step` is the approval step that is awaited (1 for the first), 0 where none is, and `decider` the role
    that decides it: HQ in place of a director who applies for a place himself. `school` is the
    person's school on the day of application, so that figures do not change when people move.

    A guest's row has a `signup`: the contact who wrote, and whose mail address stands for it. An offered seat is
    held until `offer_until`; whoever has not taken it by then has lost it. The clock of an offer starts
    when the letter about it is written.

    `of_held`: it fills one of the seats that the school held before names were known. `wish` is the applicant's
    order of wish among the parallel runs of an intake, 1 for the first.
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="enrolments", verbose_name=_("course run"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("school")
    )
    state = models.CharField(_("status"), max_length=16, choices=EnrolmentState.choices)
    number = models.PositiveIntegerField(_("number"))
    step = models.PositiveSmallIntegerField(default=0)
    decider = models.CharField(_("who decides"), max_length=16, blank=True)
    step_due = models.DateField(_("decision due"), null=True, blank=True)
    assessment = models.CharField(_("final assessment"), max_length=10, choices=Assessment.choices, blank=True)
    signup = models.ForeignKey(
        Signup, models.PROTECT, null=True, blank=True, related_name="enrolments", verbose_name=_("sign-up")
    )
    offer_until = models.DateTimeField(_("place held until"), null=True, blank=True)
    of_held = models.BooleanField(_("fills a held place"), default=False)
    wish = models.PositiveSmallIntegerField(_("wish"), default=1)
    reason = models.TextField(_("comment"), max_length=2000, blank=True)
    nominated_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("nominated by")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["run", "number"]
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        indexes = [
            models.Index(fields=["run", "state", "number"], name="enrolment_queue"),
            models.Index(fields=["person", "state"], name="enrolment_person"),
            models.Index(
                fields=["offer_until"], condition=Q(state=EnrolmentState.OFFERED), name="enrolment_offer_ends"
            ),
            models.Index(fields=["decider", "school"], condition=~Q(decider=""), name="enrolment_to_decide"),
        ]
        constraints = [
            closed_list("state", EnrolmentState, name="enrolment_state"),
            models.CheckConstraint(
                condition=Q(assessment="") | Q(assessment__in=Assessment.values), name="enrolment_assessment"
            ),
            models.UniqueConstraint(fields=["run", "number"], name="one_enrolment_a_number"),
            models.UniqueConstraint(fields=["run", "person"], condition=Q(state__in=LIVE), name="one_live_enrolment"),
            models.CheckConstraint(
                condition=Q(state=EnrolmentState.PENDING, step__gt=0, decider__in=[Role.DIRECTOR, Role.HQ])
                | ~Q(state=EnrolmentState.PENDING) & Q(step=0, decider="", step_due__isnull=True),
                name="only_pending_awaits_a_step",
            ),
            models.CheckConstraint(
                condition=Q(state=EnrolmentState.OFFERED, offer_until__isnull=False)
                | ~Q(state=EnrolmentState.OFFERED) & Q(offer_until__isnull=True),
                name="only_an_offer_has_a_clock",
            ),
            models.CheckConstraint(condition=Q(wish__gt=0), name="enrolment_wish"),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.run}"


class EnrolmentMove(models.Model):
    """One move of an enrolment: the rows of its timeline.

    `told_at` stays empty until the mails about the move stand in the outbox, which a task does and a
    sweeper repeats; so a dead broker delays a mail and never an application.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="moves", verbose_name=_("enrolment"))
    verb = models.CharField(_("move"), max_length=16, choices=Verb.choices)
    state = models.CharField(_("status"), max_length=16, choices=EnrolmentState.choices)
    step = models.PositiveSmallIntegerField(default=0)
    actor = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    note = models.TextField(_("comment"), max_length=2000, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], condition=Q(told_at=None), name="move_to_tell")]
        constraints = [
            closed_list("verb", Verb, name="move_verb"),
            closed_list("state", EnrolmentState, name="move_state"),
        ]
