"""The audit ledger: what is recorded, and that the chain tells when somebody changed it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from schools import audit, sealing
from schools.access import SYSTEM
from schools.models import AuditEntry, AuditHead, AuditValues
from schools.states import Post


def _three(cast) -> list[AuditEntry]:
    person = cast.librarian.person
    rows = [
        audit.record(
            actor=cast.director.actor, verb="person.edit", subject=person, changes={"phone": ("", f"+7700000000{n}")}
        )
        for n in range(3)
    ]
    assert sealing.seal_all() == 3
    return rows


def _as_thief(sql: str, *params: object) -> None:
    """Change the tables as somebody with the database's own password would."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, params)
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = origin")


def test_an_entry_says_who_did_what_to_whom_and_what_changed(cast):
    person, school = cast.librarian.person, cast.school
    entry = audit.record(
        actor=cast.director.actor,
        verb="person.edit",
        subject=person,
        changes={"post": (Post.SENIOR, Post.HEAD), "since": (None, date(2026, 9, 1)), "rate": (1.5, Decimal("2.50"))},
        note="тілек\x00 бойынша",
        school=school,
    )
    row = audit.history(person).get()
    assert row == entry
    assert (row.actor_name, row.person, row.school_id) == (cast.director.person.full_name, person, school.pk)
    assert (row.subject_type, row.subject_id, row.fields) == ("schools.person", person.pk, ["post", "rate", "since"])
    assert row.values.values == {
        "post": ["senior_teacher_librarian", "head_teacher_librarian"],
        "since": [None, "2026-09-01"],
        "rate": ["1.5", "2.50"],
    }
    assert row.values.note == "тілек бойынша"


def test_the_portal_itself_acts_under_its_own_label(cast):
    assert audit.record(actor=SYSTEM, verb="person.remind", subject=cast.librarian.person).actor_name == "portal"


def test_moments_are_kept_in_utc():
    assert audit.plain(datetime(2026, 1, 1, 5, tzinfo=UTC)) == "2026-01-01T05:00:00+00:00"
    assert audit.plain({"b": {3, 1, 2}, "a": ("x", 1)}) == {"b": [1, 2, 3], "a": ["x", 1]}


def test_recording_takes_two_queries_and_no_lock(cast, django_assert_num_queries):
    with django_assert_num_queries(2):
        audit.record(actor=SYSTEM, verb="person.remind", subject=cast.librarian.person)


def test_the_chain_is_whole_and_grows_in_order(cast):
    rows = _three(cast)
    audit.record(actor=SYSTEM, verb="person.remind", subject=rows[0].person)
    assert sealing.first_flaw() is None
    assert sealing.seal_all() == 1
    chain = list(AuditEntry.objects.order_by("sequence").values_list("sequence", "previous_hash", "entry_hash"))
    assert [sequence for sequence, _, _ in chain] == [1, 2, 3, 4]
    assert [previous for _, previous, _ in chain] == ["", *(own for _, _, own in chain[:-1])]
    assert sealing.first_flaw() is None


@pytest.mark.parametrize(
    ("theft", "what"),
    [
        ("UPDATE schools_auditentry SET verb = 'person.read' WHERE id = %s", "the entry was altered"),
        ("UPDATE schools_auditentry SET actor_id = NULL WHERE id = %s", "the entry was altered"),
        ("UPDATE schools_auditentry SET at = '2020-01-01 00:00:00+00:00' WHERE id = %s", "the entry was altered"),
        ("UPDATE schools_auditvalues SET note = 'x' WHERE entry_id = %s", "its values were altered"),
        ("UPDATE schools_auditvalues SET values = '{}' WHERE entry_id = %s", "its values were altered"),
        ("DELETE FROM schools_auditvalues WHERE entry_id = %s", "its values are missing"),
    ],
)
def test_the_first_altered_entry_is_named(cast, theft, what):
    second = _three(cast)[1]
    _as_thief(theft.replace(" values ", ' "values" '), second.pk)
    assert sealing.first_flaw() == sealing.Flaw(second.pk, 2, what)


