"""Password rules and one-time passwords."""

import secrets
import string
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
# Letters that look alike on a printed slip are left out.
READABLE = "".join(c for c in string.ascii_letters + string.digits if c not in "0O1lI")
NEEDED = 3


class CharacterClassesValidator:
    """At least three of lower case, upper case, digits and other signs (GB/T 22239-2019 8.1.4.1 a)."""

    def validate(self, password: str, user: Any = None) -> None:
        present = sum(any(c in group for c in password) for group in CLASSES)
        present += any(not c.isalnum() for c in password)
        if present < NEEDED:
            raise ValidationError(self.get_help_text(), code="password_too_simple")

    def get_help_text(self) -> str:
        return _("密码要包含小写字母、大写字母、数字、符号中的至少三种。")


def one_time() -> str:
    """A random password of 14 readable characters that satisfies the rules."""
    while True:
        password = "".join(secrets.choice(READABLE) for _place in range(14))
        if all(any(c in group for c in password) for group in CLASSES):
            return password
