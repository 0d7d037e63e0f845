"""Letters about accounts: all of allauth's have our words, in the reader's language, and go through the outbox."""

from email import message_from_bytes, policy
from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.urls import reverse
from django.utils import timezone

from schools import account_mails, mailing
from schools.models import Mail

TEMPLATES = Path(allauth.__file__).parent / "templates"
NAMES = sorted(path.name.removesuffix("_subject.txt") for path in TEMPLATES.glob("*/email/*_subject.txt"))
EVERYTHING = {
    "email": "aliya@example.kz",
    "code": "ABC-123",
    "activate_url": "http://evil.example/kk/confirm?a=1",
    "password_reset_url": "http://evil.example/kk/reset",
    "from_email": "old@example.kz",
    "to_email": "new@example.kz",
    "deleted_email": "old@example.kz",
    "provider": "NIS",
    "timestamp": timezone.now(),
    "ip": "192.0.2.1",
    "user_agent": "<b>Browser</b>",
}


def test_every_letter_that_allauth_can_send_has_our_words():
    assert len(NAMES) >= 19
    assert set(NAMES) - set(account_mails.WORDS) == set()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("name", sorted(account_mails.WORDS))
def test_each_letter_can_be_written_in_each_language(name, language):
    context = account_mails.context_of(name, EVERYTHING, language)
    letter = mailing.render(kind="account", language=language, context=context)
    assert letter.subject == context["title"]
    assert "%(" not in letter.text
    assert ("ABC-123" in letter.text, "&lt;b&gt;" in letter.html) == (True, True)
    link = account_mails.WORDS[name].link
    links = {"activate_url": "confirm?a=1", "password_reset_url": "reset"}
    assert "evil" not in letter.text
    assert not link or f"http://testserver/{language}/{links[link]}" in letter.text
    if language != "en":
        assert not any(word in letter.text for word in ("Hello", "password", "receive", "address"))


@pytest.mark.django_db
def test_a_forgotten_password_is_reset_by_the_letter(client, cast):
    person = cast.librarian.person
    person.language = "ru"
    person.save(update_fields=["language"])
    client.post(reverse("account_reset_password"), {"email": person.email})
    mail = Mail.objects.get(secret=True)
    assert (mail.person, mail.language, mail.subject) == (person, "ru", "Задать новый пароль")
    text = mailing.parts_of(bytes(mail.message)).text
    [link] = [line for line in text.splitlines() if "/reset/" in line]
    assert link.startswith("http://testserver/ru/")
    page = client.get(link)
    assert (page.status_code, page["Location"].endswith("-set-password/")) == (302, True)


@pytest.mark.django_db
def test_an_unknown_address_gets_a_letter_too_and_the_page_says_the_same(client, cast):
    known = client.post(reverse("account_reset_password"), {"email": cast.librarian.person.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.kz"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    mail = Mail.objects.get(address="nobody@example.kz")
    assert (mail.subject, mail.person) == ("Бұл мекенжайда тіркелгі жоқ", None)
    assert "nobody@example.kz" in mailing.parts_of(bytes(mail.message)).text


@pytest.mark.django_db
def test_a_change_is_reported_in_the_language_of_the_account_to_the_address_it_lost(rf, cast):
    user = cast.librarian.user
    user.person.language = "en"
    user.person.save(update_fields=["language"])
    request = rf.get("/", HTTP_USER_AGENT="Lynx")
    context = {"from_email": "lost@example.kz", "to_email": user.email}
    with request_context(request):
        get_adapter().send_notification_mail("account/email/email_changed", user, context, email="lost@example.kz")
    mail = Mail.objects.get()
    assert (mail.address, mail.language, mail.subject) == ("lost@example.kz", "en", "Your e-mail address was changed")
    mime = message_from_bytes(bytes(mail.message), policy=policy.default)
    assert "Browser: Lynx" in mime.get_body(("plain",)).get_content()
