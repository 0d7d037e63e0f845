"""What authors do with a presentation: begin it, write it in versions, talk about it, add what is left of it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conferences import presentation_access as access
from conferences import presentation_moves, presentation_queries
from conferences.models import Abstract, Author, Edition, Presentation, PresentationFile, Remark
from conferences.standing import standing
from conferences.states import AuthorState, PresentationVerb
from courses.organising import changed_by_another
from courses.plans import differences, facts_of
from courses.plans import version as version_of
from schools import audit, files
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import Person
from schools.queries import school_of

FACTS = ("title", "format", "language", "keywords", "blind")


@transaction.atomic
def begin(*, edition: Edition, facts: Mapping[str, Any], text: str, actor: Actor) -> Presentation:
    """A draft of the actor's own, with the first version of its abstract.

    Raises Refused without a person behind the account, and for a conference that is over or not held.
    """
    person = Person.objects.filter(pk=actor.person_id or 0, archived_at=None).first()
    if person is None:
        raise Refused(_("Only colleagues with a record of their own can propose."))
    if standing(edition, timezone.localdate()) in presentation_moves.CLOSED:
        raise Refused(_("This conference is over: nothing can be proposed to it."))
    now = timezone.now()
    row = Presentation.objects.create(edition=edition, created_at=now, changed_at=now, **facts)
    school = school_of(person, on=timezone.localdate())
    Author.objects.create(presentation=row, person=person, school=school, order=1, state=AuthorState.CONFIRMED)
    Abstract.objects.create(presentation=row, number=1, text=text, made_by=person, made_at=now)
    presentation_moves.write_down(row, PresentationVerb.BEGIN, actor=actor, before={"state": None, "award": ""})
    return row


@transaction.atomic
def edit(*, presentation: Presentation, facts: Mapping[str, Any], text: str, seen: str, actor: Actor) -> bool:
    """Write what changed; another text becomes a version of its own. `seen` is the `version` that the author saw.

    Returns whether anything changed. Raises Refused for others and in other states, Stale if somebody else saved.
    """
    row = presentation_queries.locked(presentation)
    if not access.may_write(actor, row):
        raise Refused(_("Only its authors change it, and only before it is sent or once it is accepted."))
    if version(row) != seen:
        raise Stale(changed_by_another())
    before = facts_of(row, FACTS)
    if facts["blind"] != row.blind and row.reviews.exists():
        raise Refused(_("Reviews have been asked for already: how they are made stays as it is."))
    for name in FACTS:
        setattr(row, name, facts[name])
    changes = differences(before, facts_of(row, FACTS))
    last = row.abstracts.last()
    if last is None or last.text != text:
        number = last.number + 1 if last else 1
        Abstract.objects.create(presentation=row, number=number, text=text, made_by_id=actor.person_id)
        changes["abstract"] = (last.number if last else None, number)
    if changes:
        row.changed_at = timezone.now()
        row.save(update_fields=[*FACTS, "search_key", "changed_at"])
        audit.record(actor=actor, verb="presentation.edit", subject=row, changes=changes)
    return bool(changes)


def version(presentation: Presentation) -> str:
    """What an author saw, as a token for `edit`."""
    return version_of({**facts_of(presentation, FACTS), "abstract": presentation.abstracts.count()})


@transaction.atomic
def remark(*, presentation: Presentation, text: str, actor: Actor) -> Remark:
    """Add a comment. Raises Refused for those who do not talk here."""
    row = presentation_queries.locked(presentation)
    if actor.person_id is None or not access.may_talk(actor, row):
        raise Refused(_("Only authors and coordinators comment."))
    made = Remark.objects.create(presentation=row, person_id=actor.person_id, text=text)
    audit.record(actor=actor, verb="presentation.remark", subject=row, note=text)
    return made


@transaction.atomic
def add_file(
    *,
    presentation: Presentation,
    kind: str,
    title: str,
    actor: Actor,
    url: str = "",
    upload: files.Upload | None = None,
) -> PresentationFile:
    """Add a link, or a file of one's own. Raises Refused for others, and unless exactly one of both is given."""
    row = presentation_queries.locked(presentation)
    if actor.person_id is None or not access.may_add_files(actor, row):
        raise Refused(_("Only authors and coordinators add materials."))
    if bool(url) == (upload is not None):
        raise Refused(_("Give an address or choose a file: one of the two."))
    person = Person.objects.get(pk=actor.person_id)
    kept = files.keep(upload=upload, owner=person, actor=actor) if upload else None
    made = PresentationFile.objects.create(
        presentation=row, kind=kind, title=title, url=url, file=kept, added_by=person
    )
    changes = {"title": (None, title), "url": (None, url)}
    audit.record(actor=actor, verb="presentation.add_file", subject=row, changes=changes)
    return made


@transaction.atomic
def remove_file(*, presentation: Presentation, file: PresentationFile, actor: Actor) -> None:
    """Take a material away for good. Raises Refused for others."""
    row = presentation_queries.locked(presentation)
    if not access.may_add_files(actor, row):
        raise Refused(_("Only authors and coordinators take materials away."))
    found = PresentationFile.objects.select_related("file__owner").filter(pk=file.pk, presentation=row).first()
    if found is None:
        return
    audit.record(actor=actor, verb="presentation.remove_file", subject=row, changes={"title": (found.title, None)})
    kept = found.file
    found.delete()
    if kept is not None:
        files.drop(file=kept, actor=actor)
