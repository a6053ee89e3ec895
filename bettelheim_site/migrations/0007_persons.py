"""Who may name, merge, split and exclude the persons of a volume."""

from django.db import migrations

ROLES = {
    "editor": {"reader": {"person": "view add change"}},
}


def make_roles(apps, schema_editor):
    """Give the groups their permissions, which Django itself makes only after the last migration."""
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="reader", model="person"
    )
    for role, rights in ROLES.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=role)
        for action in rights["reader"]["person"].split():
            permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
                content_type=content_type,
                codename=f"{action}_person",
                defaults={"name": f"Can {action} person"},
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("bettelheim_site", "0005_italics"),
        ("reader", "0024_persons"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
