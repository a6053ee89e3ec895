"""The three roles: groups of accounts, and what each may do.

They stand here and not in the reader, because a process for readers alone has no accounts. A migration of the reader
that waits for the accounts' tables only where there are accounts would be applied before them in an archive that began
without an admin, and Django refuses to migrate such an archive ever after.
"""

from django.db import migrations

EVERY = "view add change delete"
# What a corrector may do, and so an editor, too.
CORRECTING = {
    "paragraph": "view change set_level",
    **dict.fromkeys(("note", "suspect", "gap", "diagnostic", "conflict"), "view change"),
    **dict.fromkeys(("volume", "division", "emendation", "pagebreak", "crossreference", "witness"), "view"),
    "replacement": "view add",
}
ROLES = {
    "corrector": {"reader": CORRECTING},
    "editor": {
        "glossary": {
            **dict.fromkeys(("term", "sense", "termform", "termexception"), EVERY),
            "glossary": "view change",
        },
        "reader": {
            **CORRECTING,
            **dict.fromkeys(("volume", "division", "candidate"), "view change"),
            "settlement": "view delete",
        },
        "corpus_import": {"upload": "add"},
    },
    "administrator": {
        # Nobody but a superuser changes a group: its rights would be in the hands of whoever may.
        "auth": {"user": EVERY, "group": "view"},
        "otp_totp": {"totpdevice": "view delete"},
    },
}
NAMES = {"set_level": "Can set the level of texts"}


def make_roles(apps, schema_editor):
    """Make the groups, with permissions that Django itself makes only after the last migration."""
    for role, rights in ROLES.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=role)
        group.permissions.add(
            *(
                _permission(apps, app, model, action)
                for app, models in rights.items()
                for model, actions in models.items()
                for action in actions.split()
            )
        )


def _permission(apps, app, model, action):
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app, model=model
    )
    own, called = action in NAMES, apps.get_model(app, model)._meta.verbose_name_raw
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename=action if own else f"{action}_{model}",
        defaults={"name": NAMES[action] if own else f"Can {action} {called}"},
    )
    return permission


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("corpus_import", "0001_uploads"),
        ("glossary", "0003_senses"),
        ("otp_totp", "0001_initial"),
        ("reader", "0006_correcting"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
