"""What the directory of general-education schools keeps of a school. The rows that stand are reference data."""

from django.db import migrations, models

SOURCES = [
    ("reference", "reference data of the portal"),
    ("import", "imported file"),
    ("generated", "generated for demonstration"),
    ("added", "added by hand"),
]


def source(default):
    return models.CharField(
        choices=SOURCES, default=default, editable=False, max_length=10, verbose_name="source"
    )


def district():
    return models.CharField(blank=True, max_length=120, verbose_name="district")


class Migration(migrations.Migration):
    dependencies = [("schools", "0010_roster_since")]

    operations = [
        migrations.AddField("school", "district_kk", district()),
        migrations.AddField("school", "district_ru", district()),
        migrations.AddField("school", "district_en", district()),
        migrations.AddField("school", "rural", models.BooleanField(blank=True, null=True, verbose_name="rural")),
        migrations.AddField(
            "school",
            "external_code",
            models.CharField(blank=True, max_length=40, verbose_name="code of the ministry"),
        ),
        migrations.AddField("school", "search_key", models.TextField(blank=True, default="", editable=False)),
        migrations.AddField("school", "source", source("reference")),
        migrations.AlterField("school", "source", source("added")),
        migrations.AddConstraint(
            "school",
            models.CheckConstraint(
                condition=models.Q(source__in=[value for value, _ in SOURCES]), name="school_source"
            ),
        ),
        migrations.AddConstraint(
            "school",
            models.UniqueConstraint(
                condition=~models.Q(external_code=""), fields=["external_code"], name="one_school_an_external_code"
            ),
        ),
    ]
