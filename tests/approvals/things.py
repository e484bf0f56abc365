"""A thing that is put up for signing, with its page and its acts, as an app above writes them."""

from functools import cached_property

from django.http import HttpResponse
from django.template import engines
from django.urls import path, reverse
from django.views.generic import View

from accounts.roles import Permission
from approvals import services
from approvals.views.signing import SignedPage, SignMixin
from cdo_portal.urls import urlpatterns as portal
from core.errors import PermissionRefused, Refused

PAGE = """{% extends "base.html" %}
{% block count %}{% if sent_back %}错误：{% endif %}{% endblock %}{% block title %}进展报告{% endblock %}
{% block content %}{% include "approvals/parts/refused.html" %}<h1>进展报告</h1>
<p>这里是报告的正文。</p>
<h2>审签记录</h2>{% include "approvals/parts/round.html" with signing=signing only %}
{% include "approvals/parts/sign.html" with primary="同意并报送" effect="报送后市政数局可见。" %}
{% endblock %}"""


class ThingPage(SignedPage, View):
    required_permission = Permission.READ_REPORTS

    def get(self, request, number):
        return self.page()

    def signing_subject(self):
        return self.kwargs["number"]

    def sign_url(self, act):
        return reverse("thing-sign", args=[self.kwargs["number"], act])

    def page(self, status=200, **given):
        context = {"signing": self.signing(), **given}
        page = engines["django"].from_string(PAGE)
        return HttpResponse(page.render(context, self.request), status=status)


class ThingSign(SignMixin, ThingPage):
    @cached_property
    def last_seen(self):
        """What an app above keeps of its own row while it answers."""
        return self.signing().last

    def agree(self, approval, **facts):
        assert approval == self.last_seen
        return services.agree(approval, by=self.request.user, **facts)

    def send_back(self, approval, **facts):
        return services.send_back(approval, by=self.request.user, **facts)

    def paper(self, approval, signatures, **facts):
        return services.record_paper(approval, signatures, by=self.request.user, **facts)

    def recall(self, approval, **facts):
        return services.recall(approval, by=self.request.user, **facts)

    def get_refusal_url(self):
        return reverse("thing", args=[self.kwargs["number"]])


class CrowdedSign(ThingSign):
    """The page of somebody who is not alone: others are quicker, and the thing has rules of its own."""

    def agree(self, approval, **facts):
        services.agree(approval, by=self.request.user)
        return super().agree(approval, **facts)

    def send_back(self, approval, **facts):
        raise Refused("报告期已经关闭。")

    def recall(self, approval, **facts):
        raise PermissionRefused("由本单位的人撤回。")

    def get_refusal_url(self):
        return SignMixin.get_refusal_url(self)


urlpatterns = [
    path("crowded/<str:number>/sign/<slug:act>/", CrowdedSign.as_view()),
    path("things/<str:number>/", ThingPage.as_view(), name="thing"),
    path("things/<str:number>/sign/<slug:act>/", ThingSign.as_view(), name="thing-sign"),
    *portal,
]
handler404 = "cdo_portal.pages.errors.page_not_found"
