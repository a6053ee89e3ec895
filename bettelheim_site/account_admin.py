"""Where an administrator keeps accounts: who may enter, and in which of the three roles.

Whoever may change accounts could give each every right, their own first. So who is no superuser gives the roles and
nothing else, and does not touch an account that may more than a role gives: its password would be the way to that.
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import ManyToManyField, Q
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest
from django_otp.plugins.otp_totp.admin import TOTPDeviceAdmin
from django_otp.plugins.otp_totp.models import TOTPDevice

ROLES = ("corrector", "editor", "administrator")

for _model in (User, Group, TOTPDevice):
    admin.site.unregister(_model)


def may_keep(request: HttpRequest, account: User | None) -> bool:
    """Whether a person may change or delete an account: one that has roles and no other rights. None: some account."""
    keeper = request.user
    if account is None or (isinstance(keeper, User) and keeper.is_superuser):
        return True
    has_more = Q(is_superuser=True) | Q(user_permissions__isnull=False) | Q(groups__in=_others())
    return not User.objects.filter(has_more, pk=account.pk).exists()


def _others() -> Any:
    return Group.objects.exclude(name__in=ROLES)


@admin.register(User)
class AccountAdmin(UserAdmin):  # type: ignore[type-arg]  # generic in its stubs alone
    """Accounts."""

    # A list of permissions that nobody gives one by one would only be long.
    filter_horizontal = ("user_permissions",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What only a superuser gives."""
        given = tuple(super().get_readonly_fields(request, obj))
        if request.user.is_superuser:
            return given
        return (*given, "is_superuser", "user_permissions", "last_login", "date_joined")

    def formfield_for_manytomany(
        self, db_field: "ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelMultipleChoiceField[Any] | None":
        """The roles, as they are given."""
        if db_field.name == "groups" and not request.user.is_superuser:
            kwargs["queryset"] = Group.objects.filter(name__in=ROLES)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not of an account that may more."""
        return super().has_change_permission(request, obj) and may_keep(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not of an account that may more."""
        return super().has_delete_permission(request, obj) and may_keep(request, obj)


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """The roles, which a migration makes and only a superuser changes."""

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
    """Second factors: one whose telephone is lost is deleted, and its account sets up another."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Not by the secret: a list that tells how it begins tells all of it, one letter after the other."""
        allowed: bool = super().lookup_allowed(lookup, value, request)
        return allowed and not lookup.startswith("key")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not of an account that may more."""
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and may_keep(request, obj.user if obj is not None else None)
