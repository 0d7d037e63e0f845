"""Files of schools that were read and wait to be written."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import schools.models.base


class Migration(migrations.Migration):

    dependencies = [
        ('schools', '0013_school_requests'),
    ]

    operations = [
        migrations.CreateModel(
            name='SchoolImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.CharField(default=schools.models.base.make_uid, editable=False, max_length=10, unique=True)),
                ('file_name', models.CharField(max_length=120, verbose_name='file')),
                ('rows', models.JSONField(default=list)),
                ('plans', models.JSONField(default=list)),
                ('gone', models.JSONField(default=list)),
                ('shown', models.CharField(max_length=64)),
                ('counts', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('started_at', models.DateTimeField(editable=False, null=True)),
                ('applied_at', models.DateTimeField(editable=False, null=True, verbose_name='applied')),
                ('dropped_at', models.DateTimeField(editable=False, null=True)),
                ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='schools.job', verbose_name='job')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.person', verbose_name='owner')),
            ],
            options={
                'verbose_name': 'import of schools',
                'verbose_name_plural': 'imports of schools',
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('applied_at__isnull', True), ('dropped_at__isnull', True), _connector='OR'), name='school_import_applied_or_dropped')],
            },
        ),
    ]
