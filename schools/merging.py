"""Two rows were one person: a guest turns out to be somebody whom the portal knows."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from schools import agenda, audit, guests, registry
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import Mail, Person


@transaction.atomic
def merge(*, kept: Person, gone: Person, actor: Actor) -> Person:
    """What hangs on the guest `gone` goes to `kept`; the guest's name and address go from the row that is left.

    The rooms above hear of it and take their rows along, or undo it all. It cannot be taken apart again: the
    ledger keeps which rows went where.

    Raises Stale if one of the two was merged or removed meanwhile, Refused if `gone` has an account or a role.
    """
    rows = Person.objects.select_for_update(no_key=True).filter(pk__in=[kept.pk, gone.pk]).order_by("pk")
    found = {row.pk: row for row in rows}
    kept, gone = found[kept.pk], found[gone.pk]
    if kept.archived_at or gone.archived_at:
        raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
    if kept == gone or not guests.is_guest(gone):
        raise Refused(_("Only the record of somebody without an account is joined to another."))
    agenda.follow(source=gone, target=kept)
    Mail.objects.filter(person=gone).update(person=kept)
    Person.objects.filter(merged_into=gone).update(merged_into=kept)
    registry.merged.tell(kept=kept, gone=gone, actor=actor)
    changes = {field: (getattr(gone, field), getattr(kept, field)) for field in ("id", "full_name", "email")}
    audit.record(actor=actor, verb="person.merge", subject=kept, changes=changes)
    guests.blank(gone, archived_at=timezone.now(), merged_into=kept)
    return kept
