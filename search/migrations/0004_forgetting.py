from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0003_quality_grab_watchlist'),
    ]

    operations = [
        migrations.AddField(
            model_name='foldersubscription',
            name='forgotten_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='foldersubscription',
            name='keeps_files',
            field=models.BooleanField(default=True, editable=False),
        ),
    ]
