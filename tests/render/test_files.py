"""Outputs are whole or absent, and a failure says what to do."""

import io
import os
import stat
import sys
from pathlib import Path

import pytest

from anagen.render.files import OutputError, write_outputs


def test_writes_all(tmp_path):
    wanted = {str(tmp_path / "a.json"): b"{}\n", str(tmp_path / "b.html"): b"<p>"}
    write_outputs(wanted)
    assert {path: Path(path).read_bytes() for path in wanted} == wanted
    assert not list(tmp_path.glob(".*"))


def test_a_missing_folder_is_told_and_not_made(tmp_path):
    with pytest.raises(OutputError, match="its folder does not exist"):
        write_outputs({str(tmp_path / "a"): b"", str(tmp_path / "typo" / "b"): b""})
    assert list(tmp_path.iterdir()) == []


def test_new_files_follow_the_umask_and_old_ones_keep_their_mode(tmp_path):
    old = tmp_path / "old"
    old.write_text("before")
    old.chmod(0o640)
    before = os.umask(0o022)
    try:
        write_outputs({str(old): b"after", str(tmp_path / "new"): b"x"})
    finally:
        os.umask(before)
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o644


def test_one_bad_path_leaves_every_other_file_as_it_was(tmp_path):
    good = tmp_path / "good"
    good.write_text("before")
    blocked = tmp_path / "file" / "below"
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(OutputError, match="cannot be written"):
        write_outputs({str(good): b"after", str(blocked): b"x"})
    assert good.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "good"]


def test_a_folder_is_refused_in_words(tmp_path):
    with pytest.raises(OutputError, match="is a folder; give the path of a file"):
        write_outputs({str(tmp_path): b"x"})


def test_two_names_of_one_file_are_refused(tmp_path):
    with pytest.raises(OutputError, match="two outputs"):
        write_outputs({str(tmp_path / "a"): b"1", f"{tmp_path}/./a": b"2"})


def test_a_link_is_written_through(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("before")
    link.symlink_to(target)
    write_outputs({str(link): b"after"})
    assert link.is_symlink()
    assert target.read_text() == "after"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_a_full_device_is_an_output_error():
    with pytest.raises(OutputError, match="/dev/full: cannot be written: no space left"):
        write_outputs({"/dev/full": b"x"})


def test_a_disk_that_fills_up_leaves_the_old_file(tmp_path, monkeypatch):
    target = tmp_path / "plan.json"
    target.write_text("before")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="no space left"):
        write_outputs({str(target): b"after"})
    assert target.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


def test_dash_is_standard_output(monkeypatch):
    pipe = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", pipe)
    write_outputs({"-": "Ayşe\n".encode()})
    assert pipe.buffer.getvalue().decode() == "Ayşe\n"
