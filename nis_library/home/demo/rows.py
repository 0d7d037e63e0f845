"""Writing many rows quickly, with keys given out beforehand."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max, Model

BATCH = 2_000


def keys(model: type[Model]) -> Iterator[int]:
    """The next free keys of the table, in order."""
    return count((model._default_manager.aggregate(top=Max("pk"))["top"] or 0) + 1)


def write(rows: list[Any]) -> None:
    """Insert rows of one table and empty the list."""
    if rows:
        type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH)
        rows.clear()


def settle_keys(*models: type[Model]) -> None:
    """Let the database give out keys from here on: it did not see those that were given."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)
