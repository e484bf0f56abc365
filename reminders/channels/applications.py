"""Messages of the portal's own application in 企业微信 and 飞书, to one person each.

The application's account stands in the channel's settings: `config` = base, corp_id and agent_id, or
app_id and id_type; its secret is sealed. The token that it buys is kept, sealed too, in one row a
channel, so that all workers share it; one that the provider no longer takes is bought anew, once.
"""

from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from django.utils.translation import gettext as _

from core import clock, outbound

from ..choices import Channel
from ..credentials import STANDARD_BASES, unready
from ..models import ChannelToken, Endpoint
from .accounts import fault_of
from .base import Message, Refused, TryLater, register
from .http import HttpAdapter, Unclear, building, encoded
from .texts import group_text

MARGIN = timedelta(minutes=5)  # a token is not used until its very end


class ApplicationAdapter(HttpAdapter):
    """`stale`: codes that say that the token is over."""

    stale: ClassVar[frozenset[int]] = frozenset()

    @property
    def base(self) -> str:
        """Where the provider is: a private installation has an address of its own."""
        return str(self.setting.config.get("base") or STANDARD_BASES[self.channel]).rstrip("/")

    def open(self) -> None:
        """Raises TryLater where nobody has entered the account."""
        if lacking := self.setting.missing:
            raise TryLater(unready(self.channel, lacking), is_ours=True)

    def setting_of(self, name: str) -> str:
        return str(self.setting.config[name])

    @property
    def secret(self) -> str:
        sealed: Any = self.setting.secret
        return sealed.reveal()

    def token(self, *, is_fresh: bool = False) -> str:
        """A token that is good for some minutes yet."""
        kept = None if is_fresh else ChannelToken.good(self.channel, clock.now())
        if kept is not None:
            return kept
        try:
            with building(is_ours=True):
                token, seconds = self.buy()
        except (Unclear, outbound.OutboundError) as error:
            raise TryLater(str(error), is_ours=True) from None  # of the message nothing has left
        until = clock.now() + timedelta(seconds=seconds) - MARGIN
        ChannelToken.keep(self.channel, token, until)
        return token

    def buy(self) -> tuple[str, int]:
        """(token, seconds that it is good for). Raises TryLater: nothing was sent yet."""
        raise NotImplementedError

    def content_of(self, endpoint: Endpoint, message: Message) -> dict[str, Any]:
        """What the provider is to be told."""
        raise NotImplementedError

    def deliver(self, content: dict[str, Any], token: str) -> dict[str, Any]:
        """Give it to the provider; returns the answer, whatever its code."""
        raise NotImplementedError

    def told(self, endpoint: Endpoint, message: Message) -> dict[str, Any]:
        """The answer that takes it; a token that is over is renewed once. Raises Refused for an address
        that is not one person's."""
        if fault := fault_of(self.channel, endpoint.address):
            raise Refused(fault)
        with building(is_ours=True):
            content = self.content_of(endpoint, message)
        said = self.deliver(content, self.token())
        if self.code_of(said) in self.stale:
            said = self.deliver(content, self.token(is_fresh=True))
        if (code := self.code_of(said)) in self.stale:
            raise TryLater(f"{self.channel.label}：{code}", is_ours=True)
        self.judge(said)
        return said

    def bought(self, said: dict[str, Any], name: str, seconds: str) -> tuple[str, int]:
        if self.code_of(said) != 0 or not said.get(name):
            raise TryLater(f"{self.channel.label}：{self.code_of(said)}", is_ours=True)
        return str(said[name]), int(said.get(seconds) or 0)


@register
class WecomApplication(ApplicationAdapter):
    """企业微信 compares no keys: `enable_duplicate_check` drops a request that is the same octet for octet
    as one within four hours. A try whose text is still the same is such a request, and another delivery
    is none, for the text carries its number. But the text is written anew for each try: when one of its
    items was done meanwhile it is another, and a second copy comes through. So the check spares most
    second copies and is relied upon for none. 30 a minute to one member."""

    channel = Channel.WECOM_APP
    most, per = 18, timedelta(minutes=1)
    later = {-1: 5, 45009: 60, 45033: 5}
    never = frozenset({40003, 60011, 60111, 81013, 82001})
    ours = frozenset({40001, 40013, 40056, 48002, 60020, 301002})
    stale = frozenset({40014, 41001, 42001})

    def buy(self) -> tuple[str, int]:
        account = f"corpid={quote(self.setting_of('corp_id'))}&corpsecret={quote(self.secret)}"
        said = self.ask(f"{self.base}/cgi-bin/gettoken?{account}")
        return self.bought(said, "access_token", "expires_in")

    def content_of(self, endpoint: Endpoint, message: Message) -> dict[str, Any]:
        return {
            "touser": endpoint.address,
            "msgtype": "text",
            "agentid": self.agent(),
            "text": {"content": group_text(message, 2048, mark=True)},
            "enable_duplicate_check": 1,
            "duplicate_check_interval": 14400,
        }

    def agent(self) -> int:
        number = self.setting_of("agent_id")
        if not (number.isascii() and number.isdigit()):
            text = _("企业微信的应用编号（agent_id）不是数字，到渠道设置里改正。")
            raise TryLater(text, is_ours=True)
        return int(number)

    def deliver(self, content: dict[str, Any], token: str) -> dict[str, Any]:
        return self.ask(f"{self.base}/cgi-bin/message/send?access_token={quote(token)}", content)

    def send(self, endpoint: Endpoint, message: Message) -> str:
        said = self.told(endpoint, message)
        if said.get("invaliduser"):  # taken, and for nobody
            self.judge({"errcode": 81013, "errmsg": "invaliduser"})
        if said.get("unlicenseduser"):  # likewise
            text = _(
                "企业微信没有给这个账号分配接口许可（unlicenseduser），由企业微信管理员分配后再发。"
            )
            raise Refused(text)
        return str(said.get("msgid", ""))[:200]


@register
class FeishuApplication(ApplicationAdapter):
    """飞书: `uuid` lets at most one of the same through within an hour, whatever its text; 5 a second to
    one person."""

    channel = Channel.FEISHU_APP
    is_keyed_for = timedelta(hours=1)
    most, per = 4, timedelta(seconds=1)
    later = {99991400: 5, 230020: 5, 11232: 60}
    never = frozenset({230001, 230002, 230013, 230022, 230025, 230028, 230029, 230034, 230053})
    ours = frozenset({10003, 10012, 10014, 99991672, 230006, 230027})
    stale = frozenset({99991661, 99991663, 99991664, 99991671})

    def buy(self) -> tuple[str, int]:
        account = {"app_id": self.setting_of("app_id"), "app_secret": self.secret}
        url = f"{self.base}/open-apis/auth/v3/tenant_access_token/internal"
        return self.bought(self.ask(url, account), "tenant_access_token", "expire")

    def content_of(self, endpoint: Endpoint, message: Message) -> dict[str, Any]:
        return {
            "receive_id": endpoint.address,
            "msg_type": "text",
            "content": encoded({"text": group_text(message, 18_000)}).decode(),
            "uuid": message.digest,
        }

    def deliver(self, content: dict[str, Any], token: str) -> dict[str, Any]:
        kind = quote(str(self.setting.config.get("id_type") or "user_id"))
        url = f"{self.base}/open-apis/im/v1/messages?receive_id_type={kind}"
        return self.ask(url, content, headers={"Authorization": f"Bearer {token}"})

    def send(self, endpoint: Endpoint, message: Message) -> str:
        data = self.told(endpoint, message).get("data")
        return str(data.get("message_id", ""))[:200] if isinstance(data, dict) else ""
