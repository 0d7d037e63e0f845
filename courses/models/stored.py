"""What allocations of any places keep: how a list came about, what people changed in it, who asks to look again."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.states import AllocationState, AppealState
from schools.models import Person
from schools.models.base import closed_list


class StoredAllocation(models.Model):
    """A list of who gets a place, with all that is needed to repeat it.

    `inputs` and `result` are canonical JSON, `digest` the SHA-256 of inputs, version and seed. What people edit
    stands apart, so that the result stays repeatable.
    """

    seed = models.CharField(_("seed of the draw"), max_length=64)
    inputs = models.TextField()
    result = models.TextField()
    digest = models.CharField(max_length=64)
    state = models.CharField(_("status"), max_length=10, choices=AllocationState.choices, default=AllocationState.DRAFT)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("who"))
    made_at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    class Meta:
        abstract = True


class StoredEdit(models.Model):
    """A change by hand, with its reason. Of several that touch one applicant the last holds."""

    reason = models.TextField(_("reason"), max_length=2000)
    actor = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        abstract = True


class StoredAppeal(models.Model):
    """Somebody without a place asks to look again, once; the answer is words."""

    text = models.TextField(_("what should be looked at again"), max_length=4000)
    state = models.CharField(_("status"), max_length=10, choices=AppealState.choices, default=AppealState.OPEN)
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    made_at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


def one_of_each(field: str, *, published: str, draft: str) -> list[models.UniqueConstraint]:
    """One published list and one draft at most of what `field` names; the names are those of the constraints."""
    states = ((AllocationState.PUBLISHED, published), (AllocationState.DRAFT, draft))
    return [models.UniqueConstraint(fields=[field], condition=Q(state=state), name=name) for state, name in states]


def appeal_rules(*, state: str, text: str, answer: str) -> list[models.CheckConstraint]:
    """An appeal says something, and is answered with words or not at all; the arguments name the constraints."""
    answered = Q(state=AppealState.OPEN, answer="", answered_at__isnull=True) | ~Q(state=AppealState.OPEN) & ~Q(
        answer=""
    ) & Q(answered_at__isnull=False)
    return [
        closed_list("state", AppealState, name=state),
        models.CheckConstraint(condition=~Q(text=""), name=text),
        models.CheckConstraint(condition=answered, name=answer),
    ]
