"""Keeping the route of approval, and who stands in for whom."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conferences import route_keeping
from conferences.models import ApprovalRoute, StandIn
from conferences.route_keeping import StepPlan, load_route
from conferences.routing import route_on
from schools.errors import Refused
from tests.cast import Cast
from tests.conferences import asking
from tests.conferences.trips import route

pytestmark = pytest.mark.django_db
STEP = {"name_kk": "Бас кеңсе", "name_ru": "Головной офис", "name_en": "HQ"}


def typed(*rows: dict[str, object], **fields: object) -> dict[str, object]:
    data = {"valid_from": timezone.localdate().isoformat(), "rows-TOTAL_FORMS": len(rows), "rows-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {f"rows-{number}-{name}": value for name, value in {**STEP, **row}.items()}
    return {**data, **fields}


def test_a_new_portal_has_the_usual_route_and_loading_again_changes_nothing() -> None:
    load_route()
    load_route()
    assert [step.role for step in ApprovalRoute.objects.get().steps.all()] == ["director", "hq", "finance"]


def test_a_new_version_serves_new_requests_and_those_under_way_keep_theirs(cast: Cast) -> None:
    old = route()
    asking.budgets(cast)
    trip = asking.sent(cast.librarian)
    data = typed(
        {"order": 1, "role": "hq", "two_hands_from": "5 000"}, {"order": 2, "email": cast.finance.person.email}
    )
    assert cast.hq.client().post(reverse("conferences:route_new"), data).status_code == 302
    new = route_on(timezone.localdate())
    first, second = new.steps.all()
    assert (new.number, first.two_hands_from, second.person) == (old.number + 1, 5000_00, cast.finance.person)
    trip.refresh_from_db()
    assert trip.route == old
    assert asking.sent(cast.stranger).route == new


@pytest.mark.parametrize(
    "row",
    [
        {"order": 1},
        {"order": 0, "role": "hq"},
        {"order": 1, "role": "hq", "email": "hq@example.kz"},
        {"order": 1, "email": "nobody@example.kz"},
        {"order": 1, "role": "librarian"},
        {"order": 1, "role": "hq", "above": "-5"},
        {"order": 1, "role": "hq", "days": 0},
    ],
)
def test_a_bad_step_comes_back_filled(cast: Cast, row: dict[str, object]) -> None:
    answer = cast.hq.client().post(reverse("conferences:route_new"), typed(row))
    assert answer.status_code == 422
    assert 'value="Бас кеңсе"' in answer.text
    assert not ApprovalRoute.objects.exists()


def test_no_route_without_steps_or_in_the_past(cast: Cast) -> None:
    client, where = cast.hq.client(), reverse("conferences:route_new")
    assert client.post(where, typed()).status_code == 422
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert client.post(where, typed({"order": 1, "role": "hq"}, valid_from=yesterday)).status_code == 422
    step = StepPlan(order=1, role="hq", **STEP)
    with pytest.raises(Refused):
        route_keeping.set_route(steps=[step], valid_from=timezone.localdate(), actor=cast.finance.actor)


def test_a_row_more_without_a_script(cast: Cast) -> None:
    answer = cast.hq.client().post(reverse("conferences:route_new"), typed({"order": 1}, add="rows"))
    assert answer.status_code == 200
    assert 'name="rows-1-order"' in answer.text
    assert not ApprovalRoute.objects.exists()


class TestStandIns:
    def named(self, member, **fields: object):
        today = timezone.localdate().isoformat()
        data = {"holder": member.person.uid, "email": "trainer@example.kz", "valid_from": today, "valid_to": today}
        return member.client().post(reverse("conferences:stand_ins"), {**data, **fields})

    def test_finance_names_one_for_itself_and_ends_it(self, cast: Cast) -> None:
        assert self.named(cast.finance).status_code == 302
        row = StandIn.objects.get()
        assert (row.holder, row.deputy) == (cast.finance.person, cast.trainer.person)
        where = reverse("conferences:stand_in_end", args=[row.uid])
        assert cast.finance.client().post(where).status_code == 302
        assert not StandIn.objects.exists()

    def test_and_not_for_another(self, cast: Cast) -> None:
        assert self.named(cast.finance, holder=cast.hq.person.uid).status_code == 422
        assert self.named(cast.hq, holder=cast.finance.person.uid).status_code == 302
        row = StandIn.objects.get()
        with pytest.raises(Refused):
            route_keeping.end_stand_in(row=row, actor=cast.auditor.actor)

    @pytest.mark.parametrize(
        "fields", [{"email": "nobody@x.kz"}, {"email": "finance@example.kz"}, {"valid_to": "2026-01-01"}]
    )
    def test_nonsense_meets_a_message(self, cast: Cast, fields: dict[str, object]) -> None:
        assert self.named(cast.finance, **fields).status_code == 422
        assert not StandIn.objects.exists()

    def test_days_that_overlap_are_refused(self, cast: Cast) -> None:
        assert self.named(cast.finance).status_code == 302
        assert self.named(cast.finance, email="auditor@example.kz").status_code == 422
