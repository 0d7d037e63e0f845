import secrets

from django.db import migrations, models

import schools.models.base

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def name_each(apps, schema_editor):
    """Rows that were there before get an address of their own."""
    memberships = apps.get_model("schools", "Membership")
    for pk in memberships.objects.filter(uid=None).values_list("pk", flat=True):
        uid = "".join(secrets.choice(ALPHABET) for _ in range(10))
        memberships.objects.filter(pk=pk).update(uid=uid)


class Migration(migrations.Migration):
    dependencies = [("schools", "0007_person_search_key")]

    operations = [
        migrations.AddField("membership", "uid", models.CharField(editable=False, max_length=10, null=True)),
        migrations.RunPython(name_each, migrations.RunPython.noop),
        migrations.AlterField(
            "membership",
            "uid",
            models.CharField(default=schools.models.base.make_uid, editable=False, max_length=10, unique=True),
        ),
    ]
