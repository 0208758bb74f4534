"""A download ends, whatever the server does: with the file, or with an error in time."""

import socket
import threading
from collections.abc import Iterator

import pytest

from bnutils.datasets import download

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
SLOWLY = {
    "nothing": (b"", b""),
    "a status without end": (b"HTTP/1.1 200 ", b"O"),
    "headers without end": (b"HTTP/1.1 200 OK\r\n", b"X-Header: 1\r\n"),
    "a header without end": (b"HTTP/1.1 200 OK\r\nX-Header: ", b"1"),
    "a body without end": (b"HTTP/1.1 200 OK\r\n\r\n", b"1"),
    "a redirect to itself": (b"HTTP/1.1 302 Found\r\nLocation: /\r\nX-Header: ", b"1"),
}


class Server:
    """Answers each connection with a beginning, then with one piece again and again."""

    def __init__(self, start: bytes, again: bytes = b"") -> None:
        self.start, self.again, self.stop = start, again, threading.Event()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}/"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while not self.stop.is_set():
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=[connection], daemon=True).start()

    def answer(self, connection: socket.socket) -> None:
        with connection:
            try:
                connection.recv(1 << 16)
                connection.sendall(self.start)
                while self.start != HEAD + b"12345" and not self.stop.wait(0.005):
                    connection.sendall(self.again)
            except OSError:
                return

    def close(self) -> None:
        self.stop.set()
        self.listening.close()


LONG = 600.0  # seconds, for what is to end well, however busy the machine


@pytest.fixture(autouse=True)
def _no_proxy_and_no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(download, "PATIENCE", LONG)


@pytest.fixture(params=SLOWLY)
def slow(request: pytest.FixtureRequest) -> Iterator[Server]:
    server = Server(*SLOWLY[request.param])
    yield server
    server.close()


def test_a_server_that_drips_is_given_up(slow: Server) -> None:
    with pytest.raises(TimeoutError, match=r"it took more than 0\.1 s"):
        download.fetch(slow.url, deadline=0.1)


def test_a_file_comes_whole() -> None:
    server = Server(HEAD + b"12345")
    assert download.fetch(server.url, deadline=LONG) == b"12345"
    server.close()


def test_a_file_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "LIMIT", 3)
    server = Server(HEAD + b"12345")
    with pytest.raises(TimeoutError, match="more than 3 bytes"):
        download.fetch(server.url, deadline=LONG)
    server.close()


def test_what_goes_wrong_in_time_is_raised_here() -> None:
    with pytest.raises(ZeroDivisionError):
        download.within(LONG, lambda: 1 / 0)


def test_a_network_that_hangs_is_not_reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def hang(*_: object, **__: object) -> socket.socket:
        released.wait()
        raise OSError

    monkeypatch.setattr(socket, "create_connection", hang)
    assert not download.reachable("localhost", patience=0.05)
    released.set()


def test_a_server_that_answers_is_reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: socket.socket())
    assert download.reachable("localhost", patience=LONG)
