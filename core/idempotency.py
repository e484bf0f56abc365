"""One effect for a request that comes twice (draft-ietf-httpapi-idempotency-key-header-07).

The key's row is written in the transaction of the work, so that a crash leaves neither; the lock
is an advisory one that ends with the transaction, so that no key stays "in progress" (reliability.md
§3.4).
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from . import clock
from .errors import Refused
from .models import IdempotencyKey

KEPT = timedelta(hours=24)


class KeyMissing(Refused):
    status = 400
    code = "idempotency_key_missing"
    default_message = _("这个接口要带Idempotency-Key请求头，每次新操作换一个值。")


class KeyBusy(Refused):
    status = 409
    code = "idempotency_key_busy"
    default_message = _("同一个Idempotency-Key的请求正在处理，几秒后再试。")


class KeyReused(Refused):
    status = 422
    code = "idempotency_key_reused"
    default_message = _("这个Idempotency-Key已用于另一份内容，换一个新的值再提交。")


class IdempotentMixin:
    """For viewsets: POST in `idempotent_actions` needs an Idempotency-Key and runs once a key."""

    idempotent_actions: tuple[str, ...] = ("create",)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        # The work, its key and the stored answer stand or fall together.
        if request.method != "POST":
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        with transaction.atomic():
            response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response

    def run_once(self, request: Request, work: Callable[[], Response]) -> Response:
        """Answer of `work()`, or the stored answer of the same key; raises KeyMissing, KeyBusy,
        KeyReused."""
        key = request.headers.get("Idempotency-Key", "").strip()[:200]
        if not key:
            raise KeyMissing
        route = f"{request.method} {request.path}"[:200]
        digest = hashlib.sha256(
            json.dumps(request.data, sort_keys=True, ensure_ascii=False, default=str).encode()
        ).hexdigest()
        _lock(f"{request.user.pk}:{route}:{key}")
        if stored := _stored(request.user, route, key):
            if stored.body_sha256 != digest:
                raise KeyReused
            return Response(stored.answer, status=stored.status, headers=stored.headers)
        response = work()
        if response.status_code < 400:
            _keep(request.user, route, key, digest, response)
        return response


def purge() -> int:
    """Delete keys older than 24 hours; returns how many."""
    return IdempotencyKey.objects.filter(created_at__lt=clock.now() - KEPT).delete()[0]


def _lock(name: str) -> None:
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise KeyBusy


def _stored(user: Any, route: str, key: str) -> IdempotencyKey | None:
    rows = IdempotencyKey.objects.filter(actor_id=user.pk, route=route, key=key)
    return rows.filter(created_at__gte=clock.now() - KEPT).first()


def _keep(user: Any, route: str, key: str, digest: str, response: Response) -> None:
    answer = json.loads(json.dumps(response.data, ensure_ascii=False, default=str))
    headers = {name: response[name] for name in ("ETag", "Location") if response.has_header(name)}
    IdempotencyKey.objects.filter(actor_id=user.pk, route=route, key=key).delete()
    IdempotencyKey.objects.create(
        actor_id=user.pk,
        route=route,
        key=key,
        body_sha256=digest,
        status=response.status_code,
        answer=answer,
        headers=headers,
        created_at=clock.now(),
    )
