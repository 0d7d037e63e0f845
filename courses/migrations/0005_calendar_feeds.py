import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import courses.models.feed


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0004_run_notices"),
        ("schools", "0009_roster_imports"),
    ]

    operations = [
        migrations.CreateModel(
            name="Feed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "token",
                    models.CharField(
                        default=courses.models.feed.make_token, editable=False, max_length=64, unique=True
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar address",
                "verbose_name_plural": "calendar addresses",
            },
        ),
    ]
