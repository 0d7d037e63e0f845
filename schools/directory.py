"""The directory of general-education schools: add, correct, archive, and answer «my school is not listed».

Schools of NIS stand in the same table, but follow their reference data: these verbs refuse them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from schools import audit, registry
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import Region, School, SchoolName, SchoolRequest
from schools.models.base import make_uid
from schools.models.school import LANGUAGES, search_key_of
from schools.models.words import words_of
from schools.states import RequestState, SchoolKind, SchoolSource

NAMES = tuple(f"name_{code}" for code in LANGUAGES)
PLACES = tuple(f"{field}_{code}" for field in ("city", "district") for code in LANGUAGES)
FACTS = ("region", *NAMES, *PLACES, "rural", "external_code")
"""What is on record of a general school. The Kazakh name is needed; `rural` may be unknown (None)."""
SHORT = 120
"""Characters of a short name."""


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A school that was not found, as it was typed."""

    region: Region
    name: str
    district: str = ""


def facts_of(school: School) -> dict[str, Any]:
    """What is on record of a school, by the names in FACTS; the name is the one of today."""
    name = _name_of(school)
    named = {f"name_{code}": getattr(name, f"official_{code}", "") for code in LANGUAGES}
    return {**named, **{field: getattr(school, field) for field in FACTS if field not in named}}


def new_school(values: Mapping[str, Any], *, source: str, uid: str = "") -> tuple[School, SchoolName]:
    """The rows of a school that is not saved yet, with the key that finds it; with a `uid` of its own if need be."""
    uid = uid or make_uid()
    rest = {field: values[field] for field in FACTS if field in values and field not in NAMES}
    school = School(uid=uid, code=f"s-{uid}", kind=SchoolKind.GENERAL, source=source, **rest)
    name = SchoolName(school=school, **_words_of_name(values))
    school.search_key = search_key_of(school, [name])
    return school, name


@transaction.atomic
def add_school(*, values: Mapping[str, Any], actor: Actor, source: str = SchoolSource.ADDED) -> School:
    """Add a general school with the FACTS in `values`. Raises Refused where it stands in the directory already."""
    _refuse_known(values)
    school, name = new_school(values, source=source)
    try:
        with transaction.atomic():
            school.save()
            name.save()
    except IntegrityError as taken:
        raise Refused(_("Another school has this code of the ministry.")) from taken
    written = {field: (None, value) for field, value in values.items() if value not in ("", None)}
    audit.record(actor=actor, verb="school.add", subject=school, changes=written, school=school)
    return school


@transaction.atomic
def correct_school(*, school: School, values: Mapping[str, Any], actor: Actor) -> bool:
    """Put right what is on record of a general school; False where nothing differs. Raises Refused."""
    school = _lock(school)
    known = facts_of(school)
    changes = {field: (known[field], value) for field, value in values.items() if value != known[field]}
    if not changes:
        return False
    if not changes.keys().isdisjoint(NAMES):
        name = _name_of(school) or SchoolName(school=school)
        for field, value in _words_of_name({**known, **values}).items():
            setattr(name, field, value)
        name.save()
    rest = [field for field in changes if field not in NAMES]
    for field in rest:
        setattr(school, field, values[field])
    try:
        with transaction.atomic():
            school.save(update_fields=rest)
    except IntegrityError as taken:
        raise Refused(_("Another school has this code of the ministry.")) from taken
    audit.record(actor=actor, verb="school.correct", subject=school, changes=changes, school=school)
    return True


@transaction.atomic
def archive_school(*, school: School, actor: Actor) -> None:
    """It is found no more; sign-ups that name it stay. Raises Stale where it is archived already."""
    school = _lock(school)
    if school.archived_at:
        raise Stale(_("This school is archived already."))
    _set_archived(school, timezone.now(), "school.archive", actor)


@transaction.atomic
def restore_school(*, school: School, actor: Actor) -> None:
    """It is found again. Raises Stale where it was not archived."""
    school = _lock(school)
    if not school.archived_at:
        raise Stale(_("This school is in the directory already."))
    _set_archived(school, None, "school.restore", actor)


@transaction.atomic
def request_school(
    *, region: Region, name: str, actor: Actor, district: str = "", contact: str = "", language: str = "kk"
) -> SchoolRequest:
    """Keep a school that somebody did not find, for HQ to answer."""
    request = SchoolRequest.objects.create(
        region=region, district=district, name=name, contact=contact, language=language
    )
    changes = {"name": ("", name), "district": ("", district), "region": (None, region)}
    audit.record(actor=actor, verb="school.request", subject=request, changes=changes)
    return request


