"""The one client for other machines: what it sends, how long it waits, whom it believes."""

import select
import socket

import pytest
from django.core.exceptions import ValidationError

from core import outbound
from core.errors import MoveNotAllowed, PermissionRefused
from core.models import AuditEntry, OutboundGate
from core.outbound import Blocked, Limits, Unreachable, Untrusted
from core.outbound.client import trust
from tests.factories.accounts import SiteRoleFactory
from tests.factories.core import OutboundGateFactory
from tests.outside.authority import authority_file
from tests.outside.servers import http_server, listener, names
from tests.security.test_ssrf import _one_line

pytestmark = pytest.mark.django_db
QUICK = Limits(connect=2, total=0.3)
HOST = "gateway.gov.example"


def opened(server, host="127.0.0.1", **facts):
    facts = {"networks": "127.0.0.1", "is_plain": True} | facts
    return OutboundGateFactory(host=host, port=server.port, **facts)


def ask(server, **given):
    return outbound.call(f"{server.url}/x?key=1", purpose="messages", **given)


def test_the_request_carries_what_it_is_given_and_the_answer_comes_back():
    with http_server(lambda asked: (201, {"X-Said": "yes"}, asked.body[::-1])) as server:
        opened(server)
        answer = ask(server, body=b"abc", headers={"Content-Type": "text/plain"})
        asked = server.asked[0]
    assert (answer.status, answer.body, answer.headers["X-Said"]) == (201, b"cba", "yes")
    assert (asked.method, asked.path, asked.headers["Content-Type"]) == (
        "POST",
        "/x?key=1",
        "text/plain",
    )
    assert "key" not in repr(answer)
    assert "cba" not in repr(answer)


def test_get_has_no_body():
    with http_server(lambda _asked: (200, {}, b"")) as server:
        opened(server)
        ask(server, method="GET")
        assert (server.asked[0].method, server.asked[0].body) == ("GET", b"")


@pytest.mark.parametrize(
    "facts",
    [{"approved_at": None, "approved_by": ""}, {"purpose": "heartbeat"}, {"port": 1}],
    ids=["waiting", "for something else", "another port"],
)
def test_only_an_approved_gate_of_this_purpose_and_port_lets_through(facts):
    with http_server(lambda _asked: (200, {}, b"")) as server:
        gate = opened(server)
        OutboundGate.objects.filter(pk=gate.pk).update(**facts)
        with pytest.raises(Blocked, match="不在允许连接的地址里"):
            ask(server)
        assert server.asked == []


def test_a_gate_that_was_closed_is_closed_for_the_next_message(security_admin):
    with http_server(lambda _asked: (200, {}, b"")) as server:
        gate = opened(server)
        outbound.withdraw(gate, by=security_admin)
        with pytest.raises(Blocked):
            ask(server)


def test_http_needs_its_own_permission():
    with http_server(lambda _asked: (200, {}, b"")) as server:
        opened(server, is_plain=False)
        with pytest.raises(Blocked, match="只批准了https"):
            ask(server)


def test_a_peer_that_says_nothing_is_left_after_the_time_and_may_have_had_it():
    with _one_line(lambda line, stop: (line.recv(9999), stop.wait(5))) as port:
        OutboundGateFactory(host="127.0.0.1", port=port, networks="127.0.0.1", is_plain=True)
        with pytest.raises(Unreachable, match=r"没有在0\.3秒内答完") as error:
            outbound.call(f"http://127.0.0.1:{port}/", purpose="messages", limits=QUICK)
    assert error.value.is_uncertain


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\n\r\n"], ids=["head", "body"])
def test_a_peer_that_says_one_sign_at_a_time_is_left_after_the_whole_time(head):
    def drip(line, stop):
        line.recv(9999)
        line.sendall(head)
        try:
            while not stop.wait(0.02):
                line.sendall(b"H")
        except OSError:
            stop.set()

    with _one_line(drip) as port:
        OutboundGateFactory(host="127.0.0.1", port=port, networks="127.0.0.1", is_plain=True)
        with pytest.raises(Unreachable, match="没有在"):
            outbound.call(f"http://127.0.0.1:{port}/", purpose="messages", limits=QUICK)


