"""The statements of a request, recorded once and sent again with other keys by a bare cursor."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Model
from psycopg2.extensions import Binary
from psycopg2.extras import Json

from schools.models.base import make_uid

BEGIN, COMMIT = "BEGIN", "COMMIT"
INSERT = re.compile(r'INSERT INTO "(\w+)".* RETURNING ', re.S)
NUMBER = "next_number"


@dataclass(frozen=True)
class Statement:
    """One statement as Django sent it, or BEGIN or COMMIT. `makes` is the key that an INSERT gave back."""

    sql: str
    params: tuple[Any, ...] = ()
    makes: int | None = None


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """Everything that this process sends to the database meanwhile, in order, transactions included."""
    found: list[Statement] = []
    sent: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append((sql, params))
        return execute(sql, params, many, context)

    before, connection.force_debug_cursor = connection.force_debug_cursor, True
    connection.queries_log.clear()
    try:
        with connection.execute_wrapper(keep):
            yield found
        statements = iter(sent)
        log = [entry["sql"] for entry in connection.queries_log]
        found += [Statement(sql) if sql in (BEGIN, COMMIT) else _plain(*next(statements)) for sql in log]
    finally:
        connection.force_debug_cursor = before


def newest(models: Iterable[type[Model]], count: int = 1) -> dict[str, list[int]]:
    """Keys of the last rows of these models, in order, by table."""
    keys = {
        model._meta.db_table: model._default_manager.order_by("-pk").values_list("pk", flat=True) for model in models
    }
    return {table: list(found[:count])[::-1] for table, found in keys.items()}


def _plain(sql: str, params: Any) -> Statement:
    return Statement(str(sql), tuple(_kept(value) for value in params or ()))


def _kept(value: Any) -> Any:
    """The value without the connection that it was sent over; a column of many rows comes as a list."""
    if isinstance(value, (list, tuple)):
        return [_kept(one) for one in value]
    if isinstance(value, Json):
        value.prepare(None)
    return value.adapted if isinstance(value, Binary) else value


def _in_order(statements: Iterable[Statement], send: Callable[[Any, Statement], None]) -> None:
    """Send each by one cursor, within the transactions that were recorded."""
    with connection.cursor() as cursor:
        for one in statements:
            if one.sql == BEGIN:
                connection.set_autocommit(False)
            elif one.sql == COMMIT:
                connection.commit()
                connection.set_autocommit(True)
            else:
                send(cursor, one)


@dataclass
class Recording:
    """The statements of one application and the keys in it, each of which stands nowhere else among the values."""

    statements: list[Statement]
    keys: dict[str, Any]
    number: int = 0
    """The place in arrival order that was given."""
    made: dict[str, list[int]] = field(default_factory=dict)
    """Keys of the rows that were inserted one by one, in order, by table."""

    def __post_init__(self) -> None:
        keys = {table: iter(found) for table, found in self.made.items()}
        self.statements = [
            Statement(one.sql, one.params, next(keys[match[1]]) if match and match[1] in keys else None)
            for one, match in ((one, INSERT.match(one.sql)) for one in self.statements)
        ]

    def replay(self, **keys: Any) -> None:
        """Send it all again for another person and run; keys that the database gives are passed on as they come."""
        fresh = {self.keys[name]: value for name, value in keys.items()}
        if "uid" in self.keys:
            fresh[self.keys["uid"]] = make_uid()
        _in_order(self.statements, lambda cursor, one: self._send(cursor, one, fresh))

    def _send(self, cursor: Any, one: Statement, fresh: dict[Any, Any]) -> None:
        cursor.execute(one.sql, [fresh.get(v, v) if type(v) in (int, str) else v for v in one.params])
        if cursor.description is None:
            return
        rows = cursor.fetchall()
        if one.makes is not None:
            fresh[one.makes] = rows[0][0]
            fresh[f"enrolment:{one.makes}"] = f"enrolment:{rows[0][0]}"
        elif "FOR NO KEY UPDATE" in one.sql and (place := _place_of_number(cursor)) is not None:
            fresh[self.number], fresh[self.number + 1] = rows[0][place], rows[0][place] + 1


def _place_of_number(cursor: Any) -> int | None:
    return next((place for place, column in enumerate(cursor.description) if column.name == NUMBER), None)


@dataclass
class Bulk:
    """Statements about many rows at once, sent again for the same rows after what they had made was removed.

    `made` holds the keys that were given, in order, by table: other rows refer to them, so that they are replaced by
    those that the database gives this time. Each stands nowhere else among the values.
    """

    statements: list[Statement]
    made: dict[str, list[int]]

    def replay(self) -> None:
        fresh: dict[int, int] = {}
        keys = {table: iter(found) for table, found in self.made.items()}

        def send(cursor: Any, one: Statement) -> None:
            cursor.execute(one.sql, [_with(fresh, value) for value in one.params])
            rows = cursor.fetchall() if cursor.description else []
            if (match := INSERT.match(one.sql)) and match[1] in keys:
                fresh.update(zip((next(keys[match[1]]) for _row in rows), (row[0] for row in rows), strict=True))

        _in_order(self.statements, send)


def _with(fresh: dict[int, int], value: Any) -> Any:
    """The value with fresh keys; a column of many rows comes as a list."""
    if isinstance(value, (list, tuple)):
        return [_with(fresh, one) for one in value]
    return fresh.get(value, value) if type(value) is int else value
