"""Who may describe works cited, and say which work a reference cites."""

from django.db import migrations

ROLES = {
    "editor": {
        "reader": {
            "citedwork": "view change",
            "settledreference": "view delete",
            "workreference": "view change",
        }
    },
}
NAMES = {
    "citedwork": "cited work",
    "settledreference": "settled reference",
    "workreference": "work reference",
}


def make_roles(apps, schema_editor):
    """Give the groups their permissions, which Django itself makes only after the last migration."""
    for role, rights in ROLES.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=role)
        for model, actions in rights["reader"].items():
            content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
                app_label="reader", model=model
            )
            for action in actions.split():
                permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
                    content_type=content_type,
                    codename=f"{action}_{model}",
                    defaults={"name": f"Can {action} {NAMES[model]}"},
                )
                group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("bettelheim_site", "0005_italics"),
        ("reader", "0023_works"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