def test_a_peer_that_never_finishes_the_handshake_is_left_and_cannot_have_had_it():
    with _one_line(lambda line, stop: (line.recv(9999), stop.wait(5))) as port:
        OutboundGateFactory(host=HOST, port=port, networks="127.0.0.1")
        with pytest.raises(Unreachable) as error:
            outbound.call(
                f"https://{HOST}:{port}/",
                purpose="messages",
                limits=QUICK,
                resolver=names(gateway_gov_example="127.0.0.1"),
            )
    assert not error.value.is_uncertain


@pytest.mark.parametrize(
    "answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"]
)
def test_a_line_that_breaks_after_the_request_does_not_tell_whether_it_arrived(answer):
    with _one_line(lambda line, _stop: (line.recv(9999), line.sendall(answer))) as port:
        OutboundGateFactory(host="127.0.0.1", port=port, networks="127.0.0.1", is_plain=True)
        with pytest.raises(Unreachable, match="连接断了") as error:
            outbound.call(f"http://127.0.0.1:{port}/", purpose="messages")
    assert error.value.is_uncertain


def test_an_answer_that_does_not_end_is_not_read():
    with http_server(lambda _asked: (200, {}, b"x" * 70_000)) as server:
        opened(server)
        with pytest.raises(Unreachable, match="超过64KB"):
            ask(server)


def test_nobody_there():
    with listener() as gone:
        port = gone.port
    OutboundGateFactory(host="127.0.0.1", port=port, networks="127.0.0.1", is_plain=True)
    with pytest.raises(Unreachable, match="连不上") as error:
        outbound.call(f"http://127.0.0.1:{port}/", purpose="messages")
    assert not error.value.is_uncertain


def test_the_second_address_of_a_name_is_tried_when_the_first_is_silent():
    with http_server(lambda _asked: (200, {}, b"")) as server:
        OutboundGateFactory(host=HOST, port=server.port, networks="127.0.0.0/24", is_plain=True)
        resolver = names(gateway_gov_example=["127.0.0.3", "127.0.0.1"])
        url = f"http://{HOST}:{server.port}/"
        assert outbound.call(url, purpose="messages", resolver=resolver).status == 200


def test_a_name_that_nobody_knows():
    OutboundGateFactory(host=HOST)
    with pytest.raises(Unreachable, match="查不到主机"):
        outbound.call(f"https://{HOST}/", purpose="messages", resolver=names())


@pytest.mark.parametrize("fault", ["another name", "over", "unknown authority"])
def test_whoever_cannot_prove_the_name_hears_nothing(fault, settings):
    settings.OUTBOUND_CA_FILE = "" if fault == "unknown authority" else authority_file()
    name = "other.example" if fault == "another name" else HOST
    with http_server(lambda _asked: (200, {}, b""), name=name, is_over=fault == "over") as server:
        opened(server, HOST, is_plain=False)
        url = f"https://{HOST}:{server.port}/robot?key=secret"
        with pytest.raises(Untrusted, match="证书不可信") as error:
            outbound.call(url, purpose="messages", resolver=names(gateway_gov_example="127.0.0.1"))
        assert server.asked == []
    assert "secret" not in str(error.value)
    assert not error.value.is_uncertain


def test_a_peer_that_speaks_no_tls_is_not_asked():
    with http_server(lambda _asked: (200, {}, b"")) as server:
        opened(server, HOST)
        with pytest.raises(Unreachable, match="连不上"):
            outbound.call(
                f"https://{HOST}:{server.port}/",
                purpose="messages",
                resolver=names(gateway_gov_example="127.0.0.1"),
            )


def test_old_tls_is_not_spoken():
    assert trust("").minimum_version.name == "TLSv1_2"


def test_a_proxy_that_lets_through_is_spoken_through_with_tls_to_the_end(settings):
    settings.OUTBOUND_CA_FILE = authority_file()
    with http_server(lambda _asked: (200, {}, b"seen"), name=HOST) as server:
        opened(server, HOST, is_plain=False)

        def proxy(line, _stop):
            line.recv(9999)
            with socket.create_connection(("127.0.0.1", server.port)) as far:
                line.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                _both_ways(line, far)

        with _one_line(proxy) as port:
            settings.OUTBOUND_PROXY = f"http://127.0.0.1:{port}"
            url = f"https://{HOST}:{server.port}/"
            resolver = names(gateway_gov_example="127.0.0.1")
            assert outbound.call(url, purpose="messages", resolver=resolver).body == b"seen"


