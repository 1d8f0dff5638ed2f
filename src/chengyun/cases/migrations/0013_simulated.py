from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_component")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("simulated", True)),
                fields=["simulated"],
                name="case_simulated",
            ),
        ),
    ]
