from django.db import migrations, models

import messaging.models.people


def fold_names(apps, _schema_editor):
    """The field computes itself when its row is saved."""
    for row in apps.get_model("messaging", "Contact").objects.only("pk", "name", "number").iterator(1000):
        row.save(update_fields=["folded"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_subaccount_changes"),
        ("messaging", "0009_message_exports"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="contact", name="contacts_by_name"),
        migrations.AddField(
            model_name="contact",
            name="folded",
            field=messaging.models.people.FoldedField(default="", editable=False, max_length=120),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["account", "folded", "id"], name="contacts_in_order"),
        ),
        migrations.RunPython(fold_names, migrations.RunPython.noop, elidable=True),
    ]
