"""Reminders arrive, once, whatever dies: two clocks ring, workers are killed, the broker goes away and comes back."""

import os
import time
from collections import Counter, defaultdict
from datetime import timedelta
from itertools import cycle

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from courses.models import Enrolment, ReminderRule
from courses.states import EnrolmentState as S
from courses.states import ReminderKind
from schools.models import Mail
from schools.states import Language, MailState
from tests import make
from tests.courses import rows
from tests.load import crowd
from tests.services.process import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.redis]
COUNT = 500 if os.environ.get("STRESS") else 80
KILLS = 2
LONG_AGO = timezone.now() - timedelta(days=30)


def portal(*twins: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "tests.faults.twins.settings",
        "TEST_TWINS": " ".join(("at_any_hour", *twins)),
    }


def due_reminders(school, count: int) -> set[str]:
    """`count` people with a place in a run that starts in three days; returns their addresses."""
    ReminderRule.objects.create(kind=ReminderKind.BEFORE_START, days=3)
    run = rows.run(capacity=count, start=timezone.now() + timedelta(days=3), opens_at=None)
    people = make.librarians(school, count)
    for person, language in zip(people, cycle(Language.values), strict=False):
        person.language = language
    type(people[0]).objects.bulk_update(people, ["language"])
    Enrolment.objects.bulk_create(
        Enrolment(run=run, person=person, state=S.CONFIRMED, number=number, changed_at=LONG_AGO)
        for number, person in enumerate(people, start=1)
    )
    return {person.email for person in people}


def reminders() -> QuerySet[Mail]:
    return Mail.objects.filter(kind="reminder")


def let_claims_run_out() -> None:
    """What three minutes do, for the letters and the rule of a worker that died."""
    past = timezone.now() - timedelta(seconds=1)
    Mail.objects.filter(state=MailState.SENDING).update(claimed_until=past)
    ReminderRule.objects.exclude(claimed_until=None).update(claimed_until=past)


def against_the_promise(sink, addresses: set[str], *, kills: int) -> list[str]:
    """What stands against «everybody is reminded, and a repeat is the same letter», one sentence each."""
    copies: dict[str, Counter[str]] = defaultdict(Counter)
    for message, recipients in zip(list(sink.messages), list(sink.recipients), strict=False):
        copies[recipients[0]][message["Message-ID"]] += 1
    faults = []
    if set(copies) != addresses:
        faults.append(f"{len(addresses - set(copies))} of {len(addresses)} were not reminded")
    if several := [address for address, letters in copies.items() if len(letters) > 1]:
        faults.append(f"{len(several)} got different letters about one occasion")
    repeated = sum(count - 1 for letters in copies.values() for count in letters.values())
    if repeated > kills:
        faults.append(f"{repeated} letters came twice, though only {kills} workers died")
    return faults


def test_two_clocks_three_workers_and_kill_9_in_the_middle(cast, stack, redis):
    sink = stack.sink
    sink.delay = 0.01
    stack.use(redis)
    addresses = due_reminders(cast.school, COUNT)
    workers = [stack.worker(**portal()) for _number in range(3)]
    stack.beat(**portal())
    stack.beat(**portal())
    wait_until(lambda: reminders().exists(), what="the first chunk")
    workers[0].kill()
    wait_until(lambda: len(sink.messages) >= COUNT // 4, what="a quarter of the letters")
    workers[1].kill()
    stack.worker(**portal())
    let_claims_run_out()
    wait_until(
        lambda: reminders().filter(state=MailState.SENT).count() == COUNT,
        seconds=180,
        what="all letters",
    )
    time.sleep(3)  # the clocks ring on, and nothing may follow
    assert against_the_promise(sink, addresses, kills=KILLS) == []
    assert reminders().count() == COUNT


def test_twin_without_the_fact_in_the_key_the_same_clocks_send_doubles(cast, stack, redis):
    stack.use(redis)
    addresses = due_reminders(cast.school, 10)
    stack.worker(**portal("without_the_fact"))
    stack.worker(**portal("without_the_fact"))
    stack.beat(**portal("without_the_fact"))
    stack.beat(**portal("without_the_fact"))
    wait_until(lambda: len(stack.sink.messages) > 20, what="a second letter")
    [fault] = against_the_promise(stack.sink, addresses, kills=0)
    assert fault.endswith("got different letters about one occasion")


@pytest.mark.parametrize(("twins", "arrives"), [((), True), (("never_taking_back",), False)])
def test_a_reminder_survives_the_kill_of_its_worker(cast, stack, redis, twins, arrives):
    """Killed while the mail server is slow to answer. The twin leaves the letters of the dead alone."""
    sink = stack.sink
    sink.delay = 3
    stack.use(redis)
    [address] = due_reminders(cast.school, 1)
    worker = stack.worker(**portal(*twins))
    stack.beat(**portal(*twins))
    wait_until(lambda: reminders().filter(state=MailState.SENDING).exists(), what="the letter under way")
    worker.kill()
    before = reminders().get()
    assert before.state == MailState.SENDING
    sink.delay = 0
    stack.worker(**portal(*twins))
    let_claims_run_out()
    if arrives:
        wait_until(lambda: reminders().get().state == MailState.SENT, what="the letter")
        assert {letter["Message-ID"] for letter in sink.to(address)} == {before.message_id}
        assert len(sink.to(address)) <= 2
    else:
        time.sleep(5)
        assert reminders().get().state == MailState.SENDING


def apply_over_http(stack, cast) -> tuple[int, float]:
    """One application by a signed-in librarian in a browser: status and seconds."""
    [session] = crowd.librarians(cast.school, 1)
    run = rows.run(chain=rows.director_chain())
    began = time.monotonic()
    status = crowd.post(stack.url, f"/kk/courses/{run.uid}/apply/", session, {})
    return status, time.monotonic() - began


def letters(stack) -> set[str]:
    """What has arrived, repeats of one letter counted once."""
    return {letter["Message-ID"] for letter in stack.sink.messages}


def test_with_redis_down_an_application_is_accepted_without_delay_and_its_letters_follow(cast, stack, redis):
    stack.use(redis)
    stack.web(**portal())
    stack.worker(**portal())
    stack.beat(**portal())
    assert apply_over_http(stack, cast)[0] == 302
    wait_until(lambda: len(stack.sink.messages) == 3, what="letters while all is well")  # applicant, director, deputy
    redis.kill()
    answers = [apply_over_http(stack, cast) for _number in range(5)]
    assert [status for status, _seconds in answers] == [302] * 5
    assert max(seconds for _status, seconds in answers) < 2
    time.sleep(2)
    assert len(stack.sink.messages) == 3
    redis.start()
    wait_until(lambda: len(letters(stack)) >= 18, seconds=240, what="all letters after the broker's return")
    assert Enrolment.objects.filter(state=S.PENDING).count() == 6
    assert len(letters(stack)) == 18


def test_twin_that_rings_plainly_answers_with_an_error_while_redis_is_down(cast, stack, redis):
    stack.use(redis)
    stack.web(**portal("ringing_plainly"))
    redis.kill()
    status, _seconds = apply_over_http(stack, cast)
    assert status == 500
    assert Enrolment.objects.count() == 1, "the application stands, and its owner does not know"
