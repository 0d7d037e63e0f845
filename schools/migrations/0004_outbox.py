import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import schools.models.base


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0003_audit_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uid",
                    models.CharField(default=schools.models.base.make_uid, editable=False, max_length=10, unique=True),
                ),
                ("kind", models.CharField(max_length=60, verbose_name="kind")),
                ("dedupe_key", models.CharField(max_length=200, unique=True)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.person",
                        verbose_name="person",
                    ),
                ),
                ("address", models.CharField(max_length=254, verbose_name="e-mail")),
                (
                    "language",
                    models.CharField(
                        choices=[("kk", "Kazakh"), ("ru", "Russian"), ("en", "English")],
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("message", models.BinaryField(default=bytes)),
                ("message_id", models.CharField(max_length=120, unique=True)),
                ("secret", models.BooleanField(default=False)),
                ("subject_type", models.CharField(blank=True, max_length=80)),
                ("subject_id", models.BigIntegerField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting to be sent"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("failed", "not sent"),
                            ("bounced", "address refused"),
                            ("superseded", "no longer needed"),
                        ],
                        default="queued",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "next_attempt_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="next attempt"),
                ),
                ("claim", models.CharField(blank=True, max_length=32)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("not_after", models.DateTimeField(null=True)),
                ("last_error", models.TextField(blank=True, verbose_name="last error")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="written"),
                ),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
            ],
            options={
                "verbose_name": "letter",
                "verbose_name_plural": "letters",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "queued")),
                        fields=["-secret", "next_attempt_at", "id"],
                        name="mail_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "sending")), fields=["claimed_until"], name="mail_claimed"
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["failed", "bounced"])), fields=["-id"], name="mail_in_trouble"
                    ),
                    models.Index(fields=["subject_type", "subject_id"], name="mail_subject"),
                    models.Index(fields=["person", "-id"], name="mail_person"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["queued", "sending", "sent", "failed", "bounced", "superseded"])
                        ),
                        name="mail_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["kk", "ru", "en"])), name="mail_language"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state", "sent")),
                            models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="mail_sent_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("claimed_until__isnull", False),
                                ("state", "sending"),
                                models.Q(("claim", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "sending"), _negated=True),
                                ("claim", ""),
                                ("claimed_until__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="mail_claim_while_sending",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("subject_id", None), ("subject_type", "")),
                            models.Q(models.Q(("subject_type", ""), _negated=True), ("subject_id__isnull", False)),
                            _connector="OR",
                        ),
                        name="mail_subject_whole",
                    ),
                ],
            },
        ),
    ]
