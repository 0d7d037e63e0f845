"""Search inside words by index, on PostgreSQL. SQLite reads the whole small table.

The extension is «trusted»: who owns the database may create it. Where even that is not allowed, search works
without the index, and the log says which statement an administrator of the database has to run.
"""

import logging

from django.db import DatabaseError, migrations, transaction

log = logging.getLogger("courses.migrations")
EXTENSION = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
INDEX = "CREATE INDEX IF NOT EXISTS course_search_trigrams ON courses_course USING gin (search_key gin_trgm_ops)"


def add(apps, editor):
    if editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=editor.connection.alias), editor.connection.cursor() as cursor:
            cursor.execute(EXTENSION)
            cursor.execute(INDEX)
    except DatabaseError as error:
        log.warning("course search has no index (%s); to add it, run: %s; %s;", error, EXTENSION, INDEX)


def remove(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX IF EXISTS course_search_trigrams")


class Migration(migrations.Migration):
    dependencies = [("courses", "0005_calendar_feeds")]

    operations = [migrations.RunPython(add, remove, elidable=False)]
