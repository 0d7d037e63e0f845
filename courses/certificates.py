"""Certificates: issue, revoke, correct. What a certificate states is frozen when it is issued."""

import secrets
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import access, certificate_letters
from courses.models import Certificate, CertificateSeries, Enrolment, Run
from courses.models.certificate import NUMBER
from courses.states import CertificateState, EnrolmentState
from schools import audit
from schools.access import Actor
from schools.errors import Refused
from schools.models import School

LANGUAGES = ("kk", "ru", "en")
CODE_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
CODE_LENGTH = 16
"""16 letters of 31: 79 random bits, so that codes cannot be guessed."""


def new_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _letter in range(CODE_LENGTH))


def issue(*, enrolment: Enrolment, actor: Actor) -> Certificate:
    """Give the certificate of a completed enrolment; returns the one that stands, if there is one already.

    Raises Refused for others than HQ and administrators, or if the course is not completed.
    """
    return issue_many(enrolments=[enrolment], actor=actor)[0]


@transaction.atomic
def issue_many(*, enrolments: Sequence[Enrolment], actor: Actor) -> list[Certificate]:
    """Give all of them their certificates, numbered in their order, or none. Returns and raises as `issue` does."""
    _refuse_others(actor)
    rows = _locked(enrolments)
    valid = Certificate.objects.filter(enrolment__in=rows, state=CertificateState.VALID)
    standing = {certificate.enrolment_id: certificate for certificate in valid}
    waiting = [row for row in rows if row.pk not in standing]
    if any(row.state != EnrolmentState.COMPLETED for row in waiting):
        raise Refused(_("A certificate is given only after the course is completed."))
    given = _write(waiting, actor=actor, verb="certificate.issue")
    certificate_letters.tell(given, certificate_letters.ISSUED)
    standing |= {certificate.enrolment_id: certificate for certificate in given}
    return [standing[row.pk] for row in rows]


@transaction.atomic
def revoke(*, certificate: Certificate, actor: Actor, reason: str) -> Certificate:
    """Take a certificate's force away, with a reason that the holder reads. The public page then says «revoked».

    Raises Refused for others than HQ and administrators, without a reason, or if it has no force any more.
    """
    _refuse_others(actor)
    _refuse_silence(reason)
    row = _valid(certificate)
    _close(row, CertificateState.REVOKED, reason, actor=actor, verb="certificate.revoke")
    certificate_letters.tell([row], certificate_letters.REVOKED)
    return row


@transaction.atomic
def reissue(*, certificate: Certificate, actor: Actor, reason: str) -> Certificate:
    """Give a new certificate with the person's present name in place of an old one, which is superseded.

    Raises Refused as `revoke` does.
    """
    _refuse_others(actor)
    _refuse_silence(reason)
    old = _valid(certificate)
    _close(old, CertificateState.SUPERSEDED, reason, actor=actor, verb="certificate.supersede")
    given = _write(_locked([old.enrolment]), actor=actor, verb="certificate.reissue", supersedes=old)
    certificate_letters.tell(given, certificate_letters.CORRECTED)
    return given[0]


def _write(
    rows: Sequence[Enrolment], *, actor: Actor, verb: str, supersedes: Certificate | None = None
) -> list[Certificate]:
    today, words = timezone.localdate(), _Words()
    given = Certificate.objects.bulk_create(
        Certificate(
            enrolment=row,
            person=row.person,
            code=new_code(),
            number=number,
            state=CertificateState.VALID,
            issued_on=today,
            issued_by_id=actor.person_id,
            supersedes=supersedes,
            **_statement(row, words),
        )
        for row, number in zip(rows, _take_numbers(today, len(rows)), strict=True)
    )
    old_number = supersedes.number if supersedes else None
    audit.record_many(
        actor=actor,
        verb=verb,
        deeds=[
            audit.Deed(one, {"number": (old_number, one.number)}, school=one.enrolment.school, person=one.person)
            for one in given
        ],
    )
    return given


class _Words(dict[tuple[int, int | None], dict[str, object]]):
    """Programme, school and place in the three languages, put together once for all people of a school in a run."""

    def of(self, row: Enrolment) -> dict[str, object]:
        key = row.run_id, row.school_id
        if key not in self:
            self[key] = _words(row)
        return self[key]


def _words(row: Enrolment) -> dict[str, object]:
    run = row.run
    words: dict[str, object] = {}
    for language in LANGUAGES:
        words[f"programme_{language}"] = getattr(run.course, f"title_{language}") or str(run.course)
        words[f"school_{language}"] = row.school.official_name(on=run.ends_on, language=language) if row.school else ""
        host = run.host.short_name(on=run.ends_on, language=language) if run.host else ""
        words[f"place_{language}"] = getattr(run, f"place_{language}") or host
    return words


def _statement(row: Enrolment, words: _Words) -> dict[str, object]:
    """What the certificate says, as it is today; the school has its name of the run's last day."""
    run, person = row.run, row.person
    return {
        "holder": person.full_name,
        "holder_latin": person.latin_name,
        "hours": run.course.hours,
        "starts_on": run.starts_on,
        "ends_on": run.ends_on,
        **words.of(row),
    }


def _take_numbers(day: date, count: int) -> list[str]:
    """The next numbers of the year. Its series stays locked until the transaction ends."""
    if not count:
        return []
    CertificateSeries.objects.get_or_create(year=day.year)
    series = CertificateSeries.objects.select_for_update(no_key=True).get(year=day.year)
    first, series.next_order = series.next_order, series.next_order + count
    series.save(update_fields=["next_order"])
    return [NUMBER.format(year=day.year, order=order) for order in range(first, series.next_order)]


def _locked(enrolments: Sequence[Enrolment]) -> list[Enrolment]:
    """The enrolments in their own order, as they are now; locked in the order of keys."""
    rows = Enrolment.objects.select_for_update(no_key=True, of=("self",)).select_related("person", "signup")
    found = {row.pk: row for row in rows.filter(pk__in=[enrolment.pk for enrolment in enrolments]).order_by("pk")}
    runs = Run.objects.select_related("course", "host").prefetch_related("host__names")
    schools = School.objects.prefetch_related("names")
    run_of = runs.in_bulk({row.run_id for row in found.values()})
    school_of = schools.in_bulk({row.school_id for row in found.values() if row.school_id})
    for row in found.values():  # many people, few runs and schools
        row.run, row.school = run_of[row.run_id], school_of.get(row.school_id or 0)
    return [found[enrolment.pk] for enrolment in enrolments]


def _valid(certificate: Certificate) -> Certificate:
    row = (
        Certificate.objects.select_for_update(no_key=True, of=("self",))
        .select_related("enrolment__school", "enrolment__signup", "person")
        .get(pk=certificate.pk)
    )
    if row.state != CertificateState.VALID:
        raise Refused(_("This certificate has no force any more."))
    return row


def _close(row: Certificate, state: str, reason: str, *, actor: Actor, verb: str) -> None:
    before, row.state = row.state, state
    row.closed_at, row.closed_reason = timezone.now(), reason
    row.save(update_fields=["state", "closed_at", "closed_reason"])
    audit.record(
        actor=actor,
        verb=verb,
        subject=row,
        changes={"state": (before, str(state))},
        note=reason,
        school=row.enrolment.school,
        person=row.person,
    )


def _refuse_others(actor: Actor) -> None:
    if not access.may_issue_certificates(actor):
        raise Refused(_("Only HQ and administrators issue certificates."))


def _refuse_silence(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Write the reason: it stands in the audit ledger."))
