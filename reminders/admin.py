"""For the system administrator: rules of stages, channels, and addresses of groups; all through the
services."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from . import services
from .models import ChannelSetting, Endpoint, ReminderRule
from .services.endpoints import set_endpoint_active
from .services.wishes import RULE_FACTS


class ReminderRuleAdmin(admin.ModelAdmin):
    """Stages and recipients of a programme; what was told stays told, the next tick goes by it."""

    list_display = ["__str__", "stages", "cdo_from", "desk_from_week"]
    fields = list(RULE_FACTS)
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ReminderRule, form: Any, change: bool) -> None:
        facts = {name: form.cleaned_data[name] for name in RULE_FACTS}
        row = services.set_rule(
            ReminderRule(pk=obj.pk) if change else ReminderRule(), by=request.user, **facts
        )
        obj.pk = row.pk


class ChannelSettingAdmin(admin.ModelAdmin):
    """How a channel fares; the settings page changes it."""

    list_display = ["channel", "is_enabled", "is_held", "last_ok_at", "failing_since", "last_error"]
    fields = readonly_fields = (
        "channel",
        "is_enabled",
        "is_held",
        "held_at",
        "held_by",
        "held_note",
        "is_fallback",
        "on_uncertain",
        "last_ok_at",
        "failing_since",
        "last_error",
    )
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EndpointAdmin(admin.ModelAdmin):
    """Addresses of groups, to be closed when nothing gets through and opened again; who belongs to the
    body enters and changes them. What people entered of themselves is not here, and keys are nowhere."""

    list_display = ["name", "channel", "unit", "address", "is_active", "last_error"]
    list_filter = ["channel", "is_active"]
    list_select_related = ["unit"]
    search_fields = ["name", "address", "unit__code"]
    fields = ["channel", "name", "unit", "address", "is_active", "last_error"]
    readonly_fields = ["channel", "name", "unit", "address", "last_error"]
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Endpoint]:
        return Endpoint.rows.exclude(unit=None).prefetch_related("unit__names")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """No list by key: `?config__startswith=` would tell it sign by sign."""
        is_key = lookup.startswith(("secret", "config"))
        return not is_key and super().lookup_allowed(lookup, value, request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Endpoint, form: Any, change: bool) -> None:
        if "is_active" in form.changed_data:
            set_endpoint_active(obj, is_active=obj.is_active, by=request.user)


admin.site.register(Endpoint, EndpointAdmin)
admin.site.register(ReminderRule, ReminderRuleAdmin)
admin.site.register(ChannelSetting, ChannelSettingAdmin)
