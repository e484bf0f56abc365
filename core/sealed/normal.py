"""One way of writing each number and address, so that the same one is found to be the same."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

MOBILE = re.compile(r"1[3-9]\d{9}")
# Area code (three digits for 010 and 02x, else four), seven or eight digits, perhaps an extension.
PHONE = re.compile(r"(010|02\d|0[3-9]\d{2})-?([1-9]\d{6,7})(?:-(\d{1,6}))?")
COUNTRY = re.compile(r"^(?:\+86|0086|86(?=1\d{10}$))-?")
EXTENSION = re.compile(r"(?:ext\.?|x|分机|转|#)", re.IGNORECASE)
DASHES = re.compile(r"[\u2010-\u2015\u2212\u30fc\ufe58\uff0d_—]+")


def normal_mobile(text: str) -> str:
    """`１３８ 1234-5678`, `+86 13812345678` → `13812345678`; raises ValidationError. What was written
    is not repeated in the message: it may be a real number that somebody else reads."""
    plain = COUNTRY.sub("", _plain(text).replace("-", ""))
    if not MOBILE.fullmatch(plain):
        raise ValidationError(
            _(
                "手机号写成11位数字，以13至19开头，如13812345678；现在去掉空格和横线后是%(count)s位。"
            ),
            code="mobile",
            params={"count": len(plain)},
        )
    return plain


def normal_email(text: str) -> str:
    """Lower case, half width, no spaces around; raises ValidationError."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    try:
        validate_email(plain)
    except ValidationError:
        message = _("电子邮箱写成name@example.gov.cn这样，只写一个地址。")
        raise ValidationError(message, code="email") from None
    return plain


def normal_phone(text: str) -> str:
    """An office number as `0755-12345678` or, with an extension, `0755-12345678-801`; raises
    ValidationError."""
    plain = COUNTRY.sub("", EXTENSION.sub("-", _plain(text)))
    plain = re.sub(r"-+", "-", plain.replace("(", "").replace(")", "-")).strip("-")
    found = PHONE.fullmatch(plain)
    if not found:
        message = _("办公电话写成区号-号码，如0755-12345678，有分机的写0755-12345678-801。")
        raise ValidationError(message, code="phone")
    return "-".join(part for part in found.groups() if part)


def _plain(text: str) -> str:
    """Half width, one kind of dash, no spaces and no invisible characters."""
    half = DASHES.sub("-", unicodedata.normalize("NFKC", text))
    return "".join(
        sign for sign in half if not sign.isspace() and unicodedata.category(sign) != "Cf"
    )
