import django.db.models.manager
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0004_tokens_of_channels_and_calendar_feeds"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="endpoint",
            options={
                "default_manager_name": "rows",
                "ordering": ["channel", "address"],
                "verbose_name": "接收地址",
                "verbose_name_plural": "接收地址",
            },
        ),
        migrations.AlterModelManagers(
            name="endpoint",
            managers=[
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
    ]
