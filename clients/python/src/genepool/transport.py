"""One HTTP exchange with one deadline for all of it. Socket timeouts alone do not bound a server that trickles."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from typing import Dict, NamedTuple, Optional
from urllib.parse import urlsplit


class Answer(NamedTuple):
    status: int
    etag: Optional[str]
    retry_after: Optional[str]
    body: bytes


class ExchangeFailed(Exception):
    """No complete answer: refused, too late, cut off or too large."""


class _SecureConnection(http.client.HTTPSConnection):
    """Shows its socket before the handshake, so that a watchdog can end a handshake that hangs."""

    def __init__(self, host: str, port: Optional[int], timeout: float, tls: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=timeout, context=tls)
        self._tls = tls

    def connect(self) -> None:
        http.client.HTTPConnection.connect(self)
        self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock.do_handshake()


class Transport:
    """Speaks to one server. Redirects are not followed: they would take the key elsewhere."""

    def __init__(self, url: str, key: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"the registry's address must be http:// or https://, not {url!r}")
        if parts.username or parts.query or parts.fragment:
            raise ValueError("the registry's address must hold no user, query or fragment")
        if not key or not key.isascii() or not key.isprintable():
            raise ValueError("the API key must be printable ASCII text")
        self._host = parts.hostname
        self._port = parts.port
        self._path = parts.path.rstrip("/")
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._headers = {
            "authorization": f"Bearer {key}",
            "accept": "application/json",
            "accept-encoding": "identity",
            "connection": "close",
        }

    def exchange(
        self,
        method: str,
        path: str,
        *,
        deadline: float,
        headers: Optional[Dict[str, str]] = None,
        body: Optional[bytes] = None,
        body_bytes_max: int = 1_048_576,
    ) -> Answer:
        """Sends one request and reads its answer until ``deadline`` (of time.monotonic); raises ExchangeFailed."""
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise ExchangeFailed("no time left")
        connection = self._connect(remaining)
        is_late = threading.Event()

        def end() -> None:
            is_late.set()
            _shut(connection.sock)

        watchdog = threading.Timer(remaining, end)
        watchdog.daemon = True
        # Threads cannot be had at their limit, nor while Python 3.12 exits: then each wait is bounded by the socket's
        # timeout, and the caller has a deadline of its own.
        with contextlib.suppress(RuntimeError):
            watchdog.start()
        try:
            connection.connect()
            if is_late.is_set():
                raise ExchangeFailed("deadline passed")
            connection.request(method, self._path + path, body, {**self._headers, **(headers or {})})
            held = connection.sock
            response = connection.getresponse()
            # A response that closes takes the socket away from its connection, but the watchdog still needs it.
            connection.sock = held
            return Answer(
                response.status,
                response.getheader("etag"),
                response.getheader("retry-after"),
                _read(response, body_bytes_max, is_late),
            )
        except ExchangeFailed:
            raise
        except (OSError, http.client.HTTPException, ValueError) as error:
            is_timeout = is_late.is_set() or isinstance(error, socket.timeout)
            what = "deadline passed" if is_timeout else f"{type(error).__name__}: {error}"
            raise ExchangeFailed(what) from error
        finally:
            watchdog.cancel()
            connection.close()

    def _connect(self, timeout: float) -> http.client.HTTPConnection:
        if self._tls is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=timeout)
        return _SecureConnection(self._host, self._port, timeout, self._tls)


def _read(response: http.client.HTTPResponse, bytes_max: int, is_late: threading.Event) -> bytes:
    chunks = []
    size = 0
    while True:
        chunk = response.read1(65_536)
        if is_late.is_set():
            raise ExchangeFailed("deadline passed")
        if not chunk:
            break
        size += len(chunk)
        if size > bytes_max:
            raise ExchangeFailed(f"the answer is larger than {bytes_max} bytes")
        chunks.append(chunk)
    # read1 reports an early end of a body of known length as a plain end.
    if response.length:
        raise ExchangeFailed(f"the answer was cut off, {response.length} bytes are missing")
    return b"".join(chunks)


def _shut(sock: Optional[socket.socket]) -> None:
    if sock is None:
        return
    # Where it is closed already, that was the aim. The plain method, as the one of TLS sockets would first forget
    # the session that another thread is reading with.
    with contextlib.suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
