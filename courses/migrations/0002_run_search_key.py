from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_courses_runs_enrolments")]

    operations = [
        migrations.AddField(
            model_name="run",
            name="search_key",
            field=models.TextField(blank=True, default="", editable=False),
        ),
    ]
