"""A real server on a free port, and a person to ask it about."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import yaml

EXAMPLES = Path(__file__).parents[2] / "examples"
STARTED = re.compile(r"http://127\.0\.0\.1:(\d+)/")


def started(*options):
    """A server as a person starts it; the caller ends it."""
    command = [sys.executable, "-m", "anagen.cli", "serve", "--port", "0", *options]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    for line in process.stderr:
        if found := STARTED.search(line):
            return process, f"http://127.0.0.1:{found[1]}"
    raise AssertionError(f"the server ended with {process.wait()}")


@pytest.fixture(scope="session")
def server():
    process, address = started("--workers", "2")
    yield address
    process.terminate()
    process.wait(20)


@pytest.fixture
def web(server):
    with httpx.Client(base_url=server, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def early_loss():
    """The example person as the API takes it."""
    return json.dumps(yaml.safe_load(_quoted("early-loss-tr"))).encode()


def _quoted(name):
    """The file with what YAML 1.1 would take for other things left as text."""
    text = (EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8")
    text = re.sub(r": (no|yes)\b", r': "\1"', text)
    return re.sub(r"(\d{4}-\d{2}-\d{2})", r'"\1"', text)


FORM = {
    "age": "34",
    "sex": "male",
    "country": "TR",
    "diagnosis": "androgenetic_alopecia",
    "wishes.arm": "exosome",
}


@pytest.fixture
def form():
    return dict(FORM)
