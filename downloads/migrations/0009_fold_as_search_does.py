from django.db import migrations

from hosts.folding import fold_letters


def fold_again(apps, schema_editor):
    """Rows were folded by another rule before: what is searched for must be folded by the same."""
    downloads = apps.get_model("downloads", "Download").objects.using(schema_editor.connection.alias)
    for row in downloads.only("filename", "name", "directory", "url", "folded").iterator(500):
        texts = (row.filename, row.name, row.directory, row.url)
        downloads.filter(pk=row.pk).update(folded=fold_letters("\n".join(filter(None, texts))))


class Migration(migrations.Migration):
    dependencies = [("downloads", "0008_modes")]

    operations = [migrations.RunPython(fold_again, migrations.RunPython.noop)]
