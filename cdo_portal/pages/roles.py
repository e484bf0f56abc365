"""`/help/roles/`: who may do what, printed from accounts/roles.py, which is what the code asks."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.utils.translation import pgettext_lazy
from django.views.generic import TemplateView

from accounts.roles import (
    PUBLIC,
    ROLE_PERMISSIONS,
    SENTENCES,
    SITE_ROLE_PERMISSIONS,
    Permission,
    Role,
    SiteRoleKind,
)

GROUPS = (
    (pgettext_lazy("list", "单位身份"), Role, ROLE_PERMISSIONS),
    (pgettext_lazy("list", "站点角色"), SiteRoleKind, SITE_ROLE_PERMISSIONS),
)


@method_decorator(login_not_required, name="dispatch")
class RolesView(TemplateView):
    """Open to everybody: people read it before they ask for an account."""

    required_permission = PUBLIC
    template_name = "pages/roles.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        groups = [
            {
                "title": title,
                "roles": [
                    {"label": role.label, "sentence": SENTENCES[role], "held": table[role]}
                    for role in roles
                ],
            }
            for title, roles, table in GROUPS
        ]
        everybody = [role for group in groups for role in group["roles"]]
        table = [
            {
                "permission": permission.label,
                "cells": [(role["label"], permission in role["held"]) for role in everybody],
            }
            for permission in Permission
        ]
        return super().get_context_data(**kwargs, groups=groups, roles=everybody, table=table)
