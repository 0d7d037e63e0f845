"""One run keeps at most one promise of a person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conferences", "0007_budget_moves_of_trips")]

    operations = [
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.UniqueConstraint(
                condition=models.Q(("run__isnull", False)), fields=("person", "run"), name="one_promise_kept_by_a_run"
            ),
        ),
    ]
