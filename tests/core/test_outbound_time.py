"""The limit of time holds from the look-up to the last octet, whoever is slow."""

import threading

import pytest

from core import outbound
from core.outbound import Limits, Unreachable
from tests.factories.core import OutboundGateFactory
from tests.outside.servers import listener, names
from tests.security.test_ssrf import _one_line

pytestmark = pytest.mark.django_db
QUICK = Limits(connect=2, total=0.3)
HOST = "gateway.gov.example"


def test_a_proxy_that_drips_is_left_after_the_whole_time_and_hears_no_request(settings):
    heard = []

    def drip(line, stop):
        heard.append(line.recv(9999))
        for sign in b"HTTP/1.1 200 OK\r\n\r\n":
            line.sendall(bytes([sign]))
            if stop.wait(0.05):
                return
        heard.append(line.recv(9999))

    with _one_line(drip) as port:
        settings.OUTBOUND_PROXY = f"http://127.0.0.1:{port}"
        OutboundGateFactory(host=HOST, port=80, networks="10.1.1.1", is_plain=True)
        resolver = names(gateway_gov_example="10.1.1.1")
        with pytest.raises(Unreachable, match=r"没有在0\.3秒内答完") as error:
            outbound.call(f"http://{HOST}/", purpose="messages", limits=QUICK, resolver=resolver)
    assert not error.value.is_uncertain
    assert [text.split()[0] for text in heard] == [b"CONNECT"]


def test_a_proxy_that_nobody_is_at_is_no_way_out(settings):
    with listener() as gone:
        settings.OUTBOUND_PROXY = f"http://127.0.0.1:{gone.port}"
    OutboundGateFactory(host=HOST, port=80, networks="10.1.1.1", is_plain=True)
    resolver = names(gateway_gov_example="10.1.1.1")
    with pytest.raises(Unreachable, match="连不上"):
        outbound.call(f"http://{HOST}/", purpose="messages", resolver=resolver)


def test_who_was_long_in_being_found_is_not_asked_any_more():
    with listener() as inside:
        OutboundGateFactory(host=HOST, port=inside.port, networks="127.0.0.1", is_plain=True)
        resolver = names(gateway_gov_example=lambda: threading.Event().wait(0.05) or "127.0.0.1")
        url, limits = f"http://{HOST}:{inside.port}/", Limits(connect=2, total=0.02)
        with pytest.raises(Unreachable, match="没有在") as error:
            outbound.call(url, purpose="messages", limits=limits, resolver=resolver)
        assert not error.value.is_uncertain
        assert inside.heard == 0


def test_a_look_up_that_does_not_end_is_left():
    release = threading.Event()
    OutboundGateFactory(host=HOST)
    with pytest.raises(Unreachable, match="查不到主机"):
        outbound.call(
            f"https://{HOST}/",
            purpose="messages",
            limits=Limits(connect=0.05, total=5),
            resolver=names(gateway_gov_example=lambda: str(release.wait(10))),
        )
    release.set()
