"""Which programme a page shows: the address says, else the session remembers, else the first."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from .choices import Phase
from .models import Programme

REMEMBERED = "programme"
PARAMETER = "programme"


def programmes_of(request: HttpRequest) -> list[Programme]:
    """The programmes that the person may see, in their order; read once a request."""
    if "_visible_programmes" not in request.__dict__:
        rows = Programme.objects.visible_to(request.user).filter(withdrawn_on=None)
        request.__dict__["_visible_programmes"] = list(rows)
    return request.__dict__["_visible_programmes"]


def current_programme(request: HttpRequest) -> Programme | None:
    """`?programme=<code>`, else the one remembered in the session, else the first running, else the
    first visible; None for somebody who sees none. Raises Http404 for a code that the person cannot
    see: a wrong address must not show another city's rows."""
    if "_current_programme" not in request.__dict__:
        request.__dict__["_current_programme"] = _find(request)
    return request.__dict__["_current_programme"]


def _find(request: HttpRequest) -> Programme | None:
    by_code = {row.code: row for row in programmes_of(request)}
    asked = request.GET.get(PARAMETER, "")
    if asked:
        if asked not in by_code:
            raise Http404(_("没有这个试点方案，或当前账号看不到。"))
        remember(request, by_code[asked])
        return by_code[asked]
    if remembered := by_code.get(request.session.get(REMEMBERED, "")):
        return remembered
    running = [row for row in by_code.values() if row.phase == Phase.RUNNING]
    return next(iter(running or by_code.values()), None)


def remember(request: HttpRequest, programme: Programme) -> None:
    """The next page shows this programme too."""
    if request.session.get(REMEMBERED) != programme.code:
        request.session[REMEMBERED] = programme.code


def switch(request: HttpRequest) -> dict[str, Any]:
    """What the programme switch shows: {"current", "options": [(programme, query)]}; no options for
    somebody who sees only one."""
    rows = programmes_of(request)
    if len(rows) < 2:
        return {"current": current_programme(request), "options": []}
    return {
        "current": current_programme(request),
        "options": [(row, _address(request, row)) for row in rows],
    }


def _address(request: HttpRequest, programme: Programme) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    query[PARAMETER] = programme.code
    return f"?{query.urlencode()}"
