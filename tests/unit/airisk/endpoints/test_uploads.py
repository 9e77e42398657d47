"""Files that go along with a request."""

import os
from pathlib import Path

import pytest

from tui.airisk.endpoints.uploads import read_upload, size_of_upload
from tui.airisk.models import Upload
from tui.errors import RequestRejectedError


def test_a_regular_file_is_read_and_named_after_itself(tmp_path: Path) -> None:
    file = tmp_path / "Q3 report.pdf"
    file.write_bytes(b"%PDF-1.7")

    assert read_upload(str(file)) == Upload("Q3 report.pdf", "Q3 report.pdf", b"%PDF-1.7")
    assert read_upload(str(file), "document") == Upload("document", "Q3 report.pdf", b"%PDF-1.7")
    assert size_of_upload(str(file)) == 8


def test_what_is_no_regular_file_is_refused_in_words(tmp_path: Path) -> None:
    socket_like = tmp_path / "pipe"
    os.mkfifo(socket_like)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for path in (tmp_path, socket_like, tmp_path / "none", tmp_path / "loop", "/dev/zero", "a\0b", "x" * 5000):
        for look in (read_upload, size_of_upload):
            with pytest.raises(RequestRejectedError) as refused:
                look(str(path))
            assert refused.value.advice
