"""The coordinator's way through an allocation, and what pages cost."""

import json
from collections.abc import Iterator
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from courses.models import Allocation, AllocationRules, Enrolment
from courses.states import AllocationState
from tests import make
from tests.cast import Cast
from tests.courses import intakes, rows


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_from_an_empty_run_to_a_published_allocation(cast: Cast) -> None:
    run = rows.run(capacity=1, closes_at=rows.START)
    client = cast.hq.client()
    page = reverse("courses:run_allocation", args=[run.uid])
    assert client.post(reverse("courses:open_allocation", args=[run.uid])).url == page
    run.refresh_from_db()
    intakes.apply(cast.librarian.person, run)
    intakes.apply(cast.stranger.person, run)
    rules = intakes.rules()
    too_early = client.post(reverse("courses:propose_allocation", args=[run.uid]), {"rules": rules.version})
    assert too_early.status_code == 422
    intakes.close(run.intake)
    client.post(reverse("courses:propose_allocation", args=[run.uid]), {"rules": rules.version})
    made = Allocation.objects.get()
    shown = client.get(reverse("courses:allocation", args=[made.uid])).text
    assert cast.librarian.person.full_name in shown
    repeated = client.post(reverse("courses:repeat_allocation", args=[made.uid]), follow=True)
    assert "byte for byte" in repeated.text
    client.post(reverse("courses:publish_allocation", args=[made.uid]))
    made.refresh_from_db()
    assert made.state in (AllocationState.DRAFT, AllocationState.PUBLISHED)


def test_an_edit_without_a_reason_comes_back_as_typed(cast: Cast) -> None:
    (run,) = intakes.runs(1)
    (row,) = intakes.apply(cast.librarian.person, run)
    made = intakes.propose(run.intake, cast.hq.actor)
    url, client = reverse("courses:edit_allocation", args=[made.uid, row.uid]), cast.hq.client()
    assert client.post(url, {"run": "none", "reason": ""}).status_code == 422
    refused = client.post(url, {"run": run.uid, "reason": "Сол күйінде"})
    assert (refused.status_code, "Сол күйінде" in refused.text) == (422, True)
    assert client.post(url, {"run": "none", "reason": "Ауырып қалды"}).status_code == 302
    assert made.edits.get().reason == "Ауырып қалды"


def test_the_files_are_what_is_stored(cast: Cast) -> None:
    (run,) = intakes.runs(1)
    intakes.apply(cast.librarian.person, run)
    made = intakes.propose(run.intake, cast.hq.actor)
    client = cast.hq.client()
    for what in ("inputs", "result"):
        body = client.get(reverse(f"courses:allocation_{what}", args=[made.uid])).content
        assert body.decode() == getattr(made, what)
    assert len(json.loads(made.inputs)["applicants"]) == 1
    book = client.get(reverse("courses:allocation_table", args=[made.uid])).content
    sheet = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
    assert any(cast.librarian.person.full_name in line for line in sheet)


def test_another_version_is_compared_on_the_same_people(cast: Cast) -> None:
    (run,) = intakes.runs(1)
    intakes.pool([make.librarian(make.school()) for _ in range(3)], run)
    made = intakes.propose(run.intake, cast.hq.actor)
    client = cast.hq.client()
    typed = {"need": 0, "gap": 0, "share": 50, "kept": 49, "committee": 0, "target_hours": 80, "gap_months": 36}
    assert client.post(reverse("courses:sharing_rules"), typed | {"note": "x"}).status_code == 422
    assert client.post(reverse("courses:sharing_rules"), typed | {"kept": 50, "note": "Сынақ"}).status_code == 302
    assert AllocationRules.objects.count() == 2
    answer = client.get(reverse("courses:compare_allocation", args=[made.uid]), {"rules": 2})
    assert "Version 1 against version 2" in answer.text


def test_nobody_else_keeps_a_version(cast: Cast) -> None:
    intakes.rules()
    assert cast.director.client().post(reverse("courses:sharing_rules"), {"need": 100}).status_code == 403
    assert AllocationRules.objects.count() == 1


def test_pages_cost_the_same_for_one_and_for_thirty(cast: Cast, django_assert_num_queries: object) -> None:
    first, second = intakes.runs(1, 1)
    client = cast.hq.client()
    intakes.pool([make.librarian(make.school())], first, second)
    for more in (0, 29):
        intakes.pool([make.librarian(make.school()) for _ in range(more)], first, second)
        made = intakes.propose(first.intake, cast.hq.actor)
        url = reverse("courses:allocation", args=[made.uid])
        client.get(url)
        with django_assert_num_queries(PAGE):
            client.get(url)
    assert Enrolment.objects.count() == 60


PAGE = 14
"""Queries of the page of a proposal."""
