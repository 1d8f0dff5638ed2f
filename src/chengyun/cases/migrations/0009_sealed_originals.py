"""The original of a covered photo is kept sealed, and not for ever."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_desk")]

    operations = [
        migrations.AddField("casephoto", "original_key", models.BinaryField(null=True)),
        migrations.AddField("casephoto", "original_until", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "casephoto",
            models.Index(
                condition=models.Q(("original_until__isnull", False)),
                fields=["original_until"],
                name="photo_original",
            ),
        ),
    ]
