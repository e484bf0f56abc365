"""P24 公开名录: the one page of business rows that anybody may read, once a bureau has opened it; and
the same as one file for the city's own website."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.generic import View

from accounts.roles import PUBLIC, Permission
from core import clock
from core.models import SiteState
from officers.queries.directory import Directory, published
from pilots import access
from pilots.models import Programme

SECONDS = 300
STYLES = ("tokens", "base", "components", "tables", "print")


@method_decorator(login_not_required, name="dispatch")
class DirectoryPage(View):
    """/directory/<code>/: closed and unknown look alike. Nothing of the reader goes into the page,
    which is always of today and in Chinese, so any cache may keep it; but not the answer to somebody
    with a session, whose cookie may be renewed along with it."""

    required_permission = PUBLIC

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        directory = published(code, clock.today())
        if directory is None:
            raise Http404
        response = HttpResponse(written(directory))
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            response["Cache-Control"] = f"public, max-age={SECONDS}"
        response["Content-Language"] = "zh-CN"
        return response


class DirectoryExport(View):
    """/directory/<code>/export.html: the page with its styles in it, to be put up elsewhere."""

    required_permission = Permission.MANAGE_OFFICERS

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        programme = get_object_or_404(Programme.objects.visible_to(request.user), code=code)
        access.require(request.user, Permission.MANAGE_OFFICERS, programme=programme)
        directory = published(code, clock.today())
        if directory is None:
            raise Http404(_("名录没有公开，不能导出。"))
        response = HttpResponse(written(directory, styles=inline_styles()))
        name = _("首席数据官公开名录%(code)s-%(day)s.html")
        facts = {"code": code, "day": directory.on}
        response["Content-Disposition"] = content_disposition_header(True, name % facts)
        return response


def written(directory: Directory, styles: str = "") -> str:
    """The page; with `styles` it needs no other file."""
    context = {
        "directory": directory,
        "styles": styles,
        "site_name": settings.SITE_NAME,
        "owner": settings.SITE_OWNER,
        "is_demo": SiteState.current().is_demo,
    }
    with override(settings.LANGUAGE_CODE):
        return render_to_string("pages/directory.html", context)


def inline_styles() -> SafeString:
    """The stylesheets of this installation in one element; they fetch nothing."""
    paths = (finders.find(f"css/{name}.css") for name in STYLES)
    sheets = [Path(path).read_text(encoding="utf-8") for path in paths if path]
    return mark_safe("<style>" + "\n".join(sheets) + "</style>")  # noqa: S308 - our own files
