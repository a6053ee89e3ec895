"""Give the roles of an existing archive what they lacked: correctors set levels, editors do all that correctors do."""

from django.db import migrations

RIGHTS = {
    "corrector": {"paragraph": ("set_level",)},
    "editor": {
        **dict.fromkeys(("paragraph", "note", "suspect", "gap", "diagnostic"), ("change",)),
        "replacement": ("view", "add"),
    },
}
NAMES = {"set_level": "Can set the level of texts"}


def give_rights(apps, schema_editor):
    """Add the rights to the groups that exist; Django itself makes permissions only after the last migration."""
    for role, rights in RIGHTS.items():
        for group in apps.get_model("auth", "Group").objects.filter(name=role):
            group.permissions.add(
                *(_permission(apps, model, action) for model, actions in rights.items() for action in actions)
            )


def _permission(apps, model, action):
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="reader", model=model
    )
    called = apps.get_model("reader", model)._meta.verbose_name_raw
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename=action if action in NAMES else f"{action}_{model}",
        defaults={"name": NAMES.get(action, f"Can {action} {called}")},
    )
    return permission


class Migration(migrations.Migration):
    dependencies = [("bettelheim_site", "0001_roles")]

    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]
