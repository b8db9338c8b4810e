"""Limits may be an address's; the counts of the last hour are forgotten, incidents and orphans begin."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import providers.models.connections


class Migration(migrations.Migration):
    dependencies = [("providers", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="QuotaMinute"),
        migrations.AddField(
            model_name='operation',
            name='error_cause',
            field=models.CharField(blank=True, editable=False, max_length=20, verbose_name='cause'),
        ),
        migrations.CreateModel(
            name='QuotaPool',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='whose')),
                ('bucket', models.CharField(max_length=40, verbose_name='calls')),
                ('wanted_until', models.DateTimeField(blank=True, null=True)),
                ('blocked_until', models.DateTimeField(blank=True, null=True, verbose_name='blocked until')),
            ],
            options={
                'verbose_name': 'call limit',
                'verbose_name_plural': 'call limits',
                'constraints': [models.UniqueConstraint(fields=('name', 'bucket'), name='one_pool_per_name_and_bucket')],
            },
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('failing', 'Not answering'), ('limited', 'Over its limit'), ('refused', 'Credentials refused')], max_length=10, verbose_name='what')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='started')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='incidents', to='providers.connection', verbose_name='connection')),
            ],
            options={
                'verbose_name': 'incident',
                'verbose_name_plural': 'incidents',
                'ordering': ['-started_at'],
                'indexes': [models.Index(fields=['connection', '-started_at'], name='incidents_of_connection')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('connection', 'kind'), name='one_open_incident_of_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='Orphan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20, verbose_name='kind')),
                ('side', models.CharField(choices=[('theirs', 'At the upstream, with no owner here'), ('ours', 'Here, no longer at the upstream')], max_length=10, verbose_name='where')),
                ('external_id', models.CharField(max_length=64, verbose_name='their id')),
                ('label', models.CharField(blank=True, max_length=160, verbose_name='what')),
                ('state', models.CharField(choices=[('open', 'Waits for a person'), ('aside', 'Set aside'), ('settled', 'Settled')], default='open', max_length=10, verbose_name='state')),
                ('first_seen_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='first seen')),
                ('last_seen_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='last seen')),
                ('decided_by', models.CharField(blank=True, max_length=160, verbose_name='decided by')),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='orphans', to='providers.connection', verbose_name='connection')),
            ],
            options={
                'verbose_name': 'orphan',
                'verbose_name_plural': 'orphans',
                'ordering': ['-first_seen_at'],
                'indexes': [models.Index(fields=['state', '-first_seen_at'], name='orphans_to_look_at')],
                'constraints': [models.UniqueConstraint(fields=('connection', 'kind', 'side', 'external_id'), name='one_orphan_row_a_thing')],
            },
        ),
        migrations.CreateModel(
            name='QuotaMinute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minute', models.DateTimeField()),
                ('used', models.PositiveIntegerField(default=0)),
                ('pool', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='minutes', to='providers.quotapool')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('pool', 'minute'), name='one_count_per_pool_and_minute')],
            },
        ),
        migrations.AlterField(
            model_name='connection',
            name='slug',
            field=models.CharField(choices=providers.models.connections.slugs, max_length=20, verbose_name='upstream'),
        ),
    ]
