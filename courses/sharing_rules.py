"""Versions of the rules by which places are shared. None is ever changed."""

from django.db import transaction
from django.utils.translation import gettext as _

from courses import access
from courses.models import AllocationRules
from schools import audit
from schools.access import Actor
from schools.errors import Refused


@transaction.atomic
def add(*, rules: AllocationRules, actor: Actor) -> AllocationRules:
    """Keep a new version; proposals that stand go on by theirs. Raises Refused for others than coordinators."""
    if not access.may_manage_courses(actor):
        raise Refused(_("Only coordinators organise courses."))
    if rules.need + rules.gap + rules.share + rules.kept + rules.committee != 100:
        raise Refused(_("The weights must add up to 100."))
    newest = AllocationRules.objects.select_for_update(no_key=True).order_by("-version").first()
    rules.version = newest.version + 1 if newest else 1
    rules.made_by_id = actor.person_id
    rules.save(force_insert=True)
    facts = {name: (None, getattr(rules, name)) for name in ("version", "need", "gap", "share", "kept", "committee")}
    audit.record(actor=actor, verb="allocation.rules", subject=rules, changes=facts, note=rules.note)
    return rules


def newest() -> AllocationRules | None:
    """The version that a proposal takes by default."""
    return AllocationRules.objects.order_by("-version").first()
