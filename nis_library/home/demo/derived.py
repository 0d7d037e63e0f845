"""Rows that follow from others, written by the database itself: there may be millions of them."""

from typing import Any

from django.db import connection

from courses.models import Attendance, Enrolment, Meeting, Run, RunTrainer
from courses.states import HOLDING, EnrolmentState, MarkSource, Presence
from schools.models import Busy


def take_time(first_enrolment: int) -> None:
    """The ledger of taken time, for all who hold a seat: as the verbs write it when a seat is given."""
    _insert(
        f"INSERT INTO {_table(Busy)} (person_id, {_quoted('start')}, {_quoted('end')}, source) "
        f"SELECT e.person_id, m.starts_at, m.ends_at, 'enrolment:' || e.id "
        f"FROM {_table(Enrolment)} e JOIN {_table(Meeting)} m ON m.run_id = e.run_id "
        f"WHERE e.id >= %s AND e.state IN ({', '.join(['%s'] * len(HOLDING))})",
        [first_enrolment, *HOLDING],
    )


def mark_attendance(first_enrolment: int) -> None:
    """Attendance where results are decided: who completed was there, who did not came on the first day only."""
    _insert(
        f"INSERT INTO {_table(Attendance)} (meeting_id, enrolment_id, presence, source, marked_by_id, marked_at) "
        f"SELECT m.id, e.id, CASE WHEN e.state = %s OR m.day = r.starts_on THEN %s ELSE %s END, %s, "
        f"t.person_id, m.ends_at "
        f"FROM {_table(Enrolment)} e JOIN {_table(Run)} r ON r.id = e.run_id "
        f"JOIN {_table(Meeting)} m ON m.run_id = r.id JOIN {_table(RunTrainer)} t ON t.run_id = r.id "
        f"WHERE e.id >= %s AND e.state IN (%s, %s)",
        [
            EnrolmentState.COMPLETED,
            Presence.PRESENT,
            Presence.ABSENT,
            MarkSource.TRAINER,
            first_enrolment,
            EnrolmentState.COMPLETED,
            EnrolmentState.NOT_COMPLETED,
        ],
    )


def _insert(statement: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [str(value) if isinstance(value, str) else value for value in values])


def _table(model: type) -> str:
    return _quoted(model._meta.db_table)  # type: ignore[attr-defined]


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
