"""Pages of promises, what is done about one, and the letters: once for each reader, occasion and day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conferences import keeping, promise_letters, promising, sharing, tasks
from conferences.models import Promise, TripDerivation
from courses.models import Run, RunTrainer
from schools.errors import Refused, Stale
from schools.models import Mail
from tests.conferences.trips import gone_trip, promise
from tests.courses import rows
from tests.test_ui import HOSTILE

pytestmark = pytest.mark.django_db


def due(member, days: int, **fields) -> Promise:
    """A promise that is due so many days from today."""
    trip = fields.pop("trip", None) or gone_trip(member)
    return promise(trip, member, due_on=timezone.localdate() + timedelta(days=days), **fields)


def letters() -> list[tuple[str, str]]:
    """Occasion and reader of each letter."""
    found = Mail.objects.filter(kind="promise").order_by("pk").values_list("dedupe_key", "address")
    return sorted((key.split(":")[1], address.split("@")[0]) for key, address in found)


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (15, []),
        (14, [("soon", "librarian")]),
        (4, [("soon", "librarian")]),
        (3, [("near", "librarian")]),
        (0, [("near", "librarian")]),
        (-1, [("overdue", "librarian")]),
        (-7, [("escalated", "deputy"), ("escalated", "director"), ("escalated", "hq")]),
        (-91, []),
    ],
)
def test_each_occasion_has_its_letter_and_its_readers_once(cast, days, told):
    due(cast.librarian, days)
    for _again in range(2):
        tasks.remind_promises()
    assert letters() == told


def test_two_promises_of_one_day_are_one_letter_and_settled_ones_none(cast):
    trip = gone_trip(cast.librarian)
    for _at in range(2):
        due(cast.librarian, 10, trip=trip, what="Оқу үйірмесі")
    sharing.excuse(promise=due(cast.librarian, 10, trip=trip), actor=cast.hq.actor, reason="x")
    due(cast.stranger, 10, trip=gone_trip(cast.stranger, state="declined"))
    assert promise_letters.remind_due() == 1
    assert letters() == [("soon", "librarian")]


def test_the_letter_is_taken_back_once_the_promise_is_kept(cast):
    row = due(cast.librarian, 2)
    assert promise_letters.remind_due() == 1
    run = rows.past_run(cast.librarian.person, course=rows.course(kind="seminar"))
    rows.attend(rows.seats(run, [cast.guest.person]))
    TripDerivation.objects.create(trip=row.trip, run=run)
    assert keeping.keep_due() == 1
    assert Mail.objects.get(kind="promise").state == "superseded"


def test_who_promised_hears_nothing_as_somebody_in_charge(cast):
    due(cast.director, -8)
    assert promise_letters.remind_due() == 2
    assert letters() == [("escalated", "deputy"), ("escalated", "hq")]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_letter_is_in_its_readers_language(cast, language):
    cast.librarian.person.language = language
    cast.librarian.person.save(update_fields=["language"])
    due(cast.librarian, 10)
    promise_letters.remind_due()
    subject = {
        "kk": "Сіз таратуға уәде берген тәжірибе",
        "ru": "Что вы обещали передать",
        "en": "What you promised to pass on",
    }
    assert Mail.objects.get(kind="promise").subject == subject[language]


def test_a_traveller_asks_hq_once_a_day_and_nobody_else_does(cast):
    row = due(cast.librarian, 30)
    assert [promising.ask(promise=row, actor=cast.librarian.actor) for _again in range(2)] == [1, 0]
    assert letters() == [("wish", "hq")]
    with pytest.raises(Refused):
        promising.ask(promise=row, actor=cast.hq.actor)
    sharing.excuse(promise=row, actor=cast.hq.actor, reason="x")
    with pytest.raises(Stale):
        promising.ask(promise=row, actor=cast.librarian.actor)


def test_one_click_drafts_the_seminar_with_trainer_and_source(cast):
    rows.chain()
    row = due(cast.librarian, 30, audience="region", region=cast.school.region, what="Жобалық оқыту")
    client, url = cast.hq.client(), f"/kk/promises/{row.uid}/plan/"
    answer = client.post(url, {"topic": rows.topic().code})
    run = Run.objects.get()
    assert answer.url == f"/kk/organise/runs/{run.uid}/edit/"
    assert (run.state, run.outreach, run.host, run.region) == ("draft", True, cast.school, cast.school.region)
    assert (run.course.title_kk, run.course.kind) == ("Жобалық оқыту", "seminar")
    assert list(run.trainers.values_list("person", flat=True)) == [cast.librarian.person.pk]
    assert TripDerivation.objects.get().trip == row.trip
    assert client.post(url, {"topic": rows.topic().code}).status_code == 422
    assert client.post(url, {"topic": HOSTILE}).status_code == 422
    assert Run.objects.count() == 1
    with pytest.raises(Refused):
        promising.plan(promise=row, topic=rows.topic(), actor=cast.librarian.actor)


def test_the_traveller_says_which_seminar_passes_on_the_trip_and_takes_it_back(cast):
    row = due(cast.librarian, 30)
    run = rows.past_run(cast.librarian.person, course=rows.course(kind="seminar", title_kk="Жобалар"))
    rows.attend(rows.seats(run, [cast.guest.person]))
    client, url = cast.librarian.client(), f"/kk/promises/{row.uid}/"
    assert "Жобалар" in client.get(url).text
    assert client.post(f"{url}name/", {"run": run.uid}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.run) == ("kept", run)
    assert client.post(f"{url}forget/", {"run": run.uid}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.run) == ("open", None)


@pytest.mark.parametrize("run", ["", "aaaaaaaaaa", HOSTILE, "\x00", "a" * 500])
def test_a_seminar_that_is_none_or_not_ones_own_is_answered_in_words(cast, run):
    row = due(cast.librarian, 30)
    strange = rows.past_run(cast.trainer.person, course=rows.course(kind="seminar"))
    for deed in ("name", "forget"):
        for value in (run, strange.uid):
            answer = cast.librarian.client().post(f"/kk/promises/{row.uid}/{deed}/", {"run": value})
            assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
    assert TripDerivation.objects.count() == 0


def test_an_excuse_asks_for_a_reason_and_keeps_what_was_typed(cast):
    row = due(cast.librarian, -3)
    client, url = cast.hq.client(), f"/kk/promises/{row.uid}/"
    assert client.post(f"{url}excuse/", {"reason": "  "}).status_code == 422
    answer = client.post(f"{url}excuse/", {"reason": "Науқас\x07"})
    assert (answer.status_code, "Науқас" in answer.text) == (422, True)
    assert client.post(f"{url}excuse/", {"reason": "Науқастанып қалды"}).status_code == 302
    assert "Науқастанып қалды" in client.get(url).text
    assert client.post(f"{url}excuse/", {"reason": "Тағы"}).status_code == 409
    assert client.post(f"{url}insist/").status_code == 302
    row.refresh_from_db()
    assert row.state == "open"


def test_lists_hold_ones_own_and_those_of_the_own_school(cast):
    due(cast.librarian, -3, what="Мектеп мұражайы")
    due(cast.stranger, -3, what="Цифрлық сауат")
    seen = {
        name: [what in getattr(cast, name).client().get("/kk/promises/all/").text for what in ("мұражайы", "Цифрлық")]
        for name in ("hq", "director", "other_director")
    }
    assert seen == {"hq": [True, True], "director": [True, False], "other_director": [False, True]}
    own = cast.stranger.client().get("/kk/promises/").text
    assert ("Цифрлық" in own, "мұражайы" in own) == (True, False)


@pytest.mark.parametrize("count", [1, 30])
def test_pages_cost_the_same_for_one_and_for_many(cast, django_assert_num_queries, count):
    for _at in range(count):
        row = due(cast.librarian, -3)
        run = rows.run(course=rows.course(kind="seminar"), host=cast.school)
        RunTrainer.objects.create(run=run, person=cast.librarian.person)
        TripDerivation.objects.create(trip=row.trip, run=run)
    hq, own = cast.hq.client(), cast.librarian.client()
    with django_assert_num_queries(7):
        assert hq.get("/kk/promises/all/").status_code == 200
    with django_assert_num_queries(4):
        assert own.get("/kk/promises/").status_code == 200
    with django_assert_num_queries(6):
        assert own.get(f"/kk/promises/{row.uid}/").status_code == 200
