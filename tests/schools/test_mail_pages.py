"""The demo's mailbox and the administrators' page of letters."""

import pytest
from django.urls import reverse
from django.utils import timezone

from schools import delivery, outbox
from schools.models import Mail
from schools.states import MailState

WORDS = {
    "title": "Тақырып <b>",
    "first": "<script>alert(1)</script>",
    "last": "",
    "code": "ABC-123",
    "url": "",
    "button": "",
    "facts": [],
}


def _letter(cast, key: str = "1", **more) -> Mail:
    fields = {"kind": "account", "language": "kk", "context": WORDS, "person": cast.librarian.person, **more}
    return outbox.enqueue(dedupe_key=key, **fields)


def _in_trouble(cast, key: str = "1", **more) -> Mail:
    mail = _letter(cast, key, **more)
    Mail.objects.filter(pk=mail.pk).update(state=MailState.BOUNCED, last_error="550 <no> such mailbox", attempts=1)
    mail.refresh_from_db()
    return mail


def test_anybody_reads_the_mailbox_of_the_demo(client, cast):
    mail = _letter(cast, secret=True)
    delivery.drain()
    _letter(cast, "2", address="other@example.kz")
    page = client.get(reverse("schools:mailbox"), {"to": "librarian@"}).content.decode()
    assert reverse("schools:letter", args=[mail.uid]) in page
    assert "other@example.kz" not in page
    letter = client.get(reverse("schools:letter", args=[mail.uid]))
    assert "ABC-123" in letter.content.decode()
    assert "<script>alert" not in letter.content.decode()
    assert "frame-src 'self'" in letter["Content-Security-Policy"]


def test_a_letters_html_can_do_nothing(client, cast):
    answer = client.get(reverse("schools:letter_html", args=[_letter(cast).uid]))
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none';")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "<script" not in answer.content.decode()


def test_the_calendar_part_is_a_file(client, cast):
    plain, dated = _letter(cast), _letter(cast, "2", calendar=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    assert client.get(reverse("schools:letter_calendar", args=[plain.uid])).status_code == 404
    answer = client.get(reverse("schools:letter_calendar", args=[dated.uid]))
    assert (answer.content, answer["Content-Type"]) == (
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        "text/calendar; charset=utf-8",
    )


@pytest.mark.parametrize("name", ["mailbox", "letter", "letter_html", "letter_calendar"])
def test_production_has_no_mailbox(cast, settings, name):
    settings.DEMO = False
    mail = _letter(cast, calendar=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    address = reverse(f"schools:{name}", args=[] if name == "mailbox" else [mail.uid])
    assert cast.administrator.client().get(address).status_code == 404


def test_administrators_see_what_did_not_go_out_and_try_again(cast):
    mail, wiped = _in_trouble(cast), _in_trouble(cast, "2", secret=True)
    Mail.objects.filter(pk=wiped.pk).update(message=b"")
    _letter(cast, "3")
    client, address = cast.administrator.client(), reverse("schools:mail")
    page = client.get(address).content.decode()
    assert page.count("550 &lt;no&gt; such mailbox") == 2
    assert page.count("/retry/") == 1, "a wiped letter cannot be sent again"
    retry = reverse("schools:retry_mail", args=[mail.uid])
    assert client.get(retry).status_code == 405
    assert client.post(retry)["Location"] == address
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (MailState.QUEUED, 0)
    assert "Бұл хатта енді ақау жоқ." in client.post(retry, follow=True).content.decode()
    assert "ABC-123" not in client.get(address, {"show": "all"}).content.decode(), "codes are for their reader alone"


def test_lists_are_narrowed_by_state_and_address(cast):
    _in_trouble(cast)
    _letter(cast, "2", address="other@example.kz")
    client, address = cast.administrator.client(), reverse("schools:mail")
    waiting = client.get(address, {"show": "waiting"}).content.decode()
    assert ("other@example.kz" in waiting, "librarian@example.kz" in waiting) == (True, False)
    everything = client.get(address, {"show": "all", "to": "LIBRARIAN"}).content.decode()
    assert ("other@example.kz" in everything, "librarian@example.kz" in everything) == (False, True)
    assert client.get(address, {"show": "nonsense", "page": "x", "to": "\x00'"}).status_code == 200


@pytest.mark.parametrize("name", ["mail", "retry_mail"])
def test_only_administrators_enter(cast, client, name):
    mail = _in_trouble(cast)
    address = reverse(f"schools:{name}", args=[mail.uid] if name == "retry_mail" else [])
    method = "post" if name == "retry_mail" else "get"
    answers = {who: getattr(member.client(), method)(address).status_code for who, member in cast.everyone().items()}
    assert {who for who, status in answers.items() if status != 403} == {"administrator"}
    assert getattr(client, method)(address)["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_takes_as_many_queries_for_many_as_for_one(cast, rows, django_assert_num_queries):
    for number in range(rows):
        _in_trouble(cast, str(number))
    client = cast.administrator.client()
    # session, account with its person, roles, counts of the tabs, count of the pages, page
    with django_assert_num_queries(6):
        client.get(reverse("schools:mail"))
    assert Mail.objects.filter(created_at__lte=timezone.now()).count() == rows
