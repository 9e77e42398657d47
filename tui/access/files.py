"""Files that people write for a matrix: YAML or TOML, by their name."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

from tui.access.errors import NotRules
from tui.files import read_bounded

_MOST_BYTES = 4_000_000


def read_structure(path: Path) -> Any:
    """What a file of YAML (also JSON) or TOML holds. Blocks.

    Raises:
        NotRules: it cannot be read, or is neither; with its line where that is known.
    """
    try:
        content = read_bounded(path, _MOST_BYTES)
    except OSError as error:
        raise NotRules(f"{path} cannot be read: {error.strerror}.", advice=_advice(error)) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotRules(f"{path} is not UTF-8 text.", advice="Save it as UTF-8.") from None
    return _toml(path, text) if path.suffix.lower() == ".toml" else _yaml(path, text)


def _advice(error: OSError) -> str:
    return "Write patterns." if error.errno == errno.EFBIG else "Check its path."


def _toml(path: Path, text: str) -> Any:
    from tomllib import TOMLDecodeError, loads  # noqa: PLC0415 - not for the first paint

    try:
        return loads(text)
    except (TOMLDecodeError, RecursionError) as error:
        raise NotRules(f"{path} is not TOML: {error}.", advice="Correct it, or write YAML.") from None


def _yaml(path: Path, text: str) -> Any:
    from tui.airisk.errors import NotOpenAPI  # noqa: PLC0415 - not for the first paint
    from tui.airisk.openapi.yaml_loader import read_yaml  # noqa: PLC0415

    try:
        return read_yaml(text)[0]
    except NotOpenAPI as error:
        where = f", line {error.line}" if error.line else ""
        raise NotRules(f"{path}{where} is not YAML: {error.message}", advice="Correct it, or write TOML.") from None
