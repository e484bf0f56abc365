"""One person's account at a provider: never several, never everybody.

企业微信 reads `a|b` as two people and `@all` as the whole enterprise, and a person enters the own account
here: so nothing but a UserID by the provider's own rule is taken when it is entered, and the adapters
look again before they send.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.sealed import normal_mobile

from ..choices import Channel

ACCOUNTS: dict[str, re.Pattern[str]] = {
    # UserID: 1 to 64 of these, the first a letter or a digit.
    Channel.WECOM_APP: re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}", re.ASCII),
    # user_id, open_id, union_id or the mail address, as the channel's `id_type` says.
    Channel.FEISHU_APP: re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@+-]{0,99}", re.ASCII),
}


def fault_of(channel: str, address: str) -> str:
    """'' when it names one person of the channel, else what to do, in words without the address."""
    if channel == Channel.SMS:
        return _fault_of_mobile(address)
    if ACCOUNTS[channel].fullmatch(address):
        return ""
    return _(
        "%(channel)s只填本人一个账号：以字母或数字开头，由字母、数字和_-@.组成，不能是几个人或全员；"
        "到通讯录里查看本人的账号后重新登记。"
    ) % {"channel": Channel(channel).label}


def _fault_of_mobile(number: str) -> str:
    try:
        normal_mobile(number)
    except ValidationError as error:
        return str(error.messages[0])
    return ""
