"""Nothing that somebody writes into an address makes the portal knock inside (reliability.md H7)."""

import http.client
import socket
import threading
from ipaddress import ip_address
from urllib.parse import urlsplit

import pytest

from core import outbound
from core.outbound import Blocked, OutboundError, Unreachable
from core.outbound.checks import is_here, own_services
from tests.factories.core import OutboundGateFactory
from tests.outside.authority import authority_file
from tests.outside.servers import http_server, listener, names

pytestmark = pytest.mark.django_db

INSIDE = (
    "127.0.0.1",
    "127.0.0.2",
    "127.255.255.254",
    "localhost",
    "localhost.localdomain",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "0.0.0.0",
    "[::]",
    "0",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.254",
    "192.168.0.1",
    "192.168.255.255",
    "169.254.169.254",
    "169.254.170.2",
    "100.100.100.200",
    "100.64.0.1",
    "100.127.255.254",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "[fe80::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fec0::1]",
    "[ff02::1]",
    "[ff0e::1]",
    "[2001:db8::1]",
    "[100::1]",
)
WRITTEN_ODDLY = (
    "2130706433",
    "017700000001",
    "0x7f000001",
    "0x7F000001",
    "127.1",
    "127.0.1",
    "0177.0.0.1",
    "0177.0.0.01",
    "0x7f.0.0.1",
    "0x7f.0x0.0x0.0x1",
    "0x7f.1",
    "127.0.0.01",
    "127.000.000.001",
    "127.0.0.1.",
    "127.0.0.256",
    "1.127.0.0.1",
    "3232235521",
    "0xc0a80001",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "169.254.43518",
    "1684301000",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:7f00:1]",
    "[::ffff:169.254.169.254]",
    "[::ffff:a9fe:a9fe]",
    "[::ffff:10.0.0.1]",
    "[::127.0.0.1]",
    "[::7f00:1]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::]",
    "[2002:a00:1::1]",
    "[2001:0:7f00:1::]",
    "[::1%25lo]",
    "[::1%lo]",
    "[fe80::1%25eth0]",
    "[127.0.0.1]",
    "[::1",
    "::1",
    "①②⑦.⓪.⓪.①",
    "１２７.０.０.１",
    "127。0。0。1",
    "loc\u0430lhost",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "localhost%00.oapi.dingtalk.com",
    "%6c%6f%63alhost",
    "127.0.0.1%23",
    "-localhost",
    "local_host",
    "a..b",
    "",
)
# {port} is that of the listener inside.
WHOLE = (
    "https://oapi.dingtalk.com@127.0.0.1:{port}/",
    "https://oapi.dingtalk.com:443@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}@oapi.dingtalk.com/",
    "https://user:word@oapi.dingtalk.com/",
    "https://oapi.dingtalk.com\\@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}\\@oapi.dingtalk.com/",
    "https://oapi.dingtalk.com#@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}#oapi.dingtalk.com",
    "https://oapi.dingtalk.com:443:{port}/",
    "https://oapi.dingtalk.com:0/",
    "https://oapi.dingtalk.com:65536/",
    "https://oapi.dingtalk.com:99999/",
    "https://oapi.dingtalk.com:{port}/",
    "https://oapi.dingtalk.com: 443/",
    "https:// oapi.dingtalk.com/",
    " https://oapi.dingtalk.com/",
    "https://oapi.dingtalk.com/\r\nHost: 127.0.0.1",
    "https://oapi.dingtalk.com/\nX: 1",
    "https://oapi.dingtalk.com/%0d%0a\r\n\r\nGET / HTTP/1.1",
    "https://oapi.dingtalk.com\r\n.127.0.0.1/",
    "https://oapi.dingtalk.com/\t",
    "https://oapi.dingtalk.com/\x00",
    "https://oapi.dingtalk.com/ HTTP/1.1",
    "https:oapi.dingtalk.com",
    "https:///127.0.0.1:{port}/",
    "https:/127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "127.0.0.1:{port}",
    "http://oapi.dingtalk.com/",
    "http://oapi.dingtalk.com:443/",
    "ftp://127.0.0.1:{port}/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_x",
    "dict://127.0.0.1:{port}/",
    "ldap://127.0.0.1:{port}/",
    "redis://127.0.0.1:{port}/",
    "unix:///var/run/redis.sock",
    "jar:https://127.0.0.1:{port}/!/",
    "data:text/plain,x",
    "javascript:alert(1)",
    "https://127.0.0.1.nip.io.example:{port}/",
    "https://oapi.dingtalk.com.evil.example/",
    "https://evil.example/oapi.dingtalk.com",
    "https://oapi-dingtalk.com/",
    "https://oapi.dingtalk.com./",
    "https://oapi.dingtalk.com/" + "a" * 2000,
)
VECTORS = [
    *(f"{scheme}://{host}:{{port}}/x" for host in INSIDE for scheme in ("http", "https")),
    *(f"http://{host}:{{port}}/x" for host in WRITTEN_ODDLY),
    *WHOLE,
]


