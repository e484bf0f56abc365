"""Bases of the business rows: one scope, one version.

`objects` refuses to be evaluated before `visible_to(user)`; `rows` is plain, because
`full_clean()`, form choices and `get_or_create` need it. Only models, queries, services, admin
and tests may say `.rows` (held by a test).
"""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..errors import StaleVersion
from .checks import Checked


class ScopeMissing(RuntimeError):
    """A scoped queryset was evaluated before anybody said for whom."""


class ScopedQuerySet(models.QuerySet):
    """Rows that only come out after `visible_to(user)`, or from the plain manager `rows`."""

    _scoped = False

    def visible_to(self, user: Any) -> Self:
        """The rows that `user` may see: a join or a subquery, never a list of ids."""
        visible = self._visible_to(user) if getattr(user, "is_active", False) else self.none()
        visible._scoped = True
        return visible

    def _visible_to(self, user: Any) -> Self:
        raise NotImplementedError(f"{type(self).__name__} does not say who may see its rows.")

    def unscoped(self) -> Self:
        clone = self.all()
        clone._scoped = True
        return clone

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]
        clone._scoped = self._scoped
        return clone

    def _require_scope(self) -> None:
        if not self._scoped:
            raise ScopeMissing(f"{self.model.__name__}.objects needs visible_to(user) first.")

    def _fetch_all(self) -> None:
        self._require_scope()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        self._require_scope()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        self._require_scope()
        return super().count()

    def exists(self) -> bool:
        self._require_scope()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._require_scope()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._require_scope()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._require_scope()
        return super().delete()


def counts_of(**asked: models.QuerySet) -> dict[str, int]:
    """How many rows each of the querysets has, by their names: one statement for all of them."""
    parts = []
    for name, rows in asked.items():
        if isinstance(rows, ScopedQuerySet):
            rows._require_scope()
        named = rows.order_by().annotate(_named=models.Value(name)).values("_named")
        parts.append(named.annotate(_count=models.Count("*")).values_list("_named", "_count"))
    return dict.fromkeys(asked, 0) | dict(parts[0].union(*parts[1:], all=True))


class ScopedManager(models.Manager):
    """Base of `rows`: the same questions, already free of the scope."""

    use_in_migrations = False

    def get_queryset(self) -> Any:
        return super().get_queryset().unscoped()  # type: ignore[attr-defined]


class Versioned(Checked):
    """A row that people edit: `version` goes into the form, the ETag and If-Match."""

    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    class Meta:
        abstract = True

    @property
    def etag(self) -> str:
        return f'"{self.version}"'

    def require_version(self, version: int | None) -> None:
        """Raise StaleVersion unless `version` is the row's own; None asks nothing (services)."""
        if version is not None and version != self.version:
            raise StaleVersion
