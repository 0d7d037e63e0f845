"""Opening a run to staff of any school."""

import pytest

from courses import gates
from tests.courses import rows

pytestmark = pytest.mark.django_db


def test_guests_are_asked_for_no_approval(cast):
    run = rows.run(outreach=True, chain=rows.director_chain(), contact=cast.hq.person, host=cast.school)
    assert [field for field, _text in gates.run_faults(run) if field == "chain"] == ["chain"]
    run.chain = rows.chain()
    assert [field for field, _text in gates.run_faults(run) if field == "chain"] == []


def test_the_form_shows_whether_a_run_is_open_to_all(cast):
    run = rows.run(outreach=True, school_limit=7, state="draft")
    page = cast.hq.client().get(f"/kk/organise/runs/{run.uid}/edit/").text
    assert 'name="school_limit" value="7"' in page
    assert 'name="outreach"' in page


def test_a_visitor_is_led_from_the_run_to_the_sign_up_without_an_account(cast, client):
    run = rows.run(outreach=True)
    link = f"/kk/seminars/{run.uid}/sign-up/"
    assert link in client.get(f"/kk/courses/{run.uid}/").text
    assert link not in cast.librarian.client().get(f"/kk/courses/{run.uid}/").text
    assert "/sign-up/" not in client.get(f"/kk/courses/{rows.run().uid}/").text
