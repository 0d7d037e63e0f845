import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import schools.models.base


class Migration(migrations.Migration):
    dependencies = [("schools", "0008_membership_uid")]

    operations = [
        migrations.CreateModel(
            name="RosterImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uid",
                    models.CharField(default=schools.models.base.make_uid, editable=False, max_length=10, unique=True),
                ),
                ("file_name", models.CharField(max_length=120, verbose_name="file")),
                ("rows", models.JSONField(default=list)),
                ("shown", models.CharField(max_length=64)),
                ("counts", models.JSONField(default=dict)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="created"),
                ),
                ("applied_at", models.DateTimeField(editable=False, null=True, verbose_name="applied")),
                ("dropped_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "roster import",
                "verbose_name_plural": "roster imports",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="rosterimport",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.person", verbose_name="owner"
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterimport",
            constraint=models.CheckConstraint(
                condition=models.Q(("applied_at__isnull", True), ("dropped_at__isnull", True), _connector="OR"),
                name="roster_applied_or_dropped",
            ),
        ),
    ]