def test_a_rewritten_entry_breaks_the_link_after_it(cast):
    """Somebody who also knows how the links are made cannot hide in the middle of the chain."""
    _, second, third = _three(cast)
    second.refresh_from_db()
    second.verb = "person.read"
    _as_thief(
        "UPDATE schools_auditentry SET verb = %s, entry_hash = %s WHERE id = %s",
        second.verb,
        sealing.hash_of(second, 2, second.previous_hash),
        second.pk,
    )
    assert sealing.first_flaw() == sealing.Flaw(third.pk, 3, "the chain is broken before it")


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_missing_entry_is_named_by_its_sequence(cast, place):
    gone = _three(cast)[place]
    _as_thief("DELETE FROM schools_auditvalues WHERE entry_id = %s", gone.pk)
    _as_thief("DELETE FROM schools_auditentry WHERE id = %s", gone.pk)
    assert sealing.first_flaw() == sealing.Flaw(None, place + 1, "the entry is missing")


def test_an_end_noted_elsewhere_shows_that_the_whole_ledger_was_replaced(cast):
    _three(cast)
    noted = sealing.end_of_chain()
    assert sealing.first_flaw(noted=noted) is None
    _as_thief("DELETE FROM schools_auditvalues")
    _as_thief("DELETE FROM schools_auditentry")
    _as_thief("DELETE FROM schools_audithead")
    assert sealing.first_flaw() is None  # nothing in the database itself tells
    assert sealing.first_flaw(noted=noted) == sealing.Flaw(None, 1, "the entry is missing")
    _three(cast)
    assert sealing.first_flaw(noted=noted).what == "it is not the end of the chain that was noted"


def test_erased_values_leave_the_proof_whole_and_the_erasure_on_record(cast):
    person = cast.librarian.person
    _three(cast)
    assert audit.erase(person=person, actor=cast.administrator.actor) == 3
    sealing.seal_all()
    assert sealing.first_flaw() is None
    rows = audit.history(person)
    assert [row.values.values for row in rows] == [None, None, None, {}]
    assert [row.values.salt for row in rows][:3] == ["", "", ""]
    assert rows.last().verb == "person.erase_values"


def test_values_erased_without_a_word_are_named(cast):
    second = _three(cast)[1]
    AuditValues.objects.filter(entry=second).update(
        values=None, note="", salt="", erased_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    assert sealing.first_flaw() == sealing.Flaw(second.pk, 2, "its values were erased without a word")


def test_values_altered_before_the_sealer_came_are_named(cast):
    entry = audit.record(actor=SYSTEM, verb="person.edit", subject=cast.librarian.person, changes={"a": (1, 2)})
    _as_thief("UPDATE schools_auditvalues SET note = 'x' WHERE entry_id = %s", entry.pk)
    assert sealing.first_flaw() == sealing.Flaw(entry.pk, None, "its values were altered")


def test_the_commands_seal_and_verify(cast):
    audit.record(actor=SYSTEM, verb="person.remind", subject=cast.librarian.person)
    out = StringIO()
    call_command("seal_audit", stdout=out)
    call_command("verify_audit", stdout=out)
    head = AuditHead.objects.get()
    assert out.getvalue().splitlines() == [
        "1 entry was sealed.",
        f"The audit ledger is whole: 1 entry. Its end is 1:{head.entry_hash}",
    ]
    call_command("verify_audit", head=f"1:{head.entry_hash}", stdout=out)
    _as_thief("UPDATE schools_auditentry SET verb = 'person.read'")
    with pytest.raises(CommandError, match=r"entry \d+, sequence 1: the entry was altered"):
        call_command("verify_audit")
    with pytest.raises(CommandError, match="SEQUENCE:HASH"):
        call_command("verify_audit", head="x")


@pytest.mark.postgres
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE schools_auditentry SET verb = 'person.read'",
        "UPDATE schools_auditentry SET sequence = NULL, previous_hash = NULL, entry_hash = NULL",
        "UPDATE schools_auditentry SET sequence = 9",
        "DELETE FROM schools_auditentry",
        "UPDATE schools_auditvalues SET note = 'x'",
        "DELETE FROM schools_auditvalues",
    ],
)
def test_postgresql_refuses_every_change(cast, change):
    audit.record(actor=SYSTEM, verb="person.remind", subject=cast.librarian.person)
    sealing.seal()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert sealing.first_flaw() is None