def opened_for(url):
    """Approves the host and port of the address, as if somebody had let himself be talked into it."""
    try:
        target = outbound.read(url)
    except Blocked:
        return
    if (target.host, target.port) != ("oapi.dingtalk.com", 443):
        OutboundGateFactory(host=target.host, port=target.port)


def test_there_are_at_least_a_hundred_and_twenty():
    assert len(set(VECTORS)) >= 120


@pytest.mark.parametrize("vector", VECTORS, ids=ascii)
@pytest.mark.parametrize("is_opened", [False, True], ids=["not approved", "approved by mistake"])
def test_no_way_of_writing_an_address_leads_inside(vector, is_opened):
    with listener() as inside:
        url = vector.format(port=inside.port)
        OutboundGateFactory()
        if is_opened:
            opened_for(url)
        resolver = names(
            localhost="127.0.0.1",
            localhost_localdomain="127.0.0.1",
            oapi_dingtalk_com="127.0.0.1",
            **{"127_0_0_1_nip_io_example": "127.0.0.1"},
        )
        with pytest.raises(OutboundError):
            outbound.call(url, purpose="messages", resolver=resolver)
        assert inside.heard == 0


@pytest.mark.parametrize(
    "found",
    [
        "127.0.0.1",
        "::1",
        "10.1.2.3",
        "100.100.100.200",
        "100.64.1.1",
        "169.254.169.254",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "fe80::1%lo",
        "224.0.0.1",
        "0.0.0.0",
        ["93.184.216.34", "127.0.0.1"],
        ["127.0.0.1", "93.184.216.34"],
    ],
    ids=str,
)
def test_an_approved_name_that_means_a_machine_inside_is_not_asked(found):
    with listener() as inside:
        OutboundGateFactory(host="robot.example", port=inside.port)
        url = f"https://robot.example:{inside.port}/"
        with pytest.raises(Blocked, match="指向内部地址"):
            outbound.call(url, purpose="messages", resolver=names(robot_example=found))
        assert inside.heard == 0


@pytest.mark.parametrize("kind", ["database", "redis", "portal", "bind"])
def test_the_own_services_are_no_gateway_even_when_they_are_approved(kind, settings):
    with listener() as inside:
        if kind == "database":
            place = {"HOST": "127.0.0.1", "PORT": str(inside.port)}
            settings.DATABASES = {"default": settings.DATABASES["default"] | place}
        elif kind == "redis":
            settings.REDIS_URL = f"redis://redis.internal:{inside.port}/0"
        elif kind == "portal":
            settings.PORTAL_URL = f"http://localhost:{inside.port}/"
        else:
            settings.PORTAL_BIND = f"0.0.0.0:{inside.port}"
        url = f"http://gateway.example:{inside.port}/"
        OutboundGateFactory(
            host="gateway.example", port=inside.port, networks="127.0.0.1", is_plain=True
        )
        resolver = names(gateway_example="127.0.0.1", redis_internal="127.0.0.1")
        with pytest.raises(Blocked, match="本系统自己的服务"):
            outbound.call(url, purpose="messages", resolver=resolver)
        assert inside.heard == 0


def test_what_listens_here_listens_at_every_address_of_the_machine(settings):
    settings.DATABASES = {"default": settings.DATABASES["default"] | {"HOST": "", "PORT": "5432"}}
    OutboundGateFactory(host="gateway.example", port=5432, networks="127.0.0.0/8", is_plain=True)
    for found in ("127.0.0.2", "127.255.255.254"):
        with pytest.raises(Blocked, match="本系统自己的服务"):
            outbound.call(
                "http://gateway.example:5432/",
                purpose="messages",
                resolver=names(gateway_example=found),
            )
    assert is_here(ip_address("0.0.0.0")), "what a socket may be bound to"
    assert not is_here(ip_address("192.0.2.1"))


def test_what_our_own_services_are_called_is_asked_once_a_minute_and_must_be_known(settings):
    settings.REDIS_URL = "redis://redis.internal:6379/0"
    settings.PORTAL_URL = "https://portal.example/"
    known = names(redis_internal=["10.1.1.1", "127.0.0.1"])
    for _time in range(4):
        own = own_services(known)
    assert known.asked.count("redis.internal") < 3
    assert own.has(ip_address("10.1.1.1"), 6379)
    assert own.has(ip_address("127.0.0.9"), 6379), "a name of this machine"
    assert not own.has(ip_address("10.1.1.1"), 443), "a name that only the people outside know"
    with pytest.raises(Unreachable, match=r"redis\.internal"):
        own_services(names())


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(status):
    with listener() as inside:
        where = {"Location": f"http://127.0.0.1:{inside.port}/"}
        with http_server(lambda _asked: (status, where, b"")) as server:
            OutboundGateFactory(
                host="127.0.0.1", port=server.port, networks="127.0.0.1", is_plain=True
            )
            OutboundGateFactory(
                host="127.0.0.1", port=inside.port, networks="127.0.0.1", is_plain=True
            )
            assert outbound.call(server.url, purpose="messages").status == status
        assert inside.heard == 0


