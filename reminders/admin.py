"""For the system administrator: rules of stages, and channels; both through the services."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from . import services
from .models import ChannelSetting, ReminderRule
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
    fields = ["channel", "is_enabled", "is_held", "held_at", "held_by", "held_note"]
    fields += ["is_fallback", "on_uncertain"]
    fields += ["last_ok_at", "failing_since", "last_error"]
    readonly_fields = fields
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


admin.site.register(ReminderRule, ReminderRuleAdmin)
admin.site.register(ChannelSetting, ChannelSettingAdmin)
