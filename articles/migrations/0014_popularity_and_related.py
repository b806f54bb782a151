"""Counts of reads, popular lists as they stand, suggestions of related stories, duties of the heartbeat."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0013_search_by_trigrams'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True)),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('basis', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'verbose_name_plural': 'duties',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Fingerprint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='fingerprint', to='articles.article')),
                ('signature', models.BinaryField(max_length=1024)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='popular_frozen_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='popular_snippets',
            field=models.BooleanField(default=False, verbose_name='show the sentence under the headline of popular posts'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='popular_thumbnails',
            field=models.BooleanField(default=False, verbose_name='show pictures of popular posts'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='popular_window',
            field=models.CharField(choices=[('trending', 'Trending now'), ('day', 'Most read today'), ('week', 'Most read this week'), ('month', 'Most read this month'), ('year', 'Most read this year'), ('all', 'Most read of all time')], default='week', help_text='The list says it to readers.', max_length=10, verbose_name='popular posts over'),
        ),
        migrations.AddField(
            model_name='tag',
            name='kind',
            field=models.CharField(choices=[('subject', 'Subject'), ('place', 'Place'), ('person', 'Person'), ('organisation', 'Organisation'), ('series', 'Series')], default='subject', help_text='How related stories speak of it: “More in Syria”.', max_length=20),
        ),
        migrations.CreateModel(
            name='PopularChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='popular_choice', to='articles.article')),
                ('kind', models.CharField(choices=[('pinned', 'Pinned'), ('excluded', 'Excluded')], max_length=10)),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Among the pinned; small numbers first.')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('kind', 'position', 'article'),
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ReadTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='read_total', to='articles.article')),
                ('reads', models.PositiveBigIntegerField(default=0)),
                ('trend', models.FloatField(blank=True, null=True)),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['-reads'], name='read_total_most'), models.Index(fields=['-trend'], name='read_total_trending')],
            },
        ),
        migrations.CreateModel(
            name='NearDuplicate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('likeness', models.FloatField()),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='near_duplicates', to='articles.article')),
                ('twin', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='articles.article')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('article', 'twin'), name='near_duplicate_once')],
            },
        ),
        migrations.CreateModel(
            name='ReadCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(choices=[('hour', 'Hour'), ('day', 'Day'), ('month', 'Month')], max_length=5)),
                ('starts_at', models.DateTimeField()),
                ('popular', models.PositiveIntegerField(default=0)),
                ('related', models.PositiveIntegerField(default=0)),
                ('site', models.PositiveIntegerField(default=0)),
                ('search', models.PositiveIntegerField(default=0)),
                ('social', models.PositiveIntegerField(default=0)),
                ('elsewhere', models.PositiveIntegerField(default=0)),
                ('direct', models.PositiveIntegerField(default=0)),
                ('imported', models.PositiveIntegerField(default=0)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='read_counts', to='articles.article')),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['period', 'starts_at', 'article'], name='read_count_by_time')],
                'constraints': [models.UniqueConstraint(fields=('article', 'period', 'starts_at'), name='read_count_once')],
            },
        ),
        migrations.CreateModel(
            name='RefusedReads',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('reason', models.CharField(choices=[('unknown', 'No such story, or not public'), ('foreign', 'Sent by another site'), ('crawler', 'Crawler'), ('prefetch', 'Fetched ahead, not looked at'), ('staff', 'Signed-in staff'), ('repeated', 'The same reader again'), ('flood', 'Too many from one address'), ('unchecked', 'The cache was away')], max_length=10)),
                ('number', models.PositiveIntegerField(default=0)),
                ('article', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='refused_reads', to='articles.article')),
            ],
            options={
                'verbose_name_plural': 'refused reads',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('article', 'day', 'reason'), name='refused_reads_once'), models.UniqueConstraint(condition=models.Q(('article', None)), fields=('day', 'reason'), name='refused_reads_once_without_story')],
            },
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('window', models.CharField(choices=[('trending', 'Trending now'), ('day', 'Most read today'), ('week', 'Most read this week'), ('month', 'Most read this month'), ('year', 'Most read this year'), ('all', 'Most read of all time'), ('frozen', 'Frozen')], max_length=10)),
                ('scope', models.CharField(choices=[('site', 'The whole site'), ('section', 'A section'), ('tag', 'A tag'), ('author', 'An author')], max_length=10)),
                ('scope_id', models.PositiveBigIntegerField(default=0)),
                ('position', models.PositiveSmallIntegerField()),
                ('reads', models.FloatField()),
                ('is_pinned', models.BooleanField(default=False)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='standings', to='articles.article')),
            ],
            options={
                'ordering': ('window', 'scope', 'scope_id', 'position'),
                'permissions': (('view_popularity', 'Can see what readers read'), ('curate_popular', 'Can pin, exclude and freeze popular posts')),
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('window', 'scope', 'scope_id', 'position'), name='standing_once')],
            },
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.FloatField()),
                ('reasons', models.JSONField(default=dict)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suggestions', to='articles.article')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suggested_by', to='articles.article')),
            ],
            options={
                'ordering': ('-score', 'target'),
                'default_permissions': (),
                'indexes': [models.Index(fields=['article', '-score'], name='suggestion_best')],
                'constraints': [models.UniqueConstraint(fields=('article', 'target'), name='suggestion_once')],
            },
        ),
        migrations.CreateModel(
            name='SuggestionChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('pinned', 'Pinned'), ('hidden', 'Hidden'), ('never', 'Never again')], max_length=10)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suggestion_choices', to='articles.article')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='articles.article')),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['target', 'kind'], name='suggestion_choice_by_target')],
                'constraints': [models.UniqueConstraint(fields=('article', 'target'), name='suggestion_choice_once')],
            },
        ),
    ]
