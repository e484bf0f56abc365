"""One effect for a request that comes twice (draft-ietf-httpapi-idempotency-key-header-07).

The key's row is written in the transaction of the work, so that a crash leaves neither; the lock
is an advisory one that ends with the transaction, so that no key stays "in progress" (reliability.md
§3.4).
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from . import clock
from .errors import Refused
from .models import IdempotencyKey

KEPT = timedelta(hours=24)
LONGEST = 200
NO_CONTENT = 204
KEPT_HEADERS = ("ETag", "Location")


class KeyMissing(Refused):
    status = 400
    code = "idempotency_key_missing"
    default_message = _("这个接口要带Idempotency-Key请求头，不超过200个字符，每次新操作换一个值。")


class KeyBusy(Refused):
    status = 409
    code = "idempotency_key_busy"
    default_message = _("同一个Idempotency-Key的请求正在处理，几秒后再试。")


class KeyReused(Refused):
    status = 422
    code = "idempotency_key_reused"
    default_message = _("这个Idempotency-Key已用于另一份内容，换一个新的值再提交。")


class IdempotentMixin:
    """Put before a viewset's base: every POST needs an Idempotency-Key and has one effect a key.

    A refused request (4xx) keeps nothing, so that it may be mended and sent with the same key.
    Raises KeyMissing (400), KeyBusy (409), KeyReused (422).
    """

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        # The work, its key and the stored answer stand or fall together.
        if request.method != "POST":
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        with transaction.atomic():
            response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Once the caller is known and allowed, the action is wrapped."""
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        work = getattr(self, "post", None)
        if request.method == "POST" and work is not None:
            self.post = partial(_once, work)


def purge() -> int:
    """Delete keys older than 24 hours; returns how many."""
    return IdempotencyKey.objects.filter(created_at__lt=clock.now() - KEPT).delete()[0]


def _once(work: Callable[..., Response], request: Request, *args: Any, **kwargs: Any) -> Response:
    """The answer of `work`, or the stored answer of the same key."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > LONGEST or not key.isprintable():
        raise KeyMissing
    named = {"actor_id": request.user.pk, "route": request.path[:LONGEST], "key": key}
    digest = _digest(request)
    _lock(json.dumps(named))
    stored = IdempotencyKey.objects.filter(**named).first()
    if stored is not None and stored.created_at >= clock.now() - KEPT:
        return _again(stored, digest)
    response = work(request, *args, **kwargs)
    if response.status_code < 400:
        if stored is not None:  # over, and not yet purged
            stored.delete()
        _keep(named, digest, response)
    return response


def _digest(request: Request) -> str:
    """Keyed SHA-256 of what is asked: address, query and JSON content, whatever its spacing. Without
    the key a telephone number in it could be found by trying all of them."""
    asked = [request.get_full_path(), request.data]
    text = json.dumps(asked, sort_keys=True, ensure_ascii=False, default=str)
    written = text.encode("utf-8", "surrogatepass")
    return salted_hmac("core.idempotency", written, algorithm="sha256").hexdigest()


def _lock(name: str) -> None:
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise KeyBusy


def _again(stored: IdempotencyKey, digest: str) -> Response:
    if stored.body_sha256 != digest:
        raise KeyReused
    answer = None if stored.status == NO_CONTENT else stored.answer
    return Response(answer, status=stored.status, headers=stored.headers)


def _keep(named: dict[str, Any], digest: str, response: Response) -> None:
    IdempotencyKey.objects.create(
        **named,
        body_sha256=digest,
        status=response.status_code,
        # As the renderer writes it: the second answer has to read like the first.
        answer=json.loads(json.dumps(response.data or {}, cls=JSONEncoder)),
        headers={name: response[name] for name in KEPT_HEADERS if response.has_header(name)},
        created_at=clock.now(),
    )
