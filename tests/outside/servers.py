"""Servers on loopback: one that only counts who knocks, and one that answers HTTP as it is told."""

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.outside.authority import server_context


@contextmanager
def listener(host="127.0.0.1", port=0):
    """Counts connections in `.heard`; answers nothing."""
    ear = _Ear(host, port)
    try:
        yield ear
    finally:
        ear.stop()


class _Ear:
    def __init__(self, host, port):
        self.host, self.knocks, self.own = host, [], set()
        self.sock = socket.create_server((host, port), backlog=200)
        self.port = self.sock.getsockname()[1]
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self):
        while True:
            line, peer = self.sock.accept()
            line.close()
            self.knocks.append(peer[1])
            if "last" in self.own:
                return

    @property
    def heard(self):
        """How many others have knocked by now: those before our own knock are counted when it is."""
        mine = self._knock()
        while mine not in self.knocks:
            threading.Event().wait(0.001)
        return len([port for port in self.knocks if port not in self.own])

    def _knock(self):
        with socket.create_connection((self.host, self.port)) as line:
            mine = line.getsockname()[1]
            self.own.add(mine)
        return mine

    def stop(self):
        self.own.add("last")
        self._knock()
        self.thread.join()
        self.sock.close()


class Asked:
    """One request that came in."""

    def __init__(self, handler, body):
        self.method, self.path = handler.command, handler.path
        self.headers, self.body = dict(handler.headers), body


@contextmanager
def http_server(answer, *, host="127.0.0.1", name="", is_over=False):
    """`answer(asked)` gives (status, headers, body), or does with `asked.line`, the socket, what it
    likes and returns None. `name`: the certificate's, for https. Gives the server: `.url`, `.port`,
    `.asked`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked = Asked(self, body)
            asked.line = self.connection
            self.server.asked.append(asked)
            said = answer(asked)
            if said is None:
                self.close_connection = True
                return
            status, headers, content = said
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self):
            self.do_POST()

        def log_message(self, *_args):
            """Quiet."""

    server = _Server((host, 0), Handler)
    server.asked = []
    server.daemon_threads, server.block_on_close = True, False
    if name:
        context = server_context(name, is_over=is_over)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.port = server.server_port
    server.url = f"{'https' if name else 'http'}://{name or host}:{server.port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_args):
        """A caller that goes away, or does not trust us, is what some tests are about."""


def names(**places):
    """A resolver that knows only these: name='127.0.0.1' or a list; counted in `.asked`."""

    def resolver(host, port, **_kwargs):
        resolver.asked.append(host)
        found = places.get(host.replace(".", "_").replace("-", "_"))
        if found is None:
            return socket.getaddrinfo(
                host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
            )
        if callable(found):
            found = found()
        found = [found] if isinstance(found, str) else found
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, port)) for text in found]

    resolver.asked = []
    return resolver
