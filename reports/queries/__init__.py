"""Reads across reports: content, faults, periods, what is handed in, differences."""

from .checking import Fault, faults_of, length_of
from .content import asked_figures, content_of, digest_of, edition_of
from .earlier import earlier_report, earlier_section, earlier_sections

__all__ = [
    "Fault",
    "asked_figures",
    "content_of",
    "digest_of",
    "earlier_report",
    "earlier_section",
    "earlier_sections",
    "edition_of",
    "faults_of",
    "length_of",
]
