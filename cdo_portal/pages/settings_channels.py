"""渠道和暂停开关: how each channel fares and is used; holding one, or all of them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from accounts.roles import Permission
from core.errors import StaleVersion
from core.forms import put_errors
from core.views import RefusalMixin, stale_words
from reminders import queries, services
from reminders.choices import OWN_CHANNELS, Channel
from reminders.hold_forms import HoldForm
from reminders.models import ChannelSetting, Engine

from .settings_forms import ChannelForm

ALL = "all"


class ChannelList(View):
    """/settings/channels/"""

    required_permission = Permission.MANAGE_SYSTEM

    def get(self, request: HttpRequest) -> HttpResponse:
        engine = Engine.current()
        context = {
            "engine": engine,
            "holder": queries.holder_of(engine),
            "channels": [
                ChannelSetting.of(channel) for channel in Channel if channel != Channel.INBOX
            ],
        }
        return render(request, "pages/settings/channels.html", context)


@method_decorator(sensitive_post_parameters("secret"), name="dispatch")
class ChannelChange(View):
    """/settings/channels/<channel>/: how it is used, and the portal's account there. The secret goes in
    and never comes out."""

    required_permission = Permission.MANAGE_SYSTEM
    request: HttpRequest

    def get(self, request: HttpRequest, channel: str) -> HttpResponse:
        row = ChannelSetting.of(known(channel))
        return self.page(row, ChannelForm.of(row))

    def post(self, request: HttpRequest, channel: str) -> HttpResponse:
        row = ChannelSetting.of(known(channel))
        form = ChannelForm(request.POST, row=row)
        if not form.is_valid():
            return self.page(row, form, 422)
        version = form.cleaned_data["version"]
        try:
            services.set_channel(channel, by=request.user, version=version, **form.facts)
        except StaleVersion as refusal:
            return self.page(row, form, refusal.status, stale_words(row))
        except ValidationError as error:
            put_errors(form, error)
            return self.page(row, form, 422)
        messages.success(request, _("%(channel)s已保存，立即生效。") % {"channel": row})
        return redirect("settings-channels")

    def page(
        self, row: ChannelSetting, form: ChannelForm, status: int = 200, refusal: str = ""
    ) -> HttpResponse:
        is_own = row.channel in OWN_CHANNELS
        own = queries.own_in_use(self.request.user, row.channel) if is_own else None
        context = {"row": row, "form": form, "refusal": refusal, "is_own": is_own, "own": own}
        return render(self.request, "pages/settings/channel.html", context, status=status)


class HoldView(RefusalMixin, View):
    """/settings/channels/<channel or all>/hold/: GET asks once more and why, POST does it. With
    `is_release` the way back."""

    required_permission = Permission.MANAGE_SYSTEM
    is_release = False
    request: HttpRequest

    def get(self, request: HttpRequest, channel: str) -> HttpResponse:
        return self.page(channel, HoldForm())

    def page(self, channel: str, form: HoldForm, status: int = 200) -> HttpResponse:
        row = None if channel == ALL else ChannelSetting.of(known(channel))
        context: dict[str, Any] = {"row": row, "is_release": self.is_release, "form": form}
        context |= {"engine": Engine.current()}
        return render(self.request, "pages/settings/hold.html", context, status=status)

    def post(self, request: HttpRequest, channel: str) -> HttpResponse:
        form = HoldForm(request.POST)
        if not form.is_valid():
            return self.page(channel, form, 422)
        note = form.cleaned_data["note"]
        if channel == ALL:
            act = services.release if self.is_release else services.hold
            act(by=request.user, note=note)
        else:
            switch = services.release_channel if self.is_release else services.hold_channel
            switch(known(channel), by=request.user, note=note)
        said = _("已恢复发送。") if self.is_release else _("已暂停发送，照常生成。")
        messages.success(request, said)
        return redirect("settings-channels")

    def get_refusal_url(self) -> str:
        return reverse("settings-channels")


def known(channel: str) -> Any:
    """The channel of the address; 404 for none, and for the inbox, which is always there."""
    if channel not in Channel.values or channel == Channel.INBOX:
        raise Http404
    return Channel(channel)
