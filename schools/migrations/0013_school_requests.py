"""Schools that somebody did not find in the directory."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import schools.models.base


class Migration(migrations.Migration):

    dependencies = [
        ('schools', '0012_school_trigrams'),
    ]

    operations = [
        migrations.CreateModel(
            name='SchoolRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.CharField(default=schools.models.base.make_uid, editable=False, max_length=10, unique=True)),
                ('district', models.CharField(blank=True, max_length=120, verbose_name='district')),
                ('name', models.CharField(max_length=300, verbose_name='name of the school')),
                ('contact', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('language', models.CharField(choices=[('kk', 'Kazakh'), ('ru', 'Russian'), ('en', 'English')], default='kk', max_length=2, verbose_name='language')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('found', 'found in the directory'), ('added', 'added to the directory'), ('refused', 'refused')], default='waiting', max_length=10, verbose_name='state')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('decided_at', models.DateTimeField(editable=False, null=True, verbose_name='decided')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.person', verbose_name='decided by')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.region', verbose_name='region')),
                ('school', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school', verbose_name='school')),
            ],
            options={
                'verbose_name': 'school that is not listed',
                'verbose_name_plural': 'schools that are not listed',
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['id'], name='school_request_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('language__in', ['kk', 'ru', 'en'])), name='school_request_language'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'found', 'added', 'refused'])), name='school_request_state'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='school_request_has_name'), models.CheckConstraint(condition=models.Q(models.Q(('school__isnull', False), ('state__in', ['found', 'added'])), models.Q(('school__isnull', True), ('state__in', ['waiting', 'refused'])), _connector='OR'), name='school_request_found_has_school'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='school_request_decided_has_time')],
            },
        ),
    ]
