"""What coordinators do with conferences: write them down with calls and fees, and correct them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from conferences import access
from conferences.edition_plans import EditionPlan, of_edition
from conferences.models import Call, Edition, Fee
from courses.organising import changed_by_another
from courses.plans import differences
from courses.plans import version as version_of
from schools import audit
from schools.access import Actor
from schools.errors import Refused, Stale


def create(*, plan: EditionPlan, actor: Actor) -> Edition:
    """A new edition. Raises Refused for strangers, and for a year or number that its series has already."""
    _refuse_strangers(actor)
    edition = Edition(**plan.facts)
    with _one_a_year(), transaction.atomic():
        edition.save(force_insert=True)
        _write_parts(edition, plan)
        written = {name: (None, value) for name, value in of_edition(edition).items() if value not in ("", None, [])}
        audit.record(actor=actor, verb="edition.create", subject=edition, changes=written)
    return edition


def edit(*, edition: Edition, plan: EditionPlan, seen: str, actor: Actor) -> Edition:
    """Write what changed. `seen` is the `version` that the editor had before the eyes.

    Raises Stale if somebody else saved in between; else as `create`.
    """
    _refuse_strangers(actor)
    with _one_a_year(), transaction.atomic():
        edition = (
            Edition.objects.select_for_update(no_key=True, of=("self",)).select_related("series").get(pk=edition.pk)
        )
        before = of_edition(edition)
        if version_of(before) != seen:
            raise Stale(changed_by_another())
        for name, value in plan.facts.items():
            setattr(edition, name, value)
        edition.save(update_fields=list(plan.facts))
        _write_parts(edition, plan)
        if changes := differences(before, of_edition(edition)):
            Edition.objects.filter(pk=edition.pk).update(sequence=F("sequence") + 1)
            audit.record(actor=actor, verb="edition.edit", subject=edition, changes=changes)
    return edition


def version(edition: Edition) -> str:
    """What an editor saw, as a token for `edit`."""
    return version_of(of_edition(edition))


def _locked(edition: Edition) -> Edition:
    rows = Edition.objects.select_for_update(no_key=True, of=("self",)).select_related("series")
    return rows.get(pk=edition.pk)


def _write_parts(edition: Edition, plan: EditionPlan) -> None:
    """Calls and fees are few and nothing refers to them: they are written anew."""
    edition.calls.all().delete()
    edition.fees.all().delete()
    Call.objects.bulk_create(Call(edition=edition, **asdict(call)) for call in plan.calls)
    Fee.objects.bulk_create(Fee(edition=edition, **asdict(fee)) for fee in plan.fees)


@contextmanager
def _one_a_year() -> Iterator[None]:
    """Says in a sentence what the unique constraints of editions say."""
    try:
        yield
    except IntegrityError as taken:
        raise Refused(_("This series has a conference of this year or with this number already.")) from taken


def _refuse_strangers(actor: Actor) -> None:
    if not access.may_keep_editions(actor):
        raise Refused(_("Only coordinators write down conferences."))