def test_a_name_that_changes_between_the_test_and_the_connection_is_asked_only_once():
    """DNS rebinding: the first look-up gives the approved gateway, the next one a machine inside."""
    with http_server(lambda _asked: (200, {}, b"ok"), host="127.0.0.2") as gateway:
        with listener(port=gateway.port) as inside:
            answers = iter(["127.0.0.2", "127.0.0.1", "127.0.0.1"])
            resolver = names(gateway_example=lambda: next(answers))
            OutboundGateFactory(
                host="gateway.example", port=gateway.port, networks="127.0.0.2", is_plain=True
            )
            url = f"http://gateway.example:{gateway.port}/"
            answer = outbound.call(url, purpose="messages", resolver=resolver)
            assert (answer.status, answer.body) == (200, b"ok")
            assert gateway.asked[0].headers["Host"] == f"gateway.example:{gateway.port}"
            assert resolver.asked.count("gateway.example") == 1
            assert inside.heard == 0


def test_control_a_client_that_looks_the_name_up_again_does_knock_inside():
    with listener() as inside:
        answers = iter(["93.184.216.34", "127.0.0.1"])
        resolver = names(gateway_example=lambda: next(answers))
        tested = resolver("gateway.example", inside.port)[0][4]
        assert outbound.addresses.is_public(outbound.addresses.ip_address(tested[0]))
        socket.create_connection(resolver("gateway.example", inside.port)[0][4]).close()
        assert inside.heard == 1


def test_control_an_ordinary_client_reaches_the_listener_by_these_very_addresses():
    """The same vectors, given to the standard library as they are: were they harmless, the test above
    would prove nothing."""
    with listener() as inside:
        reached = [vector for vector in VECTORS if _ordinary(vector.format(port=inside.port))]
        assert inside.heard >= 12, reached


def _ordinary(url):
    """Whether an ordinary client gets a line to a machine here; others are not even tried."""
    try:
        parts = urlsplit(url)
        found = socket.getaddrinfo(parts.hostname, parts.port, type=socket.SOCK_STREAM)
        if parts.scheme != "http" or not found[0][4][0].startswith("127."):
            return False
        http.client.HTTPConnection(parts.hostname, parts.port, timeout=2).connect()
    except (OSError, ValueError, UnicodeError, IndexError):
        return False
    return True


def test_an_approved_private_gateway_works_with_tls_and_its_own_authority(settings):
    settings.OUTBOUND_CA_FILE = authority_file()
    with http_server(lambda asked: (200, {}, asked.body), name="gateway.gov.example") as gateway:
        OutboundGateFactory(host="gateway.gov.example", port=gateway.port, networks="127.0.0.1/32")
        answer = outbound.call(
            f"{gateway.url}/say?key=1",
            purpose="messages",
            body="你好".encode(),
            resolver=names(gateway_gov_example="127.0.0.1"),
        )
        assert answer.body.decode() == "你好"
        assert gateway.asked[0].path == "/say?key=1"


def test_proxies_of_the_environment_are_not_asked(monkeypatch):
    with listener() as proxy, http_server(lambda _asked: (200, {}, b"")) as gateway:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        OutboundGateFactory(
            host="127.0.0.1", port=gateway.port, networks="127.0.0.1", is_plain=True
        )
        assert outbound.call(gateway.url, purpose="messages").status == 200
        assert proxy.heard == 0


def test_the_configured_proxy_is_given_the_tested_address_and_no_name(settings):
    said = []

    def proxy(line, _stop):
        said.append(line.recv(1000))
        line.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")

    with _one_line(proxy) as port:
        settings.OUTBOUND_PROXY = f"http://127.0.0.1:{port}"
        OutboundGateFactory(host="robot.example")
        with pytest.raises(outbound.Unreachable):
            outbound.call(
                "https://robot.example/",
                purpose="messages",
                resolver=names(robot_example="93.184.216.34"),
            )
    assert said[0].startswith(b"CONNECT 93.184.216.34:443 ")
    assert b"robot.example" not in said[0]


class _one_line:  # noqa: N801 - reads as a function
    """A server for one connection, handled by `handle(line, stop)`."""

    def __init__(self, handle):
        self.handle, self.sock = handle, socket.create_server(("127.0.0.1", 0))
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self):
        line, _peer = self.sock.accept()
        with line:
            self.handle(line, self.stop)

    def __enter__(self):
        self.thread.start()
        return self.sock.getsockname()[1]

    def __exit__(self, *_error):
        self.stop.set()
        self.thread.join()
        self.sock.close()