def _both_ways(line, far):
    while True:
        ready, _write, _fault = select.select([line, far], [], [], 5)
        for end in ready:
            data = end.recv(9999)
            if not data:
                return
            (far if end is line else line).sendall(data)


# --- the allow-list ------------------------------------------------------------------------------


def test_a_place_is_proposed_by_one_and_approved_by_another(system_admin, security_admin):
    gate = outbound.propose(
        host=" OAPI.dingtalk.com", port=443, purpose="messages", by=system_admin, reason="群机器人"
    )
    assert (gate.host, gate.is_approved) == ("oapi.dingtalk.com", False)
    gate = outbound.approve(gate, by=security_admin)
    assert gate.is_approved
    gate = outbound.withdraw(gate, by=security_admin)
    assert not gate.is_approved
    verbs = AuditEntry.objects.filter(verb__startswith="outbound.").values_list("verb", "actor_id")
    assert list(verbs.order_by("pk")) == [
        ("outbound.propose", system_admin.pk),
        ("outbound.approve", security_admin.pk),
        ("outbound.withdraw", security_admin.pk),
    ]


def test_nobody_approves_what_he_proposed_himself(security_admin):
    facts = {"port": 443, "purpose": "messages", "reason": "群机器人"}
    gate = outbound.propose(host="oapi.dingtalk.com", by=security_admin, **facts)
    with pytest.raises(PermissionRefused):
        outbound.approve(gate, by=security_admin)
    other = SiteRoleFactory(kind="security_admin").user
    assert outbound.approve(gate, by=other).is_approved


def test_what_was_decided_is_not_decided_again(security_admin):
    gate = OutboundGateFactory()
    with pytest.raises(MoveNotAllowed):
        outbound.approve(gate, by=security_admin)
    outbound.withdraw(gate, by=security_admin)
    with pytest.raises(MoveNotAllowed):
        outbound.withdraw(gate, by=security_admin)
    with pytest.raises(MoveNotAllowed):
        outbound.approve(gate, by=security_admin)


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({"host": "2130706433"}, "host"),
        ({"host": "a b"}, "host"),
        ({"host": ""}, "host"),
        ({"port": 0}, "port"),
        ({"port": 65536}, "port"),
        ({"networks": "10.0.0.0/8"}, "networks"),
        ({"networks": "fd00::/64"}, "networks"),
        ({"networks": "gateway"}, "networks"),
        ({"networks": "169.254.169.254"}, "networks"),
        ({"is_plain": True}, "__all__"),
        ({"reason": " "}, "reason"),
    ],
    ids=str,
)
def test_what_could_never_be_let_through_is_not_proposed(facts, named, system_admin):
    facts = {"host": HOST, "port": 443, "purpose": "messages", "reason": "网关"} | facts
    with pytest.raises(ValidationError) as error:
        outbound.propose(by=system_admin, **facts)
    assert named in error.value.message_dict


def test_networks_may_be_several_and_the_host_an_address(system_admin):
    gate = outbound.propose(
        host="[fd00:1::8]",
        port=8443,
        purpose="messages",
        networks="10.20.1.8， fd00:1::8、10.20.2.0/24",
        reason="网关",
        by=system_admin,
    )
    assert gate.host == "fd00:1::8"
    assert gate.allowed_networks == ["10.20.1.8/32", "fd00:1::8/128", "10.20.2.0/24"]
    assert outbound.read("https://[FD00:1::8]:8443/x").place == "[fd00:1::8]:8443"
    assert outbound.read("https://[fd00:1::8]/").host_header == "[fd00:1::8]"


def test_one_place_is_in_the_list_once_and_may_come_back(system_admin, security_admin):
    gate = OutboundGateFactory()
    facts = {"host": gate.host, "port": gate.port, "purpose": gate.purpose, "reason": "再用"}
    with pytest.raises(ValidationError, match="已在列表里"):
        outbound.propose(by=system_admin, **facts)
    outbound.withdraw(gate, by=security_admin)
    assert outbound.propose(by=system_admin, **facts).pk != gate.pk
