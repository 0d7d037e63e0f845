"""The mail outbox: one letter per occasion, whole and harmless when it is written, settled as the server answers."""

import smtplib
from datetime import timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.utils import timezone

from schools import delivery, outbox
from schools.errors import Refused
from schools.models import AuditEntry, Mail, Person
from schools.states import MailState
from tests import make

WORDS = {"title": "Тақырып", "first": "Бірінші", "last": "Соңғы", "code": "", "url": "", "button": "", "facts": []}
HOSTILE = [
    'Әлия "Зұлым" <x@evil.example>, b@evil.example',
    "Нұр\u202eсұлу\r\nBcc: thief@evil.example",
    "=?utf-8?b?CkJjYzogdGhpZWZAZXZpbC5leGFtcGxl?=",
    "<script>alert(1)</script> O'Brien; (co) \\",
    "😀" * 40,
    "A" * 80,
]


@pytest.fixture(autouse=True)
def _knock(monkeypatch):
    monkeypatch.setattr(delivery, "_no_knocking_until", 0.0)


def _letter(person, key: str = "hello:1", **more) -> Mail:
    fields = {"kind": "account", "language": "kk", "context": WORDS, "person": person, **more}
    return outbox.enqueue(dedupe_key=key, **fields)


def _mime(mail: Mail):
    return message_from_bytes(bytes(mail.message), policy=policy.default)


def _due_now() -> None:
    Mail.objects.filter(state=MailState.QUEUED).update(next_attempt_at=timezone.now())


