from django.db import migrations, models, transaction
from django.db.utils import DatabaseError


def index_by_trigram(apps, schema_editor):
    """Speeds up the search on PostgreSQL; where the role may not add the extension, search still works."""
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        return
    schema_editor.execute(
        "CREATE INDEX IF NOT EXISTS person_search_trigram ON schools_person USING gin (search_key gin_trgm_ops)"
    )


class Migration(migrations.Migration):
    dependencies = [("schools", "0006_dated_places")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="search_key",
            field=models.TextField(blank=True, default="", editable=False),
        ),
        migrations.RunPython(index_by_trigram, migrations.RunPython.noop, elidable=False),
    ]
