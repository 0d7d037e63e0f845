"""Search for schools by index, on PostgreSQL. SQLite reads the whole small table.

The extension is «trusted»: who owns the database may create it. Where even that is not allowed, search works
without the index, and the log says which statement an administrator of the database has to run.
"""

import logging

from django.db import DatabaseError, migrations, transaction

log = logging.getLogger("schools.migrations")
EXTENSION = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
INDEX = "CREATE INDEX IF NOT EXISTS school_search_trigrams ON schools_school USING gin (search_key gin_trgm_ops)"


def add(apps, editor):
    if editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=editor.connection.alias), editor.connection.cursor() as cursor:
            cursor.execute(EXTENSION)
            cursor.execute(INDEX)
    except DatabaseError as error:
        log.warning("school search has no index (%s); to add it, run: %s; %s;", error, EXTENSION, INDEX)


def remove(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX IF EXISTS school_search_trigrams")


class Migration(migrations.Migration):
    dependencies = [("schools", "0011_school_directory")]

    operations = [migrations.RunPython(add, remove, elidable=False)]
