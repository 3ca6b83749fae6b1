"""Writing what was made: all outputs or none, and never a half-written file."""

import contextlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

STDOUT = "-"


class OutputError(Exception):
    """An output cannot be written; the text is one sentence that a person can act on."""


def write_outputs(outputs: Mapping[str, bytes]) -> None:
    """Write every output, or none that can be helped.

    Each file is first written in full beside its target, and put in place only when all are
    written; a target that fails earlier leaves every older file as it was. Folders are
    never made. "-" is standard output, and goes last.

    Args:
        outputs: contents by path.

    Raises:
        OutputError: one of them cannot be written.
        BrokenPipeError: whoever read standard output has gone.
    """
    targets = _targets(outputs)
    staged: dict[Path, Path] = {}
    try:
        for target, content in targets.items():
            with _told(target):
                if _is_plain(target):
                    staged[target] = _stage(target, content)
                else:
                    target.write_bytes(content)
        for target, temporary in staged.items():
            with _told(target):
                temporary.replace(target)
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)
    if STDOUT in outputs:
        _to_stdout(outputs[STDOUT])


def _targets(outputs: Mapping[str, bytes]) -> dict[Path, bytes]:
    targets: dict[Path, bytes] = {}
    for name, content in outputs.items():
        if name == STDOUT:
            continue
        target = Path(os.path.realpath(name))
        if target in targets:
            raise OutputError(f"{name}: two outputs have this path; give each its own")
        if target.is_dir():
            raise OutputError(f"{name}: is a folder; give the path of a file")
        targets[target] = content
    return targets


def _is_plain(target: Path) -> bool:
    """Whether the target is, or will be, an ordinary file rather than a device or a pipe."""
    return not target.exists() or stat.S_ISREG(target.stat().st_mode)


def _stage(target: Path, content: bytes) -> Path:
    """Write the content to a new file in the target's folder and return it."""
    if not target.parent.is_dir():
        raise FileNotFoundError(2, "its folder does not exist")
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(13, "Permission denied")
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode(target))
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, or those of any new file."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


@contextlib.contextmanager
def _told(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"{target}: cannot be written: {reason}") from error


def _to_stdout(content: bytes) -> None:
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"standard output: cannot be written: {reason}") from error
