"""`safar docs serve`: the pages of a site, as the files are now, for this machine alone."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from safar import cli
from safar.checking import Ground
from safar.errors import SelectionError
from safar.site.build import read_project
from safar.site.pictures import Gallery
from safar.site.serve import Served


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "safar.toml").write_text('[project]\njourneys = ["."]\n', encoding="utf-8")
    write(tmp_path, "Cart")
    (tmp_path / "secret.html").write_text("secret", encoding="utf-8")
    return tmp_path


def write(shop: Path, title: str) -> None:
    (shop / "cart.journey").write_text(
        f'event e\njourney cart "{title}" {{ enter on e; stage s {{ wait 1d }} }}\n', encoding="utf-8"
    )


@pytest.fixture
def served(shop: Path) -> Iterator[Served]:
    with Served(Ground(shop)) as served:
        yield served


def ask(served: Served, path: str = "", method: str = "GET", **headers: str) -> tuple[int, str, dict[str, str]]:
    """Path behind the token, unless it begins with a slash."""
    parts = urlsplit(served.url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port or 0, timeout=20)
    try:
        connection.putrequest(method, path if path.startswith("/") else parts.path + path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        return response.status, response.read().decode("utf-8"), {k.lower(): v for k, v in response.getheaders()}
    finally:
        connection.close()


def test_pages_with_their_pictures(served: Served) -> None:
    assert served.url.startswith("http://127.0.0.1:")
    status, text, _ = ask(served)
    assert status == 200 and "url=en/index.html" in text
    status, text, headers = ask(served, "en/journeys/cart.html")
    assert status == 200 and text.count("<svg") == 2
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "strict-dynamic" in headers["content-security-policy"]
    assert ask(served, "site.js")[2]["content-type"] == "text/javascript; charset=utf-8"
    assert "Cart" in ask(served, "search.js")[1]


@pytest.mark.parametrize(
    "path",
    [
        "secret.html",
        "../secret.html",
        "en/../../secret.html",
        "en/%2e%2e/%2e%2e/secret.html",
        "cart.journey",
        "/",
        "/en/index.html",
        "/etc/passwd",
        "//en/index.html",
        "en",
        "en/",
        "safar.toml",
    ],
)
def test_there_is_nothing_but_the_pages(path: str, served: Served) -> None:
    status, text, _ = ask(served, path)
    assert status == 404 and "secret" not in text and "journey" not in text


def test_for_nobody_else(served: Served) -> None:
    port = urlsplit(served.url).port
    assert ask(served, Host=f"evil.example:{port}")[0] == 403
    assert ask(served, Origin="http://evil.example")[0] == 403
    assert ask(served, method="POST")[0] == 501
    assert ask(served, method="HEAD")[1] == ""


def test_what_changes_is_shown(shop: Path, served: Served) -> None:
    assert "<h1><bdi>Cart</bdi></h1>" in ask(served, "en/journeys/cart.html")[1]
    write(shop, "Basket")
    (shop / "second.journey").write_text(
        "event e\njourney second { enter on e; stage s { wait 1d } }", encoding="utf-8"
    )
    until = time.monotonic() + 20
    while "Basket" not in ask(served, "en/journeys/cart.html")[1] or ask(served, "en/journeys/second.html")[0] != 200:
        assert time.monotonic() < until
        time.sleep(0.05)
    for file in shop.glob("*.journey"):
        file.unlink()
    time.sleep(0.5)
    assert "Basket" in ask(served, "en/journeys/cart.html")[1]


def test_nothing_to_show(tmp_path: Path) -> None:
    with pytest.raises(SelectionError, match="no journey files"):
        Served(Ground(tmp_path))


def test_from_the_command_line(shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[str] = []

    def wait(served: Served) -> None:
        seen.append(ask(served, "fa/index.html")[1])
        raise KeyboardInterrupt

    monkeypatch.setattr(Served, "wait", wait)
    assert cli.main(["docs", "serve", "--project", str(shop), "--no-open", "--no-cache"]) == 0
    assert capsys.readouterr().out.startswith("http://127.0.0.1:")
    assert 'dir="rtl"' in seen[0]


def test_a_picture_is_of_the_text_that_it_is_kept_for(shop: Path, tmp_path: Path) -> None:
    cache = tmp_path / "kept"
    ready = read_project(Ground(shop), cache=cache)
    write(shop, "Basket")
    late = Gallery(ready.home, cache).all(list(ready.wanted.values()))
    assert {one.why for one in late} == {"the file changed meanwhile"}
    assert not list(cache.glob("drawings/*/*"))
