from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_a_taken_name_is_told_in_plain_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="hidden_columns",
            field=models.JSONField(
                blank=True, default=dict, editable=False, verbose_name="不显示的列"
            ),
        ),
    ]
