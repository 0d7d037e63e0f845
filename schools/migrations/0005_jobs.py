import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import schools.models.base


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0004_outbox"),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uid",
                    models.CharField(default=schools.models.base.make_uid, editable=False, max_length=10, unique=True),
                ),
                ("kind", models.CharField(max_length=60, verbose_name="kind")),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.person",
                        verbose_name="owner",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting to start"),
                            ("running", "running"),
                            ("done", "done"),
                            ("failed", "failed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="queued",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("stage", models.CharField(blank=True, max_length=200, verbose_name="stage")),
                ("done", models.PositiveBigIntegerField(default=0)),
                ("total", models.PositiveBigIntegerField(default=0)),
                ("params", models.JSONField(default=dict)),
                ("result_name", models.CharField(blank=True, max_length=200)),
                ("result_path", models.CharField(blank=True, max_length=300)),
                ("error", models.TextField(blank=True, verbose_name="error")),
                ("cancel_requested", models.BooleanField(default=False)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("claim", models.CharField(blank=True, max_length=32)),
                ("heartbeat", models.DateTimeField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="created"),
                ),
                ("started_at", models.DateTimeField(null=True, verbose_name="started")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
            ],
            options={
                "verbose_name": "job",
                "verbose_name_plural": "jobs",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])), fields=["id"], name="job_unfinished"
                    ),
                    models.Index(fields=["owner", "-id"], name="job_owner"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["queued", "running", "done", "failed", "cancelled"])),
                        name="job_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("total", 0), ("done__lte", models.F("total")), _connector="OR"),
                        name="job_done_within_total",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("heartbeat__isnull", False),
                                ("state", "running"),
                                models.Q(("claim", ""), _negated=True),
                            ),
                            models.Q(models.Q(("state", "running"), _negated=True), ("claim", "")),
                            _connector="OR",
                        ),
                        name="job_claim_while_running",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state__in", ["queued", "running"])),
                            models.Q(("state__in", ["done", "failed", "cancelled"]), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="job_ended_has_time",
                    ),
                ],
            },
        ),
    ]
