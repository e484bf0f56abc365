"""The lists of the register, side by side: from each of them one step to every other."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import Permission
from pilots.access import permissions_of

register = template.Library()

PLACES = (
    ("officers:appointment-list", _("名册"), Permission.READ_OFFICERS),
    ("officers:vacancy-list", _("空缺"), Permission.READ_OFFICERS),
    ("officers:filing-list", pgettext_lazy("list", "备案"), Permission.READ_OFFICERS),
    ("officers:team-list", pgettext_lazy("list", "团队"), Permission.READ_OFFICERS),
    ("officers:expert-list", _("专家"), Permission.READ_OFFICERS),
    ("officers:person-list", pgettext_lazy("list", "人员"), Permission.READ_OFFICERS),
    ("handover-list", pgettext_lazy("list", "交接"), Permission.READ_OFFICERS),
    ("officers:settings", _("设置"), Permission.MANAGE_OFFICERS),
)


@register.inclusion_tag("officers/parts/places.html", takes_context=True)
def register_places(context: dict[str, Any]) -> dict[str, Any]:
    """{"places": [{"url", "label", "is_current"}]} of those that the reader may open."""
    request = context["request"]
    allowed = permissions_of(request.user)
    found = [(reverse(name), label) for name, label, needed in PLACES if needed in allowed]
    return {
        "places": [
            {"url": url, "label": label, "is_current": request.path == url} for url, label in found
        ]
    }
