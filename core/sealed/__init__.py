"""Personal data that lies encrypted in the database and shows itself only when asked to.

A `SealedField` keeps a Fernet token under the newest of `settings.FIELD_KEYS`. Its Python value is
a `Sealed`, which writes itself as `138****1234` wherever it is written: pages, logs, the audit
record, exports. `reveal()` is the one way to the plain text, so a search for it finds every place
that can show one.
"""

from .fields import SealedField, SealedFormField, matching
from .keys import SealBroken, digest, digests
from .normal import normal_email, normal_mobile, normal_phone
from .values import Sealed, mask_all, mask_email, mask_mobile

__all__ = [
    "SealBroken",
    "Sealed",
    "SealedField",
    "SealedFormField",
    "digest",
    "digests",
    "mask_all",
    "mask_email",
    "mask_mobile",
    "matching",
    "normal_email",
    "normal_mobile",
    "normal_phone",
]
