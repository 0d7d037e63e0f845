"""Lines of an account: what each did cost, at which rate, and the receipts that prove it."""

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from conferences import advance, rate_queries
from conferences.coming_back_access import travels
from conferences.coming_back_states import TO_WRITE
from conferences.currencies import HOME
from conferences.models import AdvanceLine, AdvanceReport, EstimateLine, Receipt
from conferences.models.coming_back import ACCOUNTED
from conferences.money import Money, to_tenge
from conferences.rate_queries import Priced
from schools import audit, files
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.files import Upload

MOST_LINES = 60
MOST_RECEIPTS = 10


@transaction.atomic
def write(
    *,
    line: AdvanceLine,
    sum: Money,
    on: date,
    actor: Actor,
    micro: int | None = None,
    source: str = "",
    reason: str = "",
    receipt: Upload | None = None,
) -> AdvanceLine:
    """Write down what a line did cost on that day, at the published rate or at the one on the receipt.

    Raises Refused where no rate is known, a rate of the own has no source, or a line nobody foresaw loses its reason.
    """
    report = _to_write(line.report, actor)
    line = _standing(line)
    if line.estimate_id is None and not reason.strip():
        raise Refused(_("Say why this was not foreseen."))
    priced = _priced(sum, on, micro, source)
    before = (line.amount, line.currency, line.tenge)
    line.amount, line.currency, line.tenge = sum.minor, sum.currency, priced.tenge
    line.rate, line.rate_on, line.rate_source, line.reason = priced.micro, priced.on, priced.source, reason.strip()
    line.save(update_fields=["amount", "currency", "tenge", "rate", "rate_on", "rate_source", "reason"])
    _record(line, "advance.write_line", before, actor)
    if receipt is not None:
        add_receipt(line=line, upload=receipt, actor=actor)
    advance.take_in_estimate(report)
    return line


@transaction.atomic
def add(
    *,
    report: AdvanceReport,
    kind: str,
    what: str,
    like: EstimateLine,
    sum: Money,
    on: date,
    reason: str,
    actor: Actor,
    micro: int | None = None,
    source: str = "",
    receipt: Upload | None = None,
) -> AdvanceLine:
    """Add what nobody foresaw; the same budget owner pays it as pays the line `like`. Raises as `write` does."""
    report = _to_write(report, actor)
    _refuse_unfounded(report, like, reason)
    priced = _priced(sum, on, micro, source)
    line = AdvanceLine.objects.create(
        report=report,
        order=(report.lines.aggregate(last=Max("order"))["last"] or 0) + 1,
        kind=kind,
        what=what,
        payer=like.payer,
        payer_school_id=like.payer_school_id,
        amount=sum.minor,
        currency=sum.currency,
        rate=priced.micro,
        rate_on=priced.on,
        rate_source=priced.source,
        tenge=priced.tenge,
        reason=reason.strip(),
    )
    _record(line, "advance.add_line", (None, "", None), actor)
    if receipt is not None:
        add_receipt(line=line, upload=receipt, actor=actor)
    advance.take_in_estimate(report)
    return line


def _refuse_unfounded(report: AdvanceReport, like: EstimateLine, reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Say why this was not foreseen."))
    if like.trip_id != report.trip_id or like.payer not in ACCOUNTED:
        raise Refused(_("Choose who pays."))
    if report.lines.count() >= MOST_LINES:
        raise Refused(_("The report has too many lines already."))


@transaction.atomic
def drop(*, line: AdvanceLine, actor: Actor) -> None:
    """Take out a line that the estimate does not have, with its receipts."""
    _to_write(line.report, actor)
    if line.estimate_id is not None:
        raise Refused(_("A line of the estimate stays: write 0 if nothing was spent."))
    for receipt in line.receipts.select_related("file__owner"):
        files.drop(file=receipt.file, actor=actor)
    _record(line, "advance.drop_line", (line.amount, line.currency, line.tenge), actor)
    line.delete()


@transaction.atomic
def add_receipt(*, line: AdvanceLine, upload: Upload, actor: Actor) -> Receipt:
    """Keep a receipt; it belongs to the accounts and has no day on which it goes."""
    _to_write(line.report, actor)
    if line.receipts.count() >= MOST_RECEIPTS:
        raise Refused(_("A line has at most %(count)s receipts.") % {"count": MOST_RECEIPTS})
    file = files.keep(upload=upload, owner=files.owner_of(actor), actor=actor)
    return Receipt.objects.create(line=line, file=file)


@transaction.atomic
def drop_receipt(*, receipt: Receipt, actor: Actor) -> None:
    """Take back a receipt that was added by mistake."""
    _to_write(receipt.line.report, actor)
    files.drop(file=receipt.file, actor=actor)
    receipt.delete()


def _standing(line: AdvanceLine) -> AdvanceLine:
    """The line as it is now, under the lock of its report. Raises Stale if a fellow traveller took it out."""
    row = AdvanceLine.objects.filter(pk=line.pk).first()
    if row is None:
        raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
    return row


def _to_write(report: AdvanceReport, actor: Actor) -> AdvanceReport:
    """The report under its lock, if it is the actor's to write in. Raises Refused and Stale."""
    if not travels(actor, report.trip):
        raise Refused(_("This is not yours to do with this report."))
    report = AdvanceReport.objects.select_for_update(no_key=True).get(pk=report.pk)
    if report.state not in TO_WRITE:
        raise Stale(_("This report was sent, decided or changed in the meantime. Its present status is shown."))
    return report


def _priced(sum: Money, on: date, micro: int | None, source: str) -> Priced:
    if on > timezone.localdate():
        raise Refused(_("The day of a payment cannot lie ahead."))
    if micro is None or sum.currency == HOME:
        return rate_queries.price(sum, on=on)
    if not source.strip():
        raise Refused(_("Say where the rate is from: the bank or the receipt."))
    return Priced(to_tenge(sum.minor, sum.currency, micro), micro, on, source.strip())


def _record(line: AdvanceLine, verb: str, before: tuple[int | None, str, int | None], actor: Actor) -> None:
    names = ("amount", "currency", "tenge")
    changes = {name: (old, getattr(line, name)) for name, old in zip(names, before, strict=True)}
    audit.record(actor=actor, verb=verb, subject=line, changes=changes)
