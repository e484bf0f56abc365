"""A mail server that follows a script: what it says at each step, or that it hangs or drops."""

import socket
import threading
from contextlib import contextmanager, suppress

HANG, DROP = "hang", "drop"
STEPS = {
    "greet": "220 ready",
    "EHLO": "250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN",
    "STARTTLS": "454 TLS not available",
    "AUTH": "235 ok",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    "end": "250 taken",
    "RSET": "250 ok",
    "QUIT": "221 bye",
}


@contextmanager
def mail_server(**script):
    """Gives (port, mails taken). `script` replaces steps of STEPS."""
    steps, taken, stop = STEPS | script, [], threading.Event()
    sock = socket.create_server(("127.0.0.1", 0))

    def serve():
        while not stop.is_set():
            line, _peer = sock.accept()
            line.settimeout(2)  # a caller that went away without a word
            with line, suppress(OSError):
                _talk(line, steps, taken, stop)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield sock.getsockname()[1], taken
    finally:
        stop.set()
        socket.create_connection(sock.getsockname()).close()
        thread.join()
        sock.close()


def _talk(line, steps, taken, stop):
    if stop.is_set() or not _say(line, steps["greet"], stop):
        return
    reader = line.makefile("rb")
    while command := reader.readline():
        word = command.split()[0].decode().upper() if command.split() else ""
        if not _say(line, steps.get(word, "500 what"), stop) or word == "QUIT":
            return
        if word == "DATA" and steps["DATA"].startswith("354"):
            text = b""
            while not text.endswith(b"\r\n.\r\n"):
                text += reader.readline() or b"\r\n.\r\n"
            if steps["end"].startswith("250") or steps["end"] in {HANG, DROP}:
                taken.append(text)
            if not _say(line, steps["end"], stop):
                return


def _say(line, words, stop):
    """Whether the conversation goes on."""
    if words == DROP:
        return False
    if words == HANG:
        stop.wait(1)
        return False
    line.sendall(words.encode() + b"\r\n")
    return True