def test_a_letter_is_written_whole_in_its_readers_language(cast):
    person = cast.librarian.person
    mail = _letter(person, language="ru", calendar=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", calendar_method="CANCEL")
    mime = _mime(Mail.objects.get(pk=mail.pk))
    assert [part.get_content_type() for part in mime.walk()][1:] == ["text/plain", "text/html", "text/calendar"]
    assert mime["Message-ID"] == mail.message_id
    assert (mime["Subject"], mime["Content-Language"]) == ("Тақырып", "ru")
    assert [(to.display_name, to.addr_spec) for to in mime["To"].addresses] == [(person.full_name, person.email)]
    text, html, calendar = [part.get_content() for part in mime.iter_parts()]
    assert text.startswith("Здравствуйте, Әлия Қайратқызы!")
    assert '<html lang="ru">' in html
    assert calendar == "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    assert list(mime.iter_parts())[2]["Content-Type"].params["method"] == "CANCEL"
    assert max(len(line) for line in bytes(mail.message).split(b"\r\n")) <= 998
    assert bytes(mail.message).isascii()


def test_an_occasion_has_one_letter(cast):
    first = _letter(cast.librarian.person)
    assert _letter(cast.librarian.person) is None
    assert _letter(cast.librarian.person, key="hello:2").pk != first.pk
    assert Mail.objects.count() == 2


def test_a_letter_that_lost_the_race_for_its_key_is_none(cast, monkeypatch):
    first = _letter(cast.librarian.person)
    monkeypatch.setattr("django.db.models.query.QuerySet.exists", lambda rows: False)
    assert _letter(cast.librarian.person) is None
    assert Mail.objects.get() == first


def test_a_letter_that_breaks_a_rule_of_the_table_is_an_error_and_not_lost_in_silence(cast):
    with pytest.raises(IntegrityError):
        _letter(cast.librarian.person, language="de")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_harms_no_header_and_no_page(cast, name):
    person = make.new_person(surname=name[:80], given_name=name[:80], email="victim@example.kz")
    person.save()
    mail = _letter(person, context=WORDS | {"title": name, "first": name})
    mime = _mime(mail)
    assert [to.addr_spec for to in mime["To"].addresses] == ["victim@example.kz"]
    assert mime.defects == []
    assert "Bcc" not in mime
    assert "\n" not in mail.subject
    html = mime.get_body(("html",)).get_content()
    assert "<script" not in html
    assert "\u202e" not in html + mime.get_body(("plain",)).get_content() + str(mime["To"])


@pytest.mark.parametrize("address", ["", "no address", "a@b@c", "a@example.kz\r\nBcc: x@evil.example", "ә@example.kz"])
def test_an_address_that_cannot_be_written_to_is_trouble_for_the_administrator_only(cast, address):
    person = cast.librarian.person
    person.email = address
    mail = _letter(person)
    assert (mail.state, "To" in _mime(mail)) == (MailState.BOUNCED, False)
    Person.objects.filter(pk=person.pk).update(email="still wrong")
    with pytest.raises(Refused):
        outbox.retry(mail=mail, actor=cast.administrator.actor)
    Person.objects.filter(pk=person.pk).update(email="right@example.kz")
    outbox.retry(mail=mail, actor=cast.administrator.actor)
    mail.refresh_from_db()
    assert (mail.state, mail.address) == (MailState.QUEUED, "right@example.kz")
    assert [to.addr_spec for to in _mime(mail)["To"].addresses] == ["right@example.kz"]


def test_a_domain_in_kazakh_letters_is_written_as_servers_know_it(cast, sink, settings):
    sink.use(settings)
    mail = _letter(None, address="kitap@кітап.қаз")
    assert delivery.drain() == (1, False)
    assert sink.recipients == [("kitap@xn--80atqk3h.xn--80ao21a",)]
    assert mail.address == "kitap@кітап.қаз"


def test_due_letters_are_sent_over_one_connection_codes_first(cast, sink, settings, monkeypatch):
    sink.use(settings)
    opened = []
    connect = smtplib.SMTP.connect
    monkeypatch.setattr(smtplib.SMTP, "connect", lambda *args, **kw: opened.append(1) or connect(*args, **kw))
    for number in range(3):
        _letter(cast.librarian.person, key=f"a:{number}")
    code = _letter(cast.colleague.person, key="code", secret=True)
    later = _letter(cast.librarian.person, key="later")
    Mail.objects.filter(pk=later.pk).update(next_attempt_at=timezone.now() + timedelta(hours=1))
    assert delivery.drain() == (4, False)
    assert sink.messages[0]["Message-ID"] == code.message_id
    assert len(opened) == 1
    assert set(Mail.objects.values_list("state", "attempts")) == {("sent", 1), ("queued", 0)}


def test_a_letter_taken_back_is_not_sent(cast, sink, settings):
    sink.use(settings)
    about, other = cast.school, cast.other_school
    _letter(cast.librarian.person, key="1", about=about)
    _letter(cast.librarian.person, key="2", about=other)
    sent = _letter(cast.librarian.person, key="3", about=about)
    Mail.objects.filter(pk=sent.pk).update(state=MailState.SENT, sent_at=timezone.now())
    assert outbox.supersede(about=about, kinds=["something_else"]) == 0
    assert outbox.supersede(about=about) == 1
    assert delivery.drain() == (1, False)
    assert dict(Mail.objects.values_list("dedupe_key", "state")) == {"1": "superseded", "2": "sent", "3": "sent"}


def test_a_letter_that_came_too_late_is_not_sent(cast):
    mail = _letter(cast.librarian.person, not_after=timezone.now() - timedelta(seconds=1))
    assert delivery.drain() == (0, False)
    mail.refresh_from_db()
    assert mail.state == MailState.SUPERSEDED


def test_a_letter_just_being_sent_when_its_facts_change_is_not_tried_again(cast, sink, settings):
    sink.use(settings)
    sink.answer = "451 try later"
    mail = _letter(cast.librarian.person, about=cast.school)
    [claimed] = delivery.claim_due()
    outbox.supersede(about=cast.school)
    line = delivery.Line()
    assert delivery.settle(claimed, line.send(claimed))
    line.close()
    _due_now()
    assert delivery.drain() == (0, False)
    mail.refresh_from_db()
    assert mail.state == MailState.SUPERSEDED


def test_a_refusal_for_now_is_tried_again_with_growing_patience(cast, sink, settings):
    sink.use(settings)
    sink.answer = "451 4.7.1 try later"
    mail = _letter(cast.librarian.person)
    for number, wait in enumerate(delivery.BACKOFF, start=1):
        assert delivery.drain() == (0, False)
        mail.refresh_from_db()
        assert (mail.state, mail.attempts, mail.last_error) == (MailState.QUEUED, number, "451 4.7.1 try later")
        assert (
            timedelta(0) <= mail.next_attempt_at - timezone.now() - wait + timedelta(seconds=30) < timedelta(minutes=1)
        )
        assert delivery.drain() == (0, False), "it is not due"
        _due_now()
    delivery.drain()
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (MailState.FAILED, len(delivery.BACKOFF) + 1)


@pytest.mark.parametrize(
    ("refused", "answer", "state", "error"),
    [
        ({"librarian@example.kz"}, "250 OK", MailState.BOUNCED, "550 5.1.1 no such mailbox"),
        (set(), "554 5.7.1 rejected", MailState.FAILED, "554 5.7.1 rejected"),
    ],
)
def test_a_refusal_for_good_ends_it_at_once_and_the_others_go_on(cast, sink, settings, refused, answer, state, error):
    sink.use(settings)
    sink.refused, sink.answer = refused, answer
    mail = _letter(cast.librarian.person)
    good = _letter(cast.colleague.person, key="good")
    delivery.drain()
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.last_error) == (state, 1, error)
    good.refresh_from_db()
    assert good.state == (MailState.SENT if refused else MailState.FAILED)


def test_a_letter_sent_once_more_goes_to_the_address_that_was_put_right(cast, sink, settings):
    sink.use(settings)
    sink.refused = {"librarian@example.kz"}
    person, code = cast.librarian.person, _letter(cast.librarian.person, key="code", secret=True)
    mail = _letter(person)
    delivery.drain()
    person.surname, person.email = "Ә" * 60, "right@example.kz"
    person.save(update_fields=["surname", "email"])
    sink.refused = set()
    outbox.retry(mail=mail, actor=cast.administrator.actor)
    outbox.retry(mail=code, actor=cast.administrator.actor)
    assert delivery.drain() == (2, False)
    assert sorted(sink.recipients) == [("librarian@example.kz",), ("right@example.kz",)]
    [again] = sink.to("right@example.kz")
    assert again["Message-ID"] == mail.message_id
    raw = dict(again.raw_items())["To"]  # Python's own reading of long names puts spaces between their pieces
    assert str(make_header(decode_header(raw))) == f"{person.full_name} <right@example.kz>"
    assert again.defects == []
    assert again.get_body(("plain",)).get_content().startswith("Сәлеметсіз бе")


