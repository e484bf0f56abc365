"""JSON logs, one object a line, each with the request id that the error page shows."""

import logging.config
from typing import Any

import structlog
from django.conf import settings

from . import context


def _add_request(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    request = context.current()
    if request.request_id:
        event.setdefault("request_id", request.request_id)
    event.setdefault("instance", settings.INSTANCE)
    return event


def configure() -> None:
    """Send the standard library's and structlog's records through one JSON formatter to stderr."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [*shared, structlog.stdlib.ExtraAdder()],
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stderr"], "level": settings.LOG_LEVEL},
            # A request object is no JSON, and its address says enough.
            "loggers": {"django.request": {"filters": []}, "django.db.backends": {"level": "INFO"}},
        }
    )
