"""Evidence files: what is taken, how it is kept, and how it is given out again.

The type is read from the content; the extension has to agree. Each refusal is a sentence of its own
that names the file and says what to do (ux.md §9.2).
"""

from .fields import UploadField
from .kept import KeptFileMixin
from .kinds import ACCEPT, HINT, KINDS, LIMIT, NOTICE, Kind
from .receiving import Received, StorageFailed, inspect, receive
from .serving import DownloadView, FileLost, serve

__all__ = [
    "ACCEPT",
    "HINT",
    "KINDS",
    "LIMIT",
    "NOTICE",
    "DownloadView",
    "FileLost",
    "KeptFileMixin",
    "Kind",
    "Received",
    "StorageFailed",
    "UploadField",
    "inspect",
    "receive",
    "serve",
]
