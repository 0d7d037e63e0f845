import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0001_people_and_schools"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="time")),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.person",
                        verbose_name="who acted",
                    ),
                ),
                ("actor_label", models.CharField(blank=True, max_length=254)),
                ("verb", models.CharField(max_length=60, verbose_name="deed")),
                ("subject_type", models.CharField(max_length=80)),
                ("subject_id", models.BigIntegerField()),
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
                (
                    "school",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.school",
                        verbose_name="school",
                    ),
                ),
                ("fields", models.JSONField(default=list)),
                ("digest", models.CharField(max_length=64)),
                ("sequence", models.BigIntegerField(null=True, unique=True)),
                ("previous_hash", models.CharField(max_length=64, null=True)),
                ("entry_hash", models.CharField(max_length=64, null=True, unique=True)),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["subject_type", "subject_id", "id"], name="audit_subject"),
                    models.Index(fields=["person", "id"], name="audit_person"),
                    models.Index(fields=["school", "id"], name="audit_school"),
                    models.Index(fields=["actor", "id"], name="audit_actor"),
                    models.Index(condition=models.Q(("sequence", None)), fields=["id"], name="audit_unsealed"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("entry_hash", None), ("previous_hash", None), ("sequence", None)),
                            models.Q(
                                ("entry_hash__isnull", False), ("previous_hash__isnull", False), ("sequence__gte", 1)
                            ),
                            _connector="OR",
                        ),
                        name="audit_sealed_whole",
                    ),
                    models.CheckConstraint(condition=models.Q(("verb__contains", ".")), name="audit_verb_has_subject"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditValues",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="values",
                        serialize=False,
                        to="schools.auditentry",
                    ),
                ),
                ("salt", models.CharField(blank=True, max_length=32)),
                ("values", models.JSONField(default=dict, null=True)),
                ("note", models.TextField(blank=True)),
                ("erased_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("erased_at", None), ("values__isnull", False)),
                            models.Q(
                                ("erased_at__isnull", False), ("note", ""), ("salt", ""), ("values__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="audit_values_erased_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                (
                    "singleton",
                    models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False),
                ),
                ("sequence", models.BigIntegerField(default=0)),
                ("entry_hash", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("singleton", 1)), name="audit_one_head")],
            },
        ),
    ]
