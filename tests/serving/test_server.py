"""The preview's server answers the browser on this machine, and nobody else."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import safar
from safar.serving.journey import Served

JOURNEY = Path(safar.__file__).parent.parent / "journeys" / "dsl" / "birthday.journey"


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with safar.serve(JOURNEY) as served:
        yield served


def ask(
    url: str, headers: dict[str, str] | None = None, method: str = "GET", path: str | None = None
) -> tuple[int, dict[str, str], str]:
    parts = urlsplit(url)
    assert parts.hostname is not None
    connection = http.client.HTTPConnection(parts.hostname, parts.port or 0, timeout=5)
    connection.request(method, path if path is not None else parts.path, headers=headers or {})
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, {key.lower(): value for key, value in answer.getheaders()}, body


def test_the_page_has_a_policy_of_its_own(served: Served) -> None:
    status, headers, body = ask(served.url)
    assert status == 200
    assert "تولد و نوروز" in body
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "connect-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert not [name for name in headers if name.startswith("access-control")]
    assert ask(served.url, method="HEAD")[2] == ""


def test_each_preview_has_its_own_port_and_token(served: Served) -> None:
    with safar.serve(JOURNEY) as other:
        assert urlsplit(other.url).port != urlsplit(served.url).port
        assert urlsplit(other.url).path != urlsplit(served.url).path
        assert ask(other.url, path=urlsplit(served.url).path)[0] == 404
    assert len(urlsplit(served.url).path) >= 24


def test_only_the_loopback_address_listens(served: Served) -> None:
    port = urlsplit(served.url).port
    assert port is not None
    with socket.socket() as probe, pytest.raises(OSError, match="refused"):
        probe.connect(("127.0.0.2", port))  # another address of this machine: all of them would answer if it listened


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},  # DNS rebinding
        {"Host": "127.0.0.1"},
        {"Host": "127.0.0.1:80"},
        {"Host": "localhost.evil.example:{port}"},
        {"Host": "[::1]:{port}"},
        {"Host": ""},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://127.0.0.1:{port}"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},  # another port of this machine
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["", "events"])
def test_a_page_from_elsewhere_gets_nothing(served: Served, headers: dict[str, str], path: str) -> None:
    parts = urlsplit(served.url)
    headers = {key: value.format(port=parts.port) for key, value in headers.items()}
    status, _, body = ask(served.url, headers, path=parts.path + path)
    assert status == 403
    assert "journey" not in body


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_its_own_page_gets_an_answer(served: Served, host: str) -> None:
    own = f"{host}:{urlsplit(served.url).port}"
    headers = {"Host": own, "Origin": f"http://{own}", "Sec-Fetch-Site": "same-origin"}
    assert ask(served.url, headers)[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "//",
        "/x/",
        "{}x",
        "{}../",
        "{}../../etc/passwd",
        "{}safar.toml",
        "{}?as=x",
        "{}%2e%2e/",
        "//[",
        "*",
        "/" + "a" * 5000,
    ],
)
def test_there_is_nothing_else(served: Served, path: str) -> None:
    assert ask(served.url, path=path.format(urlsplit(served.url).path))[0] == 404


def test_no_picture_beside_its_name_is_no_fault(served: Served) -> None:
    status, _, body = ask(served.url, path="/favicon.ico")
    assert (status, body) == (204, "")


def test_the_token_is_needed_whole(served: Served) -> None:
    token = urlsplit(served.url).path
    assert ask(served.url, path=token[:-2] + "/")[0] == 404
    assert ask(served.url, path=token.rstrip("/"))[0] == 404
    assert ask(served.url, path=token.upper())[0] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"])
def test_it_only_reads(served: Served, method: str) -> None:
    status, headers, _ = ask(served.url, method=method)
    assert status == 501
    assert not [name for name in headers if name.startswith("access-control")]


@pytest.mark.parametrize("said", [b"\0\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"A" * 70_000, b""])
def test_what_is_no_request_does_not_end_it(served: Served, said: bytes) -> None:
    parts = urlsplit(served.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=5) as raw:
        raw.sendall(said)
        raw.shutdown(socket.SHUT_WR)
        while raw.recv(65_536):
            pass
    assert ask(served.url)[0] == 200


def test_many_connections_are_not_kept(served: Served) -> None:
    parts = urlsplit(served.url)
    idle = [socket.create_connection((parts.hostname or "", parts.port or 0), timeout=5) for _ in range(80)]
    for one in idle:
        one.close()
    until = time.monotonic() + 5
    status = 0
    while status != 200 and time.monotonic() < until:
        try:
            status = ask(served.url)[0]
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
    assert status == 200


def test_texts_of_a_file_are_texts(tmp_path: Path) -> None:
    evil = "</title><script>alert(1)</script><img src=x onerror=alert(2)>"
    file = tmp_path / "x.journey"
    file.write_text(f'event e {{}}\njourney j "{evil}" {{ enter on e; stage s "{evil}" {{ wait 1h }}; own "{evil}" }}')
    with safar.serve(file) as served:
        for query in ("", "?as=map", "?journey=%3Cscript%3E"):
            body = ask(served.url, path=urlsplit(served.url).path + query)[2]
            assert body.count("<script>") == 1
            assert not re.search(r"<img|<[^>]*\sonerror", body)
            assert "&lt;script&gt;alert(1)" in body.partition("<pre")[2]  # the line of the finding


@pytest.mark.parametrize(("text", "said"), [("journey {", "no map yet"), ("team crm", "no journey to draw")])
def test_there_is_a_page_also_without_a_map(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "x.journey"
    file.write_text(text, encoding="utf-8")
    with safar.serve(file) as served:
        status, _, body = ask(served.url)
    assert status == 200
    assert said in body


@pytest.mark.smoke
def test_control_c_ends_it_cleanly(tmp_path: Path, begin: Callable[..., subprocess.Popen[str]]) -> None:
    journey = tmp_path / "a.journey"
    journey.write_text("event cart\njourney j { enter on cart; stage s { wait 1h } }\n", encoding="utf-8")
    running = begin("serve", str(journey), "--no-open")
    assert running.stdout is not None
    url = running.stdout.readline().strip()
    assert ask(url)[0] == 200
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=20)
    assert running.returncode == 0
    assert "Traceback" not in said


def test_a_port_that_is_taken_is_one_line(capsys: pytest.CaptureFixture[str], served: Served) -> None:
    from safar import cli

    code = cli.main(["serve", str(JOURNEY), "--no-open", "--port", str(urlsplit(served.url).port)])
    assert code == 2
    assert "Traceback" not in capsys.readouterr().err