def test_an_administrator_sends_it_once_more(cast, sink, settings):
    sink.use(settings)
    sink.refused = {"librarian@example.kz"}
    mail = _letter(cast.librarian.person)
    delivery.drain()
    sink.refused = set()
    mail.refresh_from_db()
    outbox.retry(mail=mail, actor=cast.administrator.actor)
    assert delivery.drain() == (1, False)
    assert sink.messages[0]["Message-ID"] == mail.message_id
    assert AuditEntry.objects.get().verb == "mail.retry"
    with pytest.raises(Refused):
        outbox.retry(mail=mail, actor=cast.administrator.actor)


def test_no_mail_server_is_no_letters_fault(cast, sink, settings):
    sink.use(settings)
    sink.stop()
    mail = _letter(cast.librarian.person)
    assert delivery.drain() == (0, False)
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.claim) == (MailState.QUEUED, 0, "")
    assert mail.last_error.startswith("ConnectionRefusedError")


def test_the_claim_of_a_dead_worker_runs_out_and_the_letter_keeps_its_message_id(cast, sink, settings):
    sink.use(settings)
    mail = _letter(cast.librarian.person)
    [lost] = delivery.claim_due()
    assert delivery.claim_due() == []
    assert delivery.take_back() == 0
    Mail.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert delivery.take_back() == 1
    assert delivery.drain() == (1, False)
    assert not delivery.settle(lost, delivery.Outcome(MailState.QUEUED)), "the dead one's claim no longer counts"
    assert sink.messages[0]["Message-ID"] == mail.message_id


def test_a_letter_that_kills_its_workers_is_given_up(cast, settings):
    settings.DEMO = False
    mail = _letter(cast.librarian.person, secret=True)
    for _ in range(len(delivery.BACKOFF) + 1):
        delivery.claim_due()
        Mail.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
        delivery.take_back()
    mail.refresh_from_db()
    assert (mail.state, mail.is_wiped) == (MailState.FAILED, True)


@pytest.mark.parametrize(("demo", "wiped"), [(True, False), (False, True)])
def test_codes_are_wiped_once_sent_except_in_the_demo(cast, settings, demo, wiped):
    settings.DEMO = demo
    secret, plain = _letter(cast.librarian.person, secret=True), _letter(cast.librarian.person, key="plain")
    assert delivery.drain() == (2, False)
    secret.refresh_from_db()
    plain.refresh_from_db()
    assert (secret.is_wiped, plain.is_wiped) == (wiped, False)


def test_enqueueing_takes_three_queries(cast, django_assert_num_queries):
    with django_assert_num_queries(3):
        _letter(cast.librarian.person)


def test_a_batch_takes_one_query_a_letter_and_few_more(cast, django_assert_num_queries):
    for number in range(10):
        _letter(cast.librarian.person, key=f"a:{number}")
    # savepoint, claim (2), release, read; one for each letter; savepoint, look, release.
    with django_assert_num_queries(5 + 10 + 3):
        delivery.drain()


def test_the_command_sends_and_says_what_is_left(cast):
    _letter(cast.librarian.person)
    _letter(None, key="bad", address="nobody")
    out = StringIO()
    call_command("send_outbox", stdout=out)
    assert out.getvalue() == "Sent: 1. Still waiting: 0. In trouble: 1.\n"


def _composed(person, key: str, **more) -> Mail:
    return outbox.compose(kind="account", dedupe_key=key, language="kk", context=WORDS, person=person, **more)


def test_many_letters_are_owed_in_two_statements_and_no_occasion_twice(cast, sink, settings, django_assert_num_queries):
    sink.use(settings)
    first = _letter(cast.librarian.person, key="a:0")
    batch = [_composed(cast.librarian.person, f"a:{number}") for number in range(10)]
    with django_assert_num_queries(2):
        assert outbox.enqueue_composed(batch) == 9
    assert outbox.enqueue_composed([_composed(cast.librarian.person, "a:9")]) == 0
    assert outbox.enqueue_composed([]) == 0
    assert delivery.drain() == (10, False)
    assert {mail["Message-ID"] for mail in sink.messages} == {
        first.message_id,
        *(mail.message_id for mail in batch[1:]),
    }


def test_one_bad_letter_among_many_is_an_error_and_not_lost_in_silence(cast):
    bad = _composed(cast.librarian.person, "bad")
    bad.language = "de"
    with pytest.raises(IntegrityError):
        outbox.enqueue_composed([_composed(cast.librarian.person, "good"), bad])
