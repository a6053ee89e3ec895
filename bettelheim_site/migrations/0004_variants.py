"""Who may take the readings of second witnesses, and keep ours."""

from django.db import migrations

ROLES = {
    "corrector": {"reader": {"variant": "view change"}},
    "editor": {"reader": {"variant": "view change"}},
}


def make_roles(apps, schema_editor):
    """Give the groups their permissions, which Django itself makes only after the last migration."""
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="reader", model="variant"
    )
    for role, rights in ROLES.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=role)
        for action in rights["reader"]["variant"].split():
            permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
                content_type=content_type,
                codename=f"{action}_variant",
                defaults={"name": f"Can {action} variant"},
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("bettelheim_site", "0003_good_readings"),
        ("reader", "0016_variants"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
