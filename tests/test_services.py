"""The servers of the tests themselves: each is real, and ends when it is told to."""

import urllib.request
from email.message import EmailMessage
from smtplib import SMTP, SMTPDataError

import pytest
from django.core.cache import cache
from django.db import connection
from redis import Redis
from redis.exceptions import ConnectionError as RedisIsGone

from schools.models import Region
from tests import make


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
