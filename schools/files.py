"""Keeping private files: taken in, handed out to those who may read, and gone when their time is over.

The content is written before its row and removed after it, so that a row never speaks of content that was not
there; what a crash leaves behind is found by `sweep`.
"""

import hashlib
import logging
import os
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from schools import audit, registry, vault
from schools.access import SYSTEM, Actor
from schools.errors import Refused
from schools.models import Person, PrivateFile
from schools.models.base import ALPHABET, UID_LENGTH, make_uid
from schools.states import FileKind

log = logging.getLogger(__name__)

SWEEP_BATCH = 500
STRAY_AFTER = timedelta(hours=24)
"""Content without a row is a crash's leaving once it is so old; before that its row may still be on its way."""
_UID = re.compile(rf"[{ALPHABET}]{{{UID_LENGTH}}}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a form has checked: its safe name, what it really is, and its content."""

    name: str
    kind: FileKind
    content: bytes


class Gone(Refused):
    """The content was deleted, or cannot be read any more."""


def owner_of(actor: Actor) -> Person:
    """Whose a file is that nobody else is named for: whoever adds it. Raises Refused for the portal itself."""
    if actor.person_id is None:
        raise Refused(_("A file belongs to a person."))
    return Person.objects.get(pk=actor.person_id)


@transaction.atomic
def keep(
    *, upload: Upload, owner: Person, actor: Actor, restricted: bool = False, delete_after: date | None = None
) -> PrivateFile:
    """Write it down; its content may be read through `delete_after` and is removed on the day after."""
    uid = make_uid()
    content = vault.seal(upload.content, name=uid) if restricted else upload.content
    _write(uid, content)
    file = PrivateFile.objects.create(
        uid=uid,
        name=upload.name,
        kind=upload.kind,
        size=len(upload.content),
        sha256=hashlib.sha256(upload.content).hexdigest(),
        owner=owner,
        restricted=restricted,
        delete_after=delete_after,
        uploaded_by_id=actor.person_id,
    )
    changes = {field: (None, getattr(file, field)) for field in ("kind", "size", "sha256", "restricted")}
    audit.record(actor=actor, verb="file.keep", subject=file, changes=changes, person=owner)
    return file


def read(*, file: PrivateFile, actor: Actor) -> bytes:
    """The content. Who reads a restricted file stands in the ledger before the first byte is handed out.

    The caller has asked whether the actor may read it. Raises Gone.
    """
    if file.is_gone:
        raise Gone(_("The content of this file was deleted."))
    try:
        content = path_of(file.uid).read_bytes()
        if file.restricted:
            content = vault.unseal(content, name=file.uid)
    except (OSError, vault.Unreadable) as problem:
        log.error("The content of file %s cannot be read (%s).", file.uid, type(problem).__name__)
        raise Gone(_("The content of this file cannot be read. Tell the administrator its number.")) from problem
    if file.restricted:
        with transaction.atomic():
            audit.record(actor=actor, verb="file.read", subject=file, person=file.owner)
    return content


@transaction.atomic
def drop(*, file: PrivateFile, actor: Actor, note: str = "") -> bool:
    """Delete the content and the name; the row stays as proof. False if they were gone already."""
    now = timezone.now()
    if not PrivateFile.objects.filter(pk=file.pk, deleted_at=None).update(deleted_at=now, name=""):
        return False
    file.deleted_at, file.name = now, ""
    audit.record(actor=actor, verb="file.drop", subject=file, note=note, person=file.owner)
    transaction.on_commit(partial(_remove, file.uid))
    return True


@transaction.atomic
def keep_until(*, file: PrivateFile, day: date | None, actor: Actor) -> None:
    """Change how long the content stays: the deed that it belongs to has moved."""
    if file.is_gone or file.delete_after == day:
        return
    changes = {"delete_after": (file.delete_after, day)}
    file.delete_after = day
    file.save(update_fields=["delete_after"])
    audit.record(actor=actor, verb="file.keep_until", subject=file, changes=changes, person=file.owner)


def sweep(*, today: date | None = None) -> int:
    """Delete what has expired, then what crashes left behind. Safe to run twice; returns how many files expired."""
    today = today or timezone.localdate()
    due = PrivateFile.objects.filter(deleted_at=None, delete_after__lt=today).select_related("owner").order_by("pk")
    expired = sum(drop(file=file, actor=SYSTEM) for file in due[:SWEEP_BATCH])
    _remove_strays()
    return expired


def path_of(uid: str) -> Path:
    """Where the content lies: folders by the first two letters, so that none grows long."""
    return Path(settings.DATA_DIR) / "files" / uid[:2] / uid


def listen() -> None:
    """Follow what becomes of people."""
    registry.merged.listen(follow_merged)
    registry.erased.listen(drop_restricted)


def follow_merged(*, kept: Person, gone: Person, actor: Actor) -> None:
    PrivateFile.objects.filter(owner=gone).update(owner=kept)
    PrivateFile.objects.filter(uploaded_by=gone).update(uploaded_by=kept)


def drop_restricted(*, person: Person, actor: Actor) -> None:
    """Copies of a person's papers go with the person's data; receipts belong to the accounts and stay."""
    for file in PrivateFile.objects.filter(owner=person, restricted=True, deleted_at=None).select_related("owner"):
        drop(file=file, actor=actor)


def _write(uid: str, content: bytes) -> None:
    """Whole or not at all, readable to the portal alone."""
    path = path_of(uid)
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _remove(uid: str) -> None:
    try:
        path_of(uid).unlink(missing_ok=True)
    except OSError as problem:
        log.warning("The content of file %s cannot be removed yet (%s).", uid, problem.strerror)


def _remove_strays() -> None:
    """Content whose row was rolled back, or was deleted just before a crash."""
    before = (timezone.now() - STRAY_AFTER).timestamp()
    folder = Path(settings.DATA_DIR) / "files"
    old = {path.name for path in folder.glob("*/*") if _UID.fullmatch(path.name) and path.stat().st_mtime < before}
    names = sorted(old)
    for start in range(0, len(names), SWEEP_BATCH):
        chunk = names[start : start + SWEEP_BATCH]
        living = PrivateFile.objects.filter(uid__in=chunk, deleted_at=None).values_list("uid", flat=True)
        for uid in set(chunk) - set(living):
            _remove(uid)
