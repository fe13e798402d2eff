"""A server for the browser on this machine, and for nobody else.

It listens on the loopback address alone, at a port of the system's choice.  An address begins with a token that nobody
can guess.  `Host` must name this very server, so that no name on the internet that leads to 127.0.0.1 gets an answer
(DNS rebinding); a page from elsewhere is known by its `Origin` and gets none either.  It only reads: GET and HEAD.
"""

from __future__ import annotations

import contextlib
import secrets
import sys
import threading
from collections.abc import Callable, Generator, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl

import msgspec

LOOPBACK = "127.0.0.1"
MOST_AT_ONCE = 64
"""Requests that are answered at once; a browser keeps at most six open."""
PATIENCE = 15
"""Seconds for a request to come."""
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


class Answer(msgspec.Struct, frozen=True):
    """What is sent for a path; a `body` in pieces is sent as it comes, and the connection ends with it."""

    body: bytes | Generator[bytes]
    kind: str = "text/html; charset=utf-8"
    policy: str = POLICY


Answers = Callable[[str, Mapping[str, str]], Answer | None]
"""For a path behind the token, without the slash before it, and the words of its query; None: there is nothing."""


class Server:
    """Answers until it is closed; a context manager.  `port` 0 is a free one.

    Raises `OSError` where the port is taken.
    """

    def __init__(self, answers: Answers, port: int = 0) -> None:
        self._token = secrets.token_urlsafe(18)
        self._listening = _Listening((LOOPBACK, port), _Request)
        self._listening.answers = answers
        self._listening.token = self._token
        self._thread = threading.Thread(target=self._listening.serve_forever, args=(0.1,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._listening.server_port}/{self._token}/"

    def close(self) -> None:
        self._listening.shutdown()
        self._listening.server_close()
        self._thread.join()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, kind: type[BaseException] | None, wrong: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class _Listening(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 2 * MOST_AT_ONCE
    block_on_close = False
    answers: Answers
    token: str

    def __init__(self, address: tuple[str, int], request: type[BaseHTTPRequestHandler]) -> None:
        self._room = threading.BoundedSemaphore(MOST_AT_ONCE)
        super().__init__(address, request)

    def process_request(self, request: Any, client_address: object) -> None:
        if self._room.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: object) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: Any, client_address: object) -> None:
        """A browser that goes away is no error."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Request(BaseHTTPRequestHandler):
    server: _Listening
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "safar", ""
    timeout = PATIENCE

    def do_GET(self) -> None:
        asked, _, query = self.path.partition("?")
        token, slash, path = asked.removeprefix("/").partition("/")
        if not self._is_ours():
            self._send(HTTPStatus.FORBIDDEN, Answer(b"not for this address or page\n", "text/plain"))
            return
        known = secrets.compare_digest(token.encode("utf-8", "replace"), self.server.token.encode())
        found = self.server.answers(path, dict(parse_qsl(query))) if known and slash else None
        if asked == "/favicon.ico":  # browsers ask for it unasked, and complain where there is none
            self._send(HTTPStatus.NO_CONTENT, Answer(b""))
        elif found is None:
            self._send(HTTPStatus.NOT_FOUND, Answer(b"nothing here\n", "text/plain"))
        else:
            self._send(HTTPStatus.OK, found)

    do_HEAD = do_GET  # noqa: N815 - so the library calls it

    def _is_ours(self) -> bool:
        """Whether the request is to this server by its own name and, if a page sent it, from one of its own."""
        port = self.server.server_port
        names = {f"{name}:{port}" for name in (LOOPBACK, "localhost")}
        origins = self.headers.get_all("Origin", [])
        sites = self.headers.get_all("Sec-Fetch-Site", ["none"])
        return (
            self.headers.get_all("Host", []) in [[name] for name in names]
            and all(one in {f"http://{name}" for name in names} for one in origins)
            and all(one in ("none", "same-origin") for one in sites)
        )

    def _send(self, status: HTTPStatus, answer: Answer) -> None:
        self.send_response(status)
        headers = {**_HEADERS, "Content-Type": answer.kind, "Content-Security-Policy": answer.policy}
        if isinstance(answer.body, bytes):
            headers["Content-Length"] = str(len(answer.body))
        else:
            headers["Connection"] = "close"
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if isinstance(answer.body, bytes):
            self.wfile.write(answer.body)
            return
        with contextlib.closing(answer.body) as pieces:
            for piece in pieces:
                self.wfile.write(piece)
                self.wfile.flush()

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing: the terminal is for the person."""
