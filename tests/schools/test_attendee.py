"""The entry in a letter's calendar is for its reader, whatever the name, and goes along to another address."""

from email import message_from_bytes, policy

import pytest
from icalendar import Calendar, Event

from schools import attendee, mailing, outbox
from schools.models import Mail, Person
from tests.schools.test_outbox import HOSTILE, _letter

pytestmark = pytest.mark.django_db
START = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\n"
ENTRY = b"BEGIN:VEVENT\r\nUID:%d\r\nSUMMARY:a\r\n END:VEVENT\r\nEND:VEVENT\r\n"
TWO = START + ENTRY % 1 + ENTRY % 2 + b"END:VCALENDAR\r\n"


def calendar_of(mail: Mail) -> bytes:
    mime = message_from_bytes(bytes(mail.message), policy=policy.default)
    assert mime.defects == []
    return list(mime.iter_parts())[2].get_content().encode()


def readers(calendar: bytes) -> list[tuple[str, dict[str, str]]]:
    """Address and parameters of the one attendee of each entry; and the file is as RFC 5545 wants it."""
    assert b"\n" not in calendar.replace(b"\r\n", b"")
    assert max(len(line) for line in calendar.split(b"\r\n")) <= 75
    events: list[Event] = Calendar.from_ical(calendar).walk("VEVENT")
    assert [sorted(event) for event in events] == [["ATTENDEE", "SUMMARY", "UID"]] * 2
    assert [event.errors for event in events] == [[], []]
    return [(str(event["attendee"]), dict(event["attendee"].params)) for event in events]


def test_every_entry_names_the_reader_who_has_accepted_and_is_asked_nothing(cast):
    person = cast.librarian.person
    mail = _letter(person, calendar=TWO)
    facts = {"CN": person.full_name, "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    assert readers(calendar_of(mail)) == [(f"mailto:{person.email}", facts)] * 2


@pytest.mark.parametrize("name", [*HOSTILE, "", "Қ^nATTENDEE:mailto:evil@example.kz\u2028;X=1:,", '"' * 60])
def test_a_hostile_name_stays_a_name(name):
    to = mailing.recipient(name, "victim@example.kz")
    calendar = attendee.name_reader(TWO, to)
    [found, again] = readers(calendar)
    assert found == again
    assert (found[0], sorted(found[1])) == ("mailto:victim@example.kz", ["CN", "PARTSTAT", "RSVP"])
    assert attendee.name_reader(calendar, to) == calendar


@pytest.mark.parametrize(
    ("address", "written"),
    [("a+b@example.kz", "mailto:a+b@example.kz"), ("a?cc=b&#%c@example.kz", "mailto:a%3Fcc%3Db%26%23%25c@example.kz")],
)
def test_an_address_stays_one_address(address, written):
    assert attendee.mailto(address) == written


def test_who_is_written_to_elsewhere_is_expected_under_that_address(cast):
    person = cast.librarian.person
    good = person.email
    person.email = "nowhere"
    mail = _letter(person, calendar=TWO)
    before = bytes(mail.message)
    assert calendar_of(mail) == TWO
    for address in (good, "new@example.kz"):
        Person.objects.filter(pk=person.pk).update(email=address)
        Mail.objects.filter(pk=mail.pk).update(state="bounced")
        outbox.retry(mail=mail, actor=cast.administrator.actor)
        mail.refresh_from_db()
        assert [found for found, _facts in readers(calendar_of(mail))] == [f"mailto:{address}"] * 2
        assert bytes(mail.message).isascii()
    assert mailing.parts_of(bytes(mail.message)).text == mailing.parts_of(before).text
    assert mailing.parts_of(bytes(mail.message)).html == mailing.parts_of(before).html
