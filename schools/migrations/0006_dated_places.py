import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("schools", "0005_jobs")]

    operations = [
        migrations.CreateModel(
            name="CityName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
                ("city", models.CharField(max_length=80, verbose_name="city")),
                ("name_kk", models.CharField(max_length=80, verbose_name="name")),
                ("name_ru", models.CharField(max_length=80, verbose_name="name")),
                ("name_en", models.CharField(max_length=80, verbose_name="name")),
            ],
            options={
                "ordering": ["valid_from"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SchoolRegion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
            ],
            options={
                "ordering": ["valid_from"],
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="regionname",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_from__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="region_name_dates_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="cityname",
            constraint=models.UniqueConstraint(fields=("city", "valid_from"), name="one_city_name_a_day"),
        ),
        migrations.AddConstraint(
            model_name="cityname",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_from__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="city_name_dates_in_order",
            ),
        ),
        migrations.AddField(
            model_name="schoolregion",
            name="region",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="schools.region",
                verbose_name="region",
            ),
        ),
        migrations.AddField(
            model_name="schoolregion",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="regions",
                to="schools.school",
                verbose_name="school",
            ),
        ),
        migrations.AddConstraint(
            model_name="schoolregion",
            constraint=models.UniqueConstraint(fields=("school", "valid_from"), name="one_school_region_a_day"),
        ),
        migrations.AddConstraint(
            model_name="schoolregion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_from__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="school_region_dates_in_order",
            ),
        ),
    ]
