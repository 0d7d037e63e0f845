"""The tables of a trip's papers and reports refuse what cannot be, whatever code writes them."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from conferences.models import (
    AdvanceLine,
    AdvanceMove,
    AdvanceReport,
    EstimateLine,
    Receipt,
    TripDocument,
    WrittenReport,
)
from tests.cast import Cast
from tests.conferences import coming_back as rows


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def refused(call: Any, **fields: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        call(**fields)


def test_a_paper_of_one_traveller_says_whose_it_is_and_others_do_not(cast: Cast) -> None:
    trip = rows.approved(cast.librarian)
    passport, programme = (rows.document(trip, cast.librarian, kind) for kind in ("passport", "programme"))
    refused(TripDocument.objects.filter(pk=passport.pk).update, person=None)
    refused(TripDocument.objects.filter(pk=programme.pk).update, person=cast.librarian.person)
    refused(TripDocument.objects.filter(pk=programme.pk).update, kind="passport")
    refused(TripDocument.objects.filter(pk=programme.pk).update, kind="menu")
    refused(TripDocument.objects.create, trip=trip, kind="other", file=passport.file)
    assert TripDocument.objects.filter(pk=programme.pk).update(kind="invitation") == 1


def test_a_trip_has_one_account_and_what_was_sent_has_a_version(cast: Cast) -> None:
    trip = rows.approved(cast.librarian)
    report = rows.account(trip)
    refused(AdvanceReport.objects.create, trip=trip)
    refused(AdvanceReport.objects.filter(pk=report.pk).update, state="submitted")
    refused(AdvanceReport.objects.filter(pk=report.pk).update, state="lost", version=1)
    assert AdvanceReport.objects.filter(pk=report.pk).update(state="submitted", version=1) == 1


def test_a_line_is_empty_or_whole(cast: Cast) -> None:
    trip = rows.approved(cast.librarian)
    estimate = rows.estimate(trip)
    line = rows.spent(rows.account(trip), estimate)
    one = AdvanceLine.objects.filter(pk=line.pk)
    faults: list[dict[str, Any]] = [
        {"amount": -1},
        {"amount": 10**14 + 1},
        {"tenge": None},
        {"rate": 0},
        {"rate_on": None},
        {"currency": "XXX"},
        {"currency": ""},
        {"kind": "bribe"},
        {"payer": "host"},
        {"payer": "school"},
        {"payer_school": cast.school},
        {"estimate": None},
    ]
    for fault in faults:
        refused(one.update, **fault)
    empty = dict.fromkeys(("amount", "rate", "rate_on", "tenge"), None) | {"currency": "", "rate_source": ""}
    assert one.update(amount=0, tenge=0) == one.update(**empty) == 1
    refused(rows.spent, report=line.report, line=estimate)


def test_a_line_that_nobody_foresaw_says_why(cast: Cast) -> None:
    report = rows.account(rows.approved(cast.librarian))
    line = rows.spent(report)
    refused(AdvanceLine.objects.filter(pk=line.pk).update, reason="")
    assert AdvanceLine.objects.filter(pk=line.pk).update(payer="school", payer_school=cast.school) == 1


def test_a_receipt_is_one_file_and_goes_with_its_line_while_the_file_stays(cast: Cast) -> None:
    trip = rows.approved(cast.librarian)
    line = rows.spent(rows.account(trip), rows.estimate(trip))
    receipt = Receipt.objects.create(line=line, file=rows.kept(cast.librarian))
    refused(Receipt.objects.create, line=line, file=receipt.file)
    EstimateLine.objects.filter(trip=trip).delete()
    assert (Receipt.objects.count(), AdvanceLine.objects.count()) == (0, 0)
    receipt.file.refresh_from_db()
    assert not receipt.file.is_gone


def test_who_returns_an_account_says_why(cast: Cast) -> None:
    report = rows.account(rows.approved(cast.librarian))
    move = AdvanceMove.objects.create(report=report, verb="return", state="returned", version=1, note="Чек жоқ")
    refused(AdvanceMove.objects.filter(pk=move.pk).update, note="")
    refused(AdvanceMove.objects.filter(pk=move.pk).update, verb="burn")
    refused(AdvanceMove.objects.filter(pk=move.pk).update, state="burnt")


def test_a_report_that_colleagues_read_is_whole(cast: Cast) -> None:
    report = rows.written(rows.approved(cast.librarian), cast.librarian, title="")
    one, now = WrittenReport.objects.filter(pk=report.pk), timezone.now()
    refused(WrittenReport.objects.create, trip=report.trip, author=cast.librarian.person, language="kk")
    refused(one.update, published_at=now)
    refused(one.update, state="published")
    refused(one.update, state="published", published_at=now)
    refused(one.update, language="xx")
    assert one.update(title="Оқу", state="published", published_at=now) == 1
    for field in ("title", "learned", "ideas"):
        refused(one.update, **{field: ""})
    assert WrittenReport.objects.get(pk=report.pk).key == "окушылар китапты оздери тандайды. апта сайын уйирме откизу."
