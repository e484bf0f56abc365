"""For the system administrator: the working-day calendar, and how the installation is doing."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from . import workdays
from .models import Heartbeat, SiteState, WorkingDay


class ReadOnlyAdmin(admin.ModelAdmin):
    """To be looked at; the system itself writes these rows."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class WorkingDayForm(forms.ModelForm):
    """A day is only changed on the strength of a notice, which is named."""

    basis = forms.CharField(
        label=_("依据"),
        max_length=200,
        help_text=_("放假通知的标题或文号，例如“国办发明电〔2021〕11号”"),
    )

    class Meta:
        model = WorkingDay
        fields = ["is_working", "name", "basis"]


class WorkingDayAdmin(admin.ModelAdmin):
    """Every day of the seeded years; a change moves working-day stages from the next night on."""

    form = WorkingDayForm
    list_display = ["day", "weekday", "is_working", "name", "basis", "is_provisional"]
    list_filter = ["is_working", "is_provisional"]
    search_fields = ["name", "basis"]
    date_hierarchy = "day"
    ordering = ["day"]
    actions = None
    readonly_fields = ["day", "is_provisional"]
    fields = ["day", "is_working", "name", "basis", "is_provisional"]

    @admin.display(description=_("星期"))
    def weekday(self, row: WorkingDay) -> str:
        return "一二三四五六日"[row.day.weekday()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # years are entered whole, by seed_calendar

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: WorkingDay, form: Any, change: bool) -> None:
        workdays.set_day(
            obj.day,
            is_working=obj.is_working,
            name=obj.name,
            basis=obj.basis,
            by=request.user,
        )


class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ["name", "at", "detail"]


class SiteStateAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "is_demo"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SiteState]:
        return super().get_queryset(request).order_by("id")


admin.site.register(WorkingDay, WorkingDayAdmin)
admin.site.register(Heartbeat, HeartbeatAdmin)
admin.site.register(SiteState, SiteStateAdmin)
