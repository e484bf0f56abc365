"""Bases of the REST API: who is asking, one error shape, one list shape, versions."""

from .access import BearerAuthentication, DeclaredPermission
from .errors import exception_handler
from .lists import Pagination, Parameters, SetFilter, StableOrderingFilter
from .reading import PlainSerializer, ReadViewSet, ResourceSerializer
from .versions import VersionedMixin

__all__ = [
    "BearerAuthentication",
    "DeclaredPermission",
    "Pagination",
    "Parameters",
    "PlainSerializer",
    "ReadViewSet",
    "ResourceSerializer",
    "SetFilter",
    "StableOrderingFilter",
    "VersionedMixin",
    "exception_handler",
]
