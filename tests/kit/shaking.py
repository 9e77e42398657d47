"""Documents that are as they should be but for a part, as other versions, other programs and bad disks leave them."""

import copy
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import strategies as st

from tui.errors import AIRiskError

T = TypeVar("T")

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["", "*", "$", "[", "(", "\ud800", "1" * 5000])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
"""Whatever JSON, YAML and TOML can hold."""


def shaken(document: Any, data: st.DataObject, values: st.SearchStrategy[Any] = VALUES, *, most: int = 3) -> Any:
    """A copy of a document in which up to `most` parts were replaced."""
    copied = copy.deepcopy(document)
    for _ in range(data.draw(st.integers(1, most))):
        _replace_a_part(copied, data, values)
    return copied


def _replace_a_part(document: Any, data: st.DataObject, values: st.SearchStrategy[Any]) -> None:
    node = document
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        if not isinstance(node[key], dict | list) or data.draw(st.integers(0, 5)) == 0:
            node[key] = data.draw(values)
            return
        node = node[key]


def unless_refused(call: Callable[[], T], kind: type[AIRiskError]) -> T | None:
    """What a call gives; None where it refuses with that kind of error, which then says what to do."""
    try:
        return call()
    except kind as error:
        refusal = error
    assert refusal.message
    assert refusal.advice
    return None