@transaction.atomic
def find_requested(*, request: SchoolRequest, school: School, actor: Actor) -> None:
    """The school stood in the directory after all. Raises Stale where the request is answered, Refused if archived."""
    request = _lock_request(request, RequestState.WAITING)
    if School.objects.filter(pk=school.pk).exclude(archived_at=None).exists():
        raise Refused(_("This school is archived: restore it first, or choose another."))
    _answer(request, RequestState.FOUND, actor, school=school)


@transaction.atomic
def add_requested(*, request: SchoolRequest, values: Mapping[str, Any], actor: Actor) -> School:
    """Add the school that was asked for. Raises Stale where the request is answered, Refused as `add_school`."""
    request = _lock_request(request, RequestState.WAITING)
    school = add_school(values=values, actor=actor)
    _answer(request, RequestState.ADDED, actor, school=school)
    return school


@transaction.atomic
def refuse_requested(*, request: SchoolRequest, note: str, actor: Actor) -> None:
    """There is no such school. `note` says why. Raises Stale where the request is answered."""
    _answer(_lock_request(request, RequestState.WAITING), RequestState.REFUSED, actor, note=note)


@transaction.atomic
def reopen_request(*, request: SchoolRequest, actor: Actor) -> None:
    """Take up a refused one again. Raises Stale where it was not refused."""
    request = _lock_request(request, RequestState.REFUSED)
    request.state, request.decided_by, request.decided_at = RequestState.WAITING, None, None
    request.save(update_fields=["state", "decided_by", "decided_at"])
    changes = {"state": (RequestState.REFUSED, RequestState.WAITING)}
    audit.record(actor=actor, verb="school.reopen_request", subject=request, changes=changes)


def _answer(request: SchoolRequest, state: str, actor: Actor, *, school: School | None = None, note: str = "") -> None:
    changes = {"state": (request.state, state), "school": (None, school), "note": (request.note, note)}
    request.state, request.school, request.note = state, school, note
    request.decided_by_id, request.decided_at = actor.person_id, timezone.now()
    request.save(update_fields=["state", "school", "note", "decided_by", "decided_at"])
    audit.record(actor=actor, verb="school.answer_request", subject=request, changes=changes, school=school)
    if school:
        registry.school_found.tell(request=request, school=school, actor=actor)


def _lock_request(request: SchoolRequest, state: str) -> SchoolRequest:
    found = SchoolRequest.objects.select_for_update(no_key=True, of=("self",)).get(pk=request.pk)
    if found.state != state:
        raise Stale(_("Somebody has dealt with this school already."))
    return found


def _lock(school: School) -> School:
    rows = School.objects.select_for_update(no_key=True, of=("self",)).select_related("region")
    found = rows.get(pk=school.pk)
    if found.kind != SchoolKind.GENERAL:
        raise Refused(_("Schools of NIS are kept with the reference data, not here."))
    return found


def _set_archived(school: School, moment: Any, verb: str, actor: Actor) -> None:
    changes = {"archived_at": (school.archived_at, moment)}
    school.archived_at = moment
    school.save(update_fields=["archived_at"])
    audit.record(actor=actor, verb=verb, subject=school, changes=changes, school=school)


def _refuse_known(values: Mapping[str, Any]) -> None:
    """The same name in the same district and settlement, and no code to tell them apart."""
    rows = School.objects.filter(region=values["region"], kind=SchoolKind.GENERAL, archived_at=None)
    for word in words_of(values["name_kk"]):
        rows = rows.filter(search_key__name_word=word)
    for school in rows.select_related("region").prefetch_related("names")[:50]:
        known = facts_of(school)
        alike = all(words_of(known[field]) == words_of(values.get(field, "")) for field in ("name_kk", *PLACES[::3]))
        if alike and not (known["external_code"] and values.get("external_code")):
            raise Refused(_("A school of this name stands in the directory already: %(school)s.") % {"school": school})


def _name_of(school: School) -> SchoolName | None:
    """The name of today: of a general school the one row, unless somebody gave it former names."""
    rows = sorted(school.names.all(), key=lambda row: (row.valid_to is None, row.valid_from is not None, row.pk))
    return rows[-1] if rows else None


def _words_of_name(values: Mapping[str, Any]) -> dict[str, str]:
    official = {f"official_{code}": values.get(f"name_{code}") or "" for code in LANGUAGES}
    return {**official, **{f"short_{code}": _short(official[f"official_{code}"]) for code in LANGUAGES}}


def _short(name: str) -> str:
    """The name as lists have room for it, cut between words."""
    return name if len(name) <= SHORT else name[: SHORT - 1].rsplit(" ", 1)[0] + "…"
