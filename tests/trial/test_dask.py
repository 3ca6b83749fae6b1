"""A real Dask cluster of processes: what is killed is done again, once, and to the same bytes."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from tests.trial.trials import SMALL, small

from anagen.cli.main import run as command
from anagen.trial.pool import Engine, run_tasks
from anagen.trial.sides import Task

distributed = pytest.importorskip("distributed")


def tasks(count=6):
    trial = small(people=700)
    return [Task(trial, 1, number, 4, 5.0) for number in range(count)]


@pytest.fixture
def cluster():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as found:
        yield found


def test_a_worker_killed_in_the_middle_costs_nothing(cluster):
    plain = run_tasks(tasks())
    told = []

    def kill(done, _):
        told.append(done)
        if done == 1:
            os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)

    found = run_tasks(tasks(), Engine(2, "dask", cluster.scheduler_address), kill)
    assert [one.tobytes() for one in found] == [one.tobytes() for one in plain]
    assert told == list(range(7))


def test_a_scheduler_that_goes_away_leaves_what_is_done(tmp_path):
    """What was finished lies in the folder, and the next run goes on from there."""
    program = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    first = _scheduler(program, tmp_path / "first.json")
    worker = _worker(tmp_path / "first.json")
    file, out = tmp_path / "trial.json", tmp_path / "power.json"
    file.write_text(json.dumps(SMALL | {"people": 700}), encoding="utf-8")
    whole = ["trial", "power", str(file), "--runs", "60", "--json", str(out)]
    on_dask = [
        *whole, "--keep", str(tmp_path / "parts"), "--engine", "dask", "--scheduler",
    ]  # fmt: skip
    client = subprocess.Popen(
        [sys.executable, "-m", "anagen.cli", *on_dask, _address(tmp_path / "first.json")],
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(lambda: len(list((tmp_path / "parts").glob("*.npy"))) >= 2)
        for process in (first, worker, client):
            process.kill()
            process.wait()
        done = len(list((tmp_path / "parts").glob("*.npy")))
        assert not out.exists()
        assert command([*whole, "--keep", str(tmp_path / "parts"), "--workers", "1"]) == 0
    finally:
        for process in (first, worker, client):
            process.kill()
    assert len(list((tmp_path / "parts").glob("*.npy"))) == 15 > done
    resumed = out.read_bytes()
    assert command([*whole, "--workers", "2"]) == 0
    assert out.read_bytes() == resumed


def _scheduler(program, told):
    process = subprocess.Popen(
        [*program, "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
         "--scheduler-file", str(told)],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    _wait(told.exists)
    return process


def _worker(told):
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_worker", "--no-nanny", "--no-dashboard",
         "--nthreads", "1", "--scheduler-file", str(told)],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _address(told):
    return json.loads(told.read_text(encoding="utf-8"))["address"]


def _wait(happened, seconds=90):
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)
