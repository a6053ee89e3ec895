"""Who may set lost italics again, and leave words upright."""

from django.db import migrations

ROLES = {
    "corrector": {"reader": {"italic": "view change"}},
    "editor": {"reader": {"italic": "view change"}},
}


def make_roles(apps, schema_editor):
    """Give the groups their permissions, which Django itself makes only after the last migration."""
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="reader", model="italic"
    )
    for role, rights in ROLES.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=role)
        for action in rights["reader"]["italic"].split():
            permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
                content_type=content_type,
                codename=f"{action}_italic",
                defaults={"name": f"Can {action} lost italic"},
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("bettelheim_site", "0004_variants"),
        ("reader", "0020_italics"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
