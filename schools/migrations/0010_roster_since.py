import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("schools", "0009_roster_imports")]

    operations = [
        migrations.AddField(
            "rosterimport",
            "since",
            models.DateField(default=django.utils.timezone.localdate, verbose_name="first day of new work"),
        ),
    ]
