"""发送渠道: how each fares, and the switches that let nothing leave."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core.errors import PermissionRefused
from core.views import RefusalMixin

from .. import queries, services
from ..choices import Channel
from ..hold_forms import HoldForm
from ..models import Engine

ALL = "all"


class ChannelPage(RefusalMixin, View):
    """/deliveries/channels/: numbers of the whole installation, nobody's name."""

    required_permission = Permission.HOLD_REMINDERS
    request: HttpRequest

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def page(self, sent_back: HoldForm | None = None, channel: str = "") -> HttpResponse:
        may = queries.may_hold(self.request.user)
        lines = queries.channel_lines()
        engine = Engine.current()
        context = {
            "engine": engine,
            "holder": queries.holder_of(engine) if may else "",
            "lines": [(line, self.form(line.channel, sent_back, channel)) for line in lines],
            "form": self.form(ALL, sent_back, channel),
            "sent_back": sent_back,
            "may_hold": may,
        }
        status = 422 if sent_back else 200
        return render(self.request, "reminders/channels.html", context, status=status)

    def form(self, name: str, sent_back: HoldForm | None, channel: str) -> HoldForm:
        return sent_back if sent_back and name == channel else HoldForm(prefix=name)

    def post(self, request: HttpRequest) -> HttpResponse:
        """`channel` is a channel or «all», `act` hold or release; the reason comes with it."""
        name, act = request.POST.get("channel", ""), request.POST.get("act", "")
        if name not in {ALL, *Channel.values} or act not in {"hold", "release"}:
            raise Http404
        if not queries.may_hold(request.user):
            raise PermissionRefused
        form = HoldForm(request.POST, prefix=name)
        if not form.is_valid():
            return self.page(form, name)
        self.switch(name, act, note=form.cleaned_data["note"])
        said = {"what": _("全部渠道") if name == ALL else Channel(name).label}
        done = _("%(what)s已暂停发送。") if act == "hold" else _("%(what)s已恢复发送。")
        messages.success(request, done % said)
        return redirect("reminders:channels")

    def switch(self, name: str, act: str, **reason: Any) -> None:
        by = self.request.user
        if name == ALL:
            change: Any = services.hold if act == "hold" else services.release
            change(by=by, **reason)
        else:
            change = services.hold_channel if act == "hold" else services.release_channel
            change(name, by=by, **reason)
