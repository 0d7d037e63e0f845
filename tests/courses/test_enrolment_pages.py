"""Applying and deciding in a browser: what is shown, kept and refused."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from courses import enrolling
from courses.models import Enrolment
from courses.states import EnrolmentState as S
from courses.states import RunState
from schools.models import Mail
from tests.courses import rows

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>'\";--‮🦅"


def url(path, *, language="kk"):
    return f"/{language}/{path}"


def test_a_stranger_reads_the_run_and_is_asked_to_sign_in(client):
    run = rows.run()
    page = client.get(url(f"courses/{run.uid}/"))
    assert page.status_code == 200
    assert f"/kk/account/login/?next=/kk/courses/{run.uid}/" in page.text
    assert client.post(url(f"courses/{run.uid}/apply/")).status_code == 302
    assert not Enrolment.objects.exists()


def test_apply_then_the_application_is_shown_with_its_way(cast):
    run = rows.run(chain=rows.two_step_chain())
    client = cast.librarian.client()
    answer = client.post(url(f"courses/{run.uid}/apply/"), {"reason": HOSTILE})
    enrolment = Enrolment.objects.get()
    assert answer.url == url(f"applications/{enrolment.uid}/")
    page = client.get(answer.url).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("reason", ["x" * 2001, "a\x00b", "bell\x07"])
def test_a_bad_reason_comes_back_at_its_field(cast, reason):
    run = rows.run()
    answer = cast.librarian.client().post(url(f"courses/{run.uid}/apply/"), {"reason": reason})
    assert answer.status_code == 422
    assert "is-invalid" in answer.text
    assert not Enrolment.objects.exists()


def test_a_second_application_is_refused_and_keeps_what_was_typed(cast):
    run = rows.run(closes_at=timezone.now() + timedelta(hours=1))
    client = cast.librarian.client()
    run.closes_at = timezone.now()
    run.save(update_fields=["closes_at"])
    answer = client.post(url(f"courses/{run.uid}/apply/"), {"reason": "Оқырмандарым үшін"})
    assert answer.status_code == 409
    assert not Enrolment.objects.exists()


def test_drafts_and_unknown_addresses_are_404(cast):
    draft = rows.run(state=RunState.DRAFT)
    for uid in (draft.uid, "nosuchrun9", "%00", "a" * 300):
        assert cast.librarian.client().get(url(f"courses/{uid}/")).status_code == 404
    assert cast.hq.client().get(url(f"courses/{draft.uid}/")).status_code == 200


@pytest.fixture
def pending(cast):
    run = rows.run(chain=rows.director_chain())
    return enrolling.enrol(person=cast.librarian.person, run=run, actor=cast.librarian.actor)


def test_who_sees_an_application(cast, pending):
    seen = {
        name
        for name, member in cast.everyone().items()
        if member.client().get(url(f"applications/{pending.uid}/")).status_code == 200
    }
    assert seen == {"librarian", "director", "deputy", "hq", "auditor", "administrator"}


@pytest.mark.parametrize("who", ["librarian", "colleague", "other_director", "hq", "auditor"])
def test_who_may_not_decide_cannot_post_it_either(cast, pending, who):
    data = {"verdict": "approve", "step": "1", "note": ""}
    answer = getattr(cast, who).client().post(url(f"applications/{pending.uid}/decide/"), data)
    assert answer.status_code in (404, 422)
    pending.refresh_from_db()
    assert pending.state == S.PENDING


def test_the_director_approves_from_the_list(cast, pending):
    client = cast.director.client()
    page = client.get(url("decisions/")).text
    assert f'value="{pending.uid}:1"' in page
    assert "бос орын: 2 орыннан 2" in page
    answer = client.post(url("decisions/approve/"), {"chosen": [f"{pending.uid}:1"]})
    assert answer.url == url("decisions/")
    pending.refresh_from_db()
    assert pending.state == S.CONFIRMED


@pytest.mark.parametrize("chosen", [[], ["rubbish"], ["abcdefghjk:x"], ["abcdefghjk:1"] * 101])
def test_bad_choices_say_what_is_wrong(cast, pending, chosen):
    answer = cast.director.client().post(url("decisions/approve/"), {"chosen": chosen})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_one_of_another_school_among_several_is_left_alone(cast, pending):
    other = enrolling.enrol(person=cast.stranger.person, run=pending.run, actor=cast.stranger.actor)
    cast.director.client().post(url("decisions/approve/"), {"chosen": [f"{pending.uid}:1", f"{other.uid}:1"]})
    assert set(Enrolment.objects.values_list("person", "state")) == {
        (cast.librarian.person.pk, S.CONFIRMED),
        (cast.stranger.person.pk, S.PENDING),
    }


def test_a_decision_on_a_page_that_is_old_answers_409_and_keeps_the_note(cast, pending):
    client = cast.director.client()
    data = {"verdict": "decline", "step": "7", "note": "Бюджет жоқ"}
    answer = client.post(url(f"applications/{pending.uid}/decide/"), data)
    assert answer.status_code == 409
    assert "Бюджет жоқ" in answer.text


@pytest.mark.parametrize(
    "data",
    [
        {"verdict": "decline", "step": "1", "note": ""},
        {"verdict": "explode", "step": "1", "note": "x"},
        {"verdict": "approve", "step": "one", "note": ""},
        {"verdict": "approve", "step": "9999999999", "note": ""},
        {"verdict": "return", "step": "1", "note": "x" * 2001},
        {},
    ],
)
def test_a_bad_decision_is_answered_at_its_field(cast, pending, data):
    answer = cast.director.client().post(url(f"applications/{pending.uid}/decide/"), data)
    assert answer.status_code == 422
    pending.refresh_from_db()
    assert pending.state == S.PENDING


def test_nominate_accept_and_withdraw_in_the_browser(cast):
    run = rows.run()
    director, librarian = cast.director.client(), cast.librarian.client()
    page = director.get(url(f"courses/{run.uid}/nominate/"))
    assert page.status_code == 200
    assert "Ғабитова" in page.text
    assert "Ермекова" not in page.text
    director.post(url(f"courses/{run.uid}/nominate/"), {"person": cast.librarian.person.pk, "reason": "Ол лайық"})
    enrolment = Enrolment.objects.get()
    librarian.post(url(f"applications/{enrolment.uid}/accept/"))
    enrolment.refresh_from_db()
    assert enrolment.state == S.CONFIRMED
    librarian.post(url(f"applications/{enrolment.uid}/withdraw/"), {"note": "Ауырып қалдым"})
    enrolment.refresh_from_db()
    assert enrolment.state == S.WITHDRAWN


def test_a_director_cannot_nominate_somebody_of_another_school_by_an_edited_form(cast):
    run = rows.run()
    answer = cast.director.client().post(
        url(f"courses/{run.uid}/nominate/"), {"person": cast.stranger.person.pk, "reason": ""}
    )
    assert answer.status_code == 422
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_of_decisions_costs_the_same_for_one_and_for_thirty(cast, django_assert_num_queries, count):
    from tests import make

    run = rows.run(chain=rows.director_chain(), capacity=50)
    for _ in range(count):
        person = make.person()
        make.role(person, "librarian", cast.school)
        make.account(person)
        from schools.access import Actor

        enrolling.enrol(person=person, run=run, actor=Actor(person_id=person.pk, is_authenticated=True))
    client = cast.director.client()
    with django_assert_num_queries(8):
        assert client.get(url("decisions/")).text.count('name="chosen"') == count


def test_mails_are_told_once_in_the_reader_s_language(cast, pending, django_capture_on_commit_callbacks):
    from courses import letters

    cast.director.person.language = "ru"
    cast.director.person.save(update_fields=["language"])
    assert letters.tell_untold() == 1
    assert letters.tell_untold() == 0
    told = set(Mail.objects.values_list("address", "language"))
    assert told == {
        ("librarian@example.kz", "kk"),
        ("director@example.kz", "ru"),
        ("deputy@example.kz", "kk"),
    }


def test_verify_seats_is_a_command(cast, pending, capsys):
    call_command("verify_seats")
    assert "0" in capsys.readouterr().out
