"""Addresses of the settings."""

from django.urls import path

from .settings import SettingsIndex, SettingsState
from .settings_calendar import CalendarChange, CalendarPage, CalendarYear
from .settings_channels import ChannelChange, ChannelList, HoldView
from .settings_reminders import ReminderRuleChange, ReminderRules

urlpatterns = [
    path("", SettingsIndex.as_view(), name="settings"),
    path("state/", SettingsState.as_view(), name="settings-state"),
    path("calendar/", CalendarPage.as_view(), name="settings-calendar"),
    path("calendar/change/", CalendarChange.as_view(), name="settings-calendar-change"),
    path("calendar/year/", CalendarYear.as_view(), name="settings-calendar-year"),
    path("reminders/", ReminderRules.as_view(), name="settings-reminders"),
    path("reminders/<slug:code>/", ReminderRuleChange.as_view(), name="settings-reminder-rule"),
    path("channels/", ChannelList.as_view(), name="settings-channels"),
    path("channels/<slug:channel>/", ChannelChange.as_view(), name="settings-channel"),
    path("channels/<slug:channel>/hold/", HoldView.as_view(), name="settings-hold"),
    path(
        "channels/<slug:channel>/release/",
        HoldView.as_view(is_release=True),
        name="settings-release",
    ),
]
