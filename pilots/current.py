"""Which programme a page shows: the one in its address, else the one remembered, else the first."""

from django.http import Http404, HttpRequest

from .choices import Phase
from .models import Programme

REMEMBERED = "programme"


def programmes_of(request: HttpRequest) -> list[Programme]:
    """The programmes that the reader sees, in their order; read once a request."""
    if not hasattr(request, "_programmes"):
        rows = Programme.objects.visible_to(request.user).filter(withdrawn_on=None)
        request._programmes = list(rows)  # type: ignore[attr-defined]
    return request._programmes  # type: ignore[attr-defined, no-any-return]


def current_programme(request: HttpRequest) -> Programme | None:
    """The programme of `?programme=`, else the one remembered in the session, else the first that
    is followed, else the first visible; None for somebody who sees none.

    Raises Http404 when the address names one that the reader does not see.
    """
    seen = {row.code: row for row in programmes_of(request)}
    if asked := request.GET.get("programme", ""):
        if asked not in seen:
            raise Http404
        if request.session.get(REMEMBERED) != asked:
            request.session[REMEMBERED] = asked
        return seen[asked]
    if remembered := seen.get(request.session.get(REMEMBERED, "")):
        return remembered
    running = (row for row in seen.values() if row.phase == Phase.RUNNING)
    return next(running, None) or next(iter(seen.values()), None)
