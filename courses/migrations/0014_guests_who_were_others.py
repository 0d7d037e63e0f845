"""Guests of whom the owner of an address said that they were somebody else."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0013_signup_pending_address'),
        ('schools', '0015_merged_people'),
    ]

    operations = [
        migrations.CreateModel(
            name='NotMine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('said_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('guest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='schools.person', verbose_name='guest')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='schools.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'guest who was somebody else',
                'verbose_name_plural': 'guests who were somebody else',
                'constraints': [models.UniqueConstraint(fields=('person', 'guest'), name='one_answer_a_guest'), models.CheckConstraint(condition=models.Q(('person', models.F('guest')), _negated=True), name='nobody_is_their_own_guest')],
            },
        ),
    ]
