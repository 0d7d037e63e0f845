"""The servers of the tests themselves: each is real, and ends when it is told to."""

import urllib.request
from email.message import EmailMessage
from smtplib import SMTP, SMTPDataError

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from redis import Redis
from redis.exceptions import ConnectionError as RedisIsGone

from schools import bell
from schools.models import Mail, Region
from schools.states import MailState
from tests import make
from tests.services.process import wait_until


def _mail(to: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "portal@example.kz", to, "Қош келдіңіз"
    message.set_content("Сәлеметсіз бе")
    return message


def test_the_sink_keeps_mail_and_refuses_when_told(sink):
    with SMTP("127.0.0.1", sink.port) as server:
        server.send_message(_mail("aliya@example.kz"))
        sink.answer = "451 later"
        with pytest.raises(SMTPDataError):
            server.send_message(_mail("aliya@example.kz"))
    assert [mail["Subject"] for mail in sink.to("aliya@example.kz")] == ["Қош келдіңіз"]


@pytest.mark.redis
def test_redis_can_be_killed_and_comes_back_empty(redis):
    client = Redis.from_url(redis.url)
    client.set("a", "1")
    redis.kill()
    with pytest.raises(RedisIsGone):
        client.get("a")
    redis.start()
    assert client.get("a") is None


def test_the_real_server_sees_the_rows_of_the_test(server):
    make.region("KZ-75", name_kk="Алматы", name_ru="Алматы", name_en="Almaty", kind="city")
    with urllib.request.urlopen(f"{server}/healthz") as answer:
        assert (answer.status, answer.read()) == (200, b"ok\n")


def test_rows_do_not_outlive_a_test(transactional_db):
    assert Region.objects.count() == 0
    cache.set("left", 1)


def test_the_cache_does_not_outlive_a_test(db):
    assert cache.get("left") is None


@pytest.mark.postgres
def test_this_is_postgresql_with_kazakh_order(db):
    with connection.cursor() as cursor:
        cursor.execute("""SELECT name FROM (VALUES ('Яна'), ('Әлия'), ('Бота'), ('Арман')) AS t (name)
                          ORDER BY name COLLATE "kk-x-icu" """)
        assert [row[0] for row in cursor.fetchall()] == ["Арман", "Әлия", "Бота", "Яна"]


def _letter(number: int) -> Mail:
    return Mail.objects.create(
        kind="test",
        dedupe_key=f"test{number}",
        address=f"person{number}@example.kz",
        language="kk",
        subject="Хат",
        message=bytes(_mail(f"person{number}@example.kz")),
        message_id=f"<{number}@example.kz>",
    )


@pytest.mark.slow
def test_a_real_worker_hears_the_bell_and_a_real_beat_finds_what_the_bell_missed(stack, sink):
    """On the broker of the run: files beside SQLite, Redis beside PostgreSQL."""
    stack.worker()
    with transaction.atomic():
        bell.ring("schools.tasks.deliver_mail", _letter(1).pk)
    wait_until(lambda: len(sink.messages) == 1, what="the letter that was rung for")
    _letter(2)
    stack.beat(every=1)
    wait_until(lambda: len(sink.messages) == 2, what="the letter that was not rung for")
    assert [len(sink.to(f"person{number}@example.kz")) for number in (1, 2)] == [1, 1]
    wait_until(lambda: Mail.objects.filter(state=MailState.SENT).count() == 2, what="both rows to be sent")


@pytest.mark.redis
@pytest.mark.slow
def test_a_stack_may_stand_on_a_redis_of_its_own(stack, sink, broker):
    stack.use(broker)
    stack.worker()
    with transaction.atomic():
        bell.ring("schools.tasks.deliver_mail", _letter(1).pk)
    wait_until(lambda: len(sink.messages) == 1, what="the letter")


@pytest.mark.browser
def test_the_browser_meets_the_real_server(server, page):
    answer = page.goto(f"{server}/healthz")
    assert (answer.status, page.inner_text("body").strip()) == (200, "ok")
    assert page.viewport_size == {"width": 360, "height": 800}
