"""The screens where an administrator keeps accounts, each in one of the three roles.

A person who may change accounts could give any right to any account, also to their own. So a person who is not a
superuser gives only the roles. Accounts with rights beyond the roles are closed to them: setting the password of such
an account would give them its rights.
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.auth.models import Group, User
from django.db.models import ManyToManyField, Q
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from django_otp.plugins.otp_totp.admin import TOTPDeviceAdmin
from django_otp.plugins.otp_totp.models import TOTPDevice

# The roles by the names of their groups, with the words for them.
ROLES = {
    "corrector": gettext_lazy("corrector"),
    "editor": gettext_lazy("editor"),
    "administrator": gettext_lazy("administrator"),
}

# What Django's own permissions allow.
DEEDS = {
    "add": gettext_lazy("Can add"),
    "change": gettext_lazy("Can change"),
    "delete": gettext_lazy("Can delete"),
    "view": gettext_lazy("Can view"),
}
# The permissions of this archive, as the database has their names.
OURS = (gettext_noop("Can set the level of texts"),)

for _model in (User, Group, TOTPDevice):
    admin.site.unregister(_model)


def may_keep(request: HttpRequest, account: User | None) -> bool:
    """Whether a person may change or delete an account, which has no rights beyond the roles. None: any account."""
    keeper = request.user
    if account is None or (isinstance(keeper, User) and keeper.is_superuser):
        return True
    has_more = Q(is_superuser=True) | Q(user_permissions__isnull=False) | Q(groups__in=_others())
    return not User.objects.filter(has_more, pk=account.pk).exists()


def name_of_group(group: Group) -> str:
    """The words for a role; for any other group its name."""
    return str(ROLES.get(group.name, group.name))


class RolesField(ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in its stubs alone
    """A choice of roles, in the words of the person who chooses."""

    def label_from_instance(self, obj: Any) -> str:
        """The words for a role; for any other group its name."""
        return name_of_group(obj)


class PermissionsField(ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in its stubs alone
    """A choice of permissions, whose names the database has in English."""

    def label_from_instance(self, obj: Any) -> str:
        """The app, the rows, and what may be done with them."""
        deed, _, model = obj.codename.partition("_")
        kept = str(obj.name)
        said = str(DEEDS[deed]) if model == obj.content_type.model and deed in DEEDS else gettext(kept)
        return f"{obj.content_type} | {said}"


class PasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]  # generic in its stubs alone
    """A new password for an account, or none; Django's own warning is English in every language."""

    usable_password_help_text = format_lazy(  # type: ignore[assignment]  # said when it is shown
        '<ul id="id_unusable_warning" class="messagelist"><li class="warning">{}</li></ul>',
        gettext_lazy("Without a password nobody can log in to this account, and the present one is lost."),
    )


def _others() -> Any:
    return Group.objects.exclude(name__in=ROLES)


@admin.register(User)
class AccountAdmin(UserAdmin):  # type: ignore[type-arg]  # generic in its stubs alone
    """Accounts."""

    change_password_form = PasswordForm
    # A list of single permissions would only be long: nobody gives them one by one.
    filter_horizontal = ("user_permissions",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The fields that only a superuser changes."""
        given = tuple(super().get_readonly_fields(request, obj))
        if request.user.is_superuser:
            return given
        return (*given, "is_superuser", "user_permissions", "last_login", "date_joined")

    def formfield_for_manytomany(
        self, db_field: "ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelMultipleChoiceField[Any] | None":
        """The form's field for the roles, with the three roles as choices."""
        if db_field.name == "user_permissions":
            kwargs["form_class"] = PermissionsField
        if db_field.name != "groups":
            return super().formfield_for_manytomany(db_field, request, **kwargs)
        if not request.user.is_superuser:
            kwargs["queryset"] = Group.objects.filter(name__in=ROLES)
        return super().formfield_for_manytomany(db_field, request, form_class=RolesField, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """False if the account has rights beyond the three roles."""
        return super().has_change_permission(request, obj) and may_keep(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """False if the account has rights beyond the three roles."""
        return super().has_delete_permission(request, obj) and may_keep(request, obj)


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """Roles; a migration makes them, and only a superuser changes them."""

    list_display = ("called",)

    @admin.display(description=gettext_lazy("group"), ordering="name")
    def called(self, group: Group) -> str:
        """The words for a role."""
        return name_of_group(group)

    def formfield_for_manytomany(
        self, db_field: "ManyToManyField[Any, Any]", request: HttpRequest | None = None, **kwargs: Any
    ) -> "ModelMultipleChoiceField[Any] | None":
        """The form's field for the permissions, in the words of the person who chooses."""
        return super().formfield_for_manytomany(db_field, request, form_class=PermissionsField, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether this is a superuser."""
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this is a superuser."""
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this is a superuser."""
        return bool(request.user.is_superuser)


@admin.register(TOTPDevice)
class SecondFactorAdmin(TOTPDeviceAdmin):  # type: ignore[misc]  # the library has no types
    """Second factors: the factor of a lost telephone is deleted, and its account sets up another one."""

    search_help_text = gettext_lazy("The name of the account, or its address.")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The account and its device, without the numbers by which codes are computed."""
        throttling = ("throttling_failure_timestamp", "throttling_failure_count")
        return [(None, {"fields": ("user", "name", "confirmed", "created_at", "last_used_at", *throttling)})]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: an account sets up its own."""
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """False for the secret: filters by its beginning would reveal it letter by letter."""
        allowed: bool = super().lookup_allowed(lookup, value, request)
        return allowed and not lookup.startswith("key")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """False if the account has rights beyond the three roles."""
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and may_keep(request, obj.user if obj is not None else None)
