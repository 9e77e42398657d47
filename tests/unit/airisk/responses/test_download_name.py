"""An answer is saved under the name that it proposes, which can only ever be the name of a file here."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.kit.remembering import exchange
from tui.airisk.responses.download_name import name_to_save


def saved_as(*headers: tuple[str, str]) -> str:
    return name_to_save(exchange("/api/Files/7/download", headers=headers))


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="Risk report.pdf"', "Risk report.pdf"),
        ("inline; filename=plain.csv; size=9", "plain.csv"),
        ("attachment; filename=rates.csv; filename*=UTF-8''%e2%82%ac%20r%C3%A4tes.csv", "rätes.csv"),
        ("attachment; filename*=iso-8859-1'en'%A3%20%E9.txt; filename=x.txt", "é.txt"),
        ('attachment; filename="na\xc3\xafve.txt"', "naïve.txt"),
        ('attachment; filename="na\xefve.txt"', "naïve.txt"),
        ('attachment; filename="../../etc/.bashrc"', "bashrc"),
        ('attachment; filename="C:\\\\temp\\\\~a.txt"', "a.txt"),
        ("attachment; filename*=UTF-8''a%E2%80%AEgpj.exe", "a-gpj.exe"),
        ('attachment; filename=" .. "', "download.bin"),
        ("attachment", "download.bin"),
    ],
)
def test_the_name_that_is_proposed(disposition: str, name: str) -> None:
    assert saved_as(("content-disposition", disposition)) == name


def test_without_a_proposal_it_is_called_after_its_path() -> None:
    assert saved_as(("Content-Type", "text/csv")) == "download.csv"


@given(st.text(st.characters(max_codepoint=255)) | st.text(alphabet="%\"'/\\*;=. ~filename\r\nUTF-8", max_size=60))
@example("=" + "a" * 5000 + ".")
@example("*=UTF-8''" + "%2e" * 9)
def test_whatever_is_proposed_it_is_a_file_in_the_directory_that_is_chosen(text: str) -> None:
    name = saved_as(("Content-Disposition", f"attachment; filename{text}"))
    assert 0 < len(name) <= 121
    assert name[0] not in "~.-"
    assert not {*"/\\\r\n\0"} & {*name}
