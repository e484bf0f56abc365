"""企业微信, 钉钉, 飞书 and a webhook's receiver on loopback: they enforce what the providers say of
themselves (domain.md C.5), by code of their own that shares nothing with the adapters."""

import base64
import hashlib
import hmac
import json
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from core import clock
from tests.outside.servers import http_server

KEY, SIGN = "key-6f0c", "SEC-signing-secret"
HOUR = 3600


class Provider:
    """`taken`: the texts that it took, `dropped`: those it had had already. `faults` are done instead
    of the rules, one a request: (status, headers, body), or a function of the request. `now` is its
    own clock; `most` a minute, else `ban` seconds of silence."""

    def __init__(self, *, most=20, ban=600):
        self.taken, self.dropped, self.faults, self.tokens = [], [], [], {}
        self.most, self.ban, self.starts, self.banned_until = most, ban, [], 0
        self.seen, self.bought, self.now = set(), 0, lambda: clock.now().timestamp()
        self.users = {"zhang.san"}

    def answer(self, asked):
        if self.faults:
            fault = self.faults.pop(0)
            return fault(asked) if callable(fault) else fault
        parts = urlsplit(asked.path)
        asked.query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        asked.said = json.loads(asked.body) if asked.body.startswith(b"{") else {}
        for start, handler in self.ROUTES.items():
            if parts.path.startswith(start):
                said = handler(self, asked, parts.path)
                return said if isinstance(said, tuple) else (200, {}, json.dumps(said).encode())
        return 404, {}, b""

    def is_too_quick(self):
        """Whether this request breaks the limit; breaking it shuts the door."""
        now = self.now()
        if now < self.banned_until:
            return True
        self.starts = [start for start in self.starts if now - start < 60]
        if len(self.starts) >= self.most:
            self.banned_until = now + self.ban
            return True
        self.starts.append(now)
        return False

    def _take(self, text, limit):
        if len(text.encode()) > limit:
            return False
        text.encode().decode()  # no half characters
        self.taken.append(text)
        return True

    # --- 企业微信 ---------------------------------------------------------------------------------

    def wecom_robot(self, asked, _path):
        if asked.query.get("key") != KEY:
            return {"errcode": 93000, "errmsg": "invalid webhook url"}
        if self.is_too_quick():
            return {"errcode": 45009, "errmsg": "api freq out of limit"}
        if not self._take(asked.said["text"]["content"], 2048):
            return {"errcode": 40058, "errmsg": "content exceed max length"}
        return {"errcode": 0, "errmsg": "ok"}

    def wecom_token(self, asked, _path):
        if asked.query.get("corpsecret") != "app-secret":
            return {"errcode": 40001, "errmsg": "invalid credential"}
        return {"errcode": 0, "errmsg": "ok", "access_token": self._sold(), "expires_in": 7200}

    def wecom_message(self, asked, _path):
        if asked.query.get("access_token") not in self.tokens:
            return {"errcode": 42001, "errmsg": "access_token expired"}
        said = asked.said
        if said["agentid"] != 1000002:
            return {"errcode": 301002, "errmsg": "not allow operate another agent"}
        if said["touser"] not in self.users:
            return {"errcode": 0, "errmsg": "ok", "invaliduser": said["touser"]}
        if said.get("enable_duplicate_check") and asked.body in self.seen:
            self.dropped.append(asked.body)
            return {"errcode": 0, "errmsg": "ok", "msgid": "again"}
        self.seen.add(asked.body)
        if not self._take(said["text"]["content"], 2048):
            return {"errcode": 40058, "errmsg": "content exceed max length"}
        return {"errcode": 0, "errmsg": "ok", "msgid": f"m{len(self.taken)}"}

    # --- 钉钉 -------------------------------------------------------------------------------------

    def dingtalk(self, asked, _path):
        if asked.query.get("access_token") != KEY:
            return {"errcode": 300005, "errmsg": "token is not exist"}
        at = asked.query.get("timestamp", "0")
        right = hmac.new(SIGN.encode(), f"{at}\n{SIGN}".encode(), hashlib.sha256).digest()
        is_right = base64.b64decode(asked.query.get("sign", "")) == right
        if not is_right or abs(self.now() * 1000 - int(at)) > HOUR * 1000:
            return {"errcode": 310000, "errmsg": "sign not match"}
        if self.is_too_quick():
            return {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}
        if not self._take(asked.said["text"]["content"], 20_000):
            return {"errcode": 400105, "errmsg": "message too long"}
        return {"errcode": 0, "errmsg": "ok"}

    # --- 飞书 -------------------------------------------------------------------------------------

    def feishu_robot(self, asked, path):
        if not path.endswith(f"/{KEY}"):
            return {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}
        at = asked.said.get("timestamp", "0")
        right = hmac.new(f"{at}\n{SIGN}".encode(), b"", hashlib.sha256).digest()
        if asked.said.get("sign") != base64.b64encode(right).decode():
            return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}
        if self.is_too_quick():
            return {"code": 11232, "msg": "frequency limited"}
        if len(asked.body) > 20 * 1024:
            return {"code": 19002, "msg": "params error, body too large"}
        self.taken.append(asked.said["content"]["text"])
        return {"code": 0, "msg": "success", "StatusCode": 0}

    def feishu_token(self, asked, _path):
        if asked.said.get("app_secret") != "app-secret":
            return {"code": 10014, "msg": "app secret invalid"}
        return {"code": 0, "msg": "ok", "tenant_access_token": self._sold(), "expire": 7200}

    def feishu_message(self, asked, _path):
        if asked.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            said = {"code": 99991663, "msg": "Invalid access token for authorization"}
            return 400, {}, json.dumps(said).encode()
        if asked.said["receive_id"] not in self.users:
            said = {"code": 230013, "msg": "Bot has NO availability to this user."}
            return 400, {}, json.dumps(said).encode()
        if len(asked.said["uuid"]) > 50 or asked.query["receive_id_type"] != "user_id":
            return 400, {}, json.dumps({"code": 230001, "msg": "invalid"}).encode()
        if asked.said["uuid"] in self.seen:
            self.dropped.append(asked.said["uuid"])
        else:
            self.seen.add(asked.said["uuid"])
            self.taken.append(json.loads(asked.said["content"])["text"])
        return {"code": 0, "msg": "success", "data": {"message_id": f"om_{len(self.taken)}"}}

    # --- a webhook's receiver --------------------------------------------------------------------

    def webhook(self, asked, _path):
        at = asked.headers.get("X-Portal-Timestamp", "0")
        right = hmac.new(SIGN.encode(), f"{at}.".encode() + asked.body, hashlib.sha256).hexdigest()
        if asked.headers.get("X-Portal-Signature") != f"v1={right}":
            return 401, {}, b""
        if abs(self.now() - int(at)) > 300:
            return 401, {}, b""
        key = asked.headers["Idempotency-Key"]
        if key in self.seen:
            self.dropped.append(key)
            return 409, {}, b""
        self.seen.add(key)
        self.taken.append(asked.said["title"])
        return 204, {}, b""

    def _sold(self):
        self.bought += 1
        self.tokens[f"t-{self.bought}"] = self.now()
        return f"t-{self.bought}"

    ROUTES = {
        "/cgi-bin/webhook/send": wecom_robot,
        "/cgi-bin/gettoken": wecom_token,
        "/cgi-bin/message/send": wecom_message,
        "/robot/send": dingtalk,
        "/open-apis/bot/v2/hook": feishu_robot,
        "/open-apis/auth": feishu_token,
        "/open-apis/im/v1/messages": feishu_message,
        "/hook": webhook,
    }
    # What belongs before the key in the address of each channel.
    PATHS = {
        "wecom_robot": "/cgi-bin/webhook/send",
        "dingtalk_robot": "/robot/send",
        "feishu_robot": "/open-apis/bot/v2/hook",
        "webhook": "/hook",
    }

    def code(self, status=200, **said):
        """A fault: this answer instead of the rules."""
        self.faults.append((status, {}, json.dumps(said).encode()))

    def raw(self, status=200, body=b"", **headers):
        self.faults.append((status, headers, body))


@contextmanager
def provider(*, name="", is_over=False, **rules):
    """A provider that listens: `.url`, `.port`, `.asked` (the requests) beside its own."""
    made = Provider(**rules)
    with http_server(made.answer, name=name, is_over=is_over) as server:
        made.url, made.port, made.asked, made.server = server.url, server.port, server.asked, server
        yield made


def drop(asked):
    """Shut the line without a word, after the request was read."""
    asked.line.close()


def hang(release):
    """Say nothing until `release` (an Event) is set."""

    def wait(asked):
        release.wait(10)
        asked.line.close()

    return wait
