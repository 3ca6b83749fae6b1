"""Hostile and slow clients, foreign pages, and what every answer says."""

import os
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from tests.web.conftest import FORM, started

PAGES = ["/", "/about", "/standards", "/health", "/nothing", "/api/nothing", "/static/anagen.css"]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_is_guarded(web, path):
    headers = web.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "set-cookie" not in headers
    if not path.startswith("/static"):
        assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/about", "/standards"])
@pytest.mark.parametrize("lang", ["en", "tr", "es"])
def test_no_page_holds_what_the_policy_forbids(web, path, lang):
    text = web.get(path, params={"lang": lang}).text
    for forbidden in (" style=", "<style", "onclick", "javascript:", "http://"):
        assert forbidden not in text
    assert f'<html lang="{lang}"' in text


def test_the_result_holds_no_inline_style_or_script(web, form):
    text = web.post("/result", data=form).text
    for forbidden in (" style=", "<style", "onclick", "javascript:"):
        assert forbidden not in text


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}],
)
def test_another_sites_page_can_send_nothing(web, headers):
    assert web.post("/result", data=FORM, headers=headers).status_code == 403
    assert web.post("/api/check", content=b"{}", headers=headers).status_code == 403


def test_another_name_is_not_answered(web):
    assert web.get("/", headers={"host": "rebound.example"}).status_code == 421


@pytest.mark.parametrize("path", ["/api/plan", "/result", "/load"])
def test_a_large_body_is_refused(web, path):
    assert web.post(path, content=b"x" * 10_000_000).status_code == 413


def test_what_a_person_types_cannot_become_markup(web, form):
    form["name"] = "<script>alert(1)</script>\"'>"
    text = web.post("/result", data=form).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_nobody_waits_for_slow_clients(server, web):
    """Half-sent requests by the hundred hold nobody up, and are closed in time."""
    place = urlsplit(server)
    slow = []
    for number in range(200):
        one = socket.create_connection((place.hostname, place.port))
        one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        if number % 2:
            one.sendall(b"Content-Length: 1000\r\n\r\nx")
        slow.append(one)
    waited = []
    for _ in range(5):
        begun = time.perf_counter()
        assert web.get("/health").status_code == 200
        waited.append(time.perf_counter() - begun)
    assert max(waited) < 1.0
    begun = time.perf_counter()
    slow[0].settimeout(15)
    assert slow[0].recv(1000) == b""
    assert time.perf_counter() - begun < 12
    for one in slow:
        one.close()


def children(pid):
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(path.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_a_killed_worker_loses_no_request():
    process, address = started("--workers", "2")
    try:
        workers = [pid for pid in children(process.pid) if _computes(pid)]
        assert len(workers) == 2
        with ThreadPoolExecutor(4) as pool:
            asked = [pool.submit(_plan, address, 1000) for _ in range(4)]
            time.sleep(0.3)
            os.kill(workers[0], signal.SIGKILL)
            assert [one.result() for one in asked] == [200] * 4
        assert _plan(address, 100) == 200
    finally:
        process.terminate()
        process.wait(20)


def _computes(pid):
    return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()


def _plan(address, draws):
    person = {"age": 34, "sex": "male", "country": "TR", "diagnosis": "androgenetic_alopecia"}
    answer = httpx.post(f"{address}/api/plan", params={"draws": draws}, json=person, timeout=60)
    return answer.status_code


def test_too_many_are_told_to_come_back(server):
    """More than the lanes and the queue hold: the excess is told so at once, the rest is served."""
    took = []
    lock = threading.Lock()

    def ask(_):
        begun = time.perf_counter()
        status = _plan(server, 300)
        with lock:
            took.append((status, time.perf_counter() - begun))

    with ThreadPoolExecutor(48) as pool:
        list(pool.map(ask, range(48)))
    statuses = [status for status, _ in took]
    assert set(statuses) <= {200, 429, 503}
    assert 200 in statuses
    assert set(statuses) & {429, 503}
    assert max(seconds for _, seconds in took) < 30
