"""Who may call a reading good everywhere, and take that back."""

from django.db import migrations

ROLES = {
    "corrector": {"reader": {"goodreading": "view add delete"}},
    "editor": {"reader": {"goodreading": "view add delete"}},
}


def make_roles(apps, schema_editor):
    """Give the groups their permissions, which Django itself makes only after the last migration."""
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="reader", model="goodreading"
    )
    for role, rights in ROLES.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=role)
        for action in rights["reader"]["goodreading"].split():
            permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
                content_type=content_type,
                codename=f"{action}_goodreading",
                defaults={"name": f"Can {action} good reading"},
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("bettelheim_site", "0002_levels_for_correctors"),
        ("reader", "0010_good_readings"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
