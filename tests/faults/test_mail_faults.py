"""Letters arrive whatever dies: the worker, the broker, the mail server, or the clock that rings twice."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from schools import bell, delivery
from schools.models import Mail
from schools.states import MailState
from tests.faults.letters import all_sent, copies, owe, owe_one, readers, states
from tests.services.process import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.slow]


def _let_claims_run_out() -> None:
    """What three minutes do."""
    Mail.objects.filter(state=MailState.SENDING).update(claimed_until=timezone.now() - timedelta(seconds=1))


def _let_waits_run_out() -> None:
    Mail.objects.filter(state=MailState.QUEUED).update(next_attempt_at=timezone.now())


def test_a_worker_killed_in_the_middle_of_a_batch_loses_nothing(stack):
    sink = stack.sink
    sink.delay = 0.05
    worker = stack.worker()
    stack.beat()
    owe(80)
    wait_until(lambda: len(sink.messages) >= 20, what="a part of the batch")
    worker.kill()
    arrived = len(sink.messages)
    assert 20 <= arrived < 80
    sink.delay = 0.0
    stack.worker()
    # The twin: as long as the dead worker's claim holds, nobody else may touch its letters.
    wait_until(lambda: states().keys() == {"sent", "sending"}, what="the other letters")
    assert states()["sending"] >= 1
    _let_claims_run_out()
    wait_until(lambda: all_sent(80), what="all letters")
    assert readers(sink) == {f"reader{number}@example.kz" for number in range(80)}
    doubles = {key: count for key, count in copies(sink).items() if count > 1}
    assert len(doubles) <= 1, "only the letter that was under way may come twice"
    assert set(doubles.values()) <= {2}
    assert len(copies(sink)) == 80, "a repeat has the Message-ID of the first"


def test_two_workers_and_two_beats_send_no_double(stack):
    sink = stack.sink
    owe(200)
    stack.worker(processes=2)
    stack.worker(processes=2)
    stack.beat(every=0.2)
    stack.beat(every=0.2)
    wait_until(lambda: all_sent(200), what="all letters")
    assert set(copies(sink).values()) == {1}
    assert len(copies(sink)) == 200


@pytest.mark.parametrize(("careful", "doubled"), [(True, False), (False, True)])
def test_two_sweepers_at_the_same_moment(transactional_db, sink, settings, careful, doubled):
    """With the claim no letter goes out twice; the twin reads without claiming and must be seen to double."""
    sink.use(settings)
    sink.delay = 0.01
    owe(40)
    together = threading.Barrier(2)

    def careless_claim() -> list[Mail]:
        due = Mail.objects.filter(state=MailState.QUEUED, next_attempt_at__lte=timezone.now())
        rows = list(due.order_by("id")[: delivery.BATCH])
        together.wait(timeout=10)
        for mail in rows:
            mail.claim, mail.claimed_until = "me", timezone.now() + timedelta(seconds=delivery.CLAIM_SECONDS)
        Mail.objects.filter(pk__in=[mail.pk for mail in rows]).update(
            state=MailState.SENDING, claim="me", claimed_until=timezone.now() + timedelta(minutes=3)
        )
        return rows

    def sweep() -> None:
        try:
            delivery.drain(claim=delivery.claim_due if careful else careless_claim)
        finally:
            connection.close()

    threads = [threading.Thread(target=sweep) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(copies(sink)) == 40
    assert (max(copies(sink).values()) > 1) is doubled


@pytest.mark.redis
def test_with_the_broker_gone_letters_are_owed_without_delay_and_sent_after_its_return(stack, broker, monkeypatch):
    monkeypatch.setattr(bell, "_silent_until", 0.0)
    stack.use(broker)
    stack.worker()
    stack.beat()
    owe_one(0)
    wait_until(lambda: all_sent(1), what="the first letter")
    broker.kill()
    began = time.monotonic()
    for number in range(1, 20):
        with transaction.atomic():
            owe_one(number)
    took = time.monotonic() - began
    assert took < 2, f"19 letters were owed in {took:.2f} s"
    time.sleep(2)
    assert states() == {"sent": 1, "queued": 19}
    broker.start()
    wait_until(lambda: all_sent(20), seconds=120, what="all letters after the broker's return")
    assert readers(stack.sink) == {f"reader{number}@example.kz" for number in range(20)}


def test_with_the_mail_server_gone_nothing_is_lost_and_nothing_held_against_a_letter(stack):
    stack.sink.stop()
    stack.worker()
    stack.beat()
    owe(30)
    wait_until(lambda: Mail.objects.exclude(last_error="").exists(), what="the first failure")
    assert set(Mail.objects.values_list("state", "attempts")) <= {("queued", 0), ("sending", 0)}
    stack.sink.start()
    wait_until(lambda: _let_waits_run_out() or all_sent(30), seconds=60, what="all letters")
    assert len(copies(stack.sink)) == 30
    assert set(copies(stack.sink).values()) == {1}


def test_the_worker_tries_again_what_was_refused_for_now_and_gives_up_what_was_refused_for_good(stack):
    sink = stack.sink
    sink.refused, sink.answer = {"reader0@example.kz"}, "451 4.3.0 try later"
    stack.worker()
    stack.beat()
    owe(3)
    wait_until(lambda: states() == {"bounced": 1, "queued": 2} and _tried(), what="the refusals")
    sink.answer = "250 OK"
    _let_waits_run_out()
    wait_until(lambda: states() == {"bounced": 1, "sent": 2}, what="the second attempt")
    assert readers(sink) == {"reader1@example.kz", "reader2@example.kz"}


def _tried() -> bool:
    return not Mail.objects.filter(attempts=0).exists()
