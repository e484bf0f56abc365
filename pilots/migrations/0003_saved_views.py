import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pilots', '0002_site_roles_apart_from_memberships'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版本')),
                ('path', models.CharField(max_length=200, verbose_name='列表')),
                ('name', models.CharField(max_length=20, verbose_name='名称')),
                ('query', models.CharField(max_length=1000, verbose_name='筛选')),
                ('created_at', models.DateTimeField(editable=False, verbose_name='保存时间')),
                ('updated_at', models.DateTimeField(editable=False, verbose_name='更新时间')),
                ('removed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='移除时间')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='saved_views', to=settings.AUTH_USER_MODEL, verbose_name='保存人')),
                ('programme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='saved_views', to='pilots.programme', verbose_name='共享给方案')),
            ],
            options={
                'verbose_name': '常用筛选',
                'verbose_name_plural': '常用筛选',
                'ordering': ['path', 'id'],
                'default_manager_name': 'rows',
                'indexes': [models.Index(fields=['path', 'programme'], name='saved_view_by_programme')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('owner', 'path', 'name'), name='saved_view_name_once', violation_error_message='这个列表上已有同名的常用筛选，换一个名称。')],
            },
            managers=[
                ('rows', django.db.models.manager.Manager()),
            ],
        ),
    ]
