"""What a recording shows: structure, types and which values are equal, and never a value."""

import json
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tui.airisk.http.pseudonyms import Pseudonyms

SECRET = "Zx9-" + "never-shown"
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.just(SECRET) | st.just(98765432109),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(["a", "user", SECRET]), inner),
    max_leaves=30,
)


@given(DOCUMENTS)
def test_no_value_and_no_key_that_could_be_a_value_is_shown(document: Any) -> None:
    shown = json.dumps(Pseudonyms().json(document))
    assert SECRET not in shown
    assert "98765432109" not in shown


def test_equal_values_have_equal_pseudonyms_and_the_kind_is_reported() -> None:
    document = {
        "users": [
            {"id": "0f8fad5b-d9cb-469f-a165-70867728950e", "mail": "ada@example.com", "age": 36, "active": True},
            {"id": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "mail": "ada@example.com", "age": 36, "active": False},
        ],
        "access_token": "eyJhbGciOiJub25lIn0.e30.",
        "created": "2026-01-02T03:04:05Z",
        "next": None,
    }
    first = {"id": "<uuid 1, 36 characters>", "mail": "<mail 1, 15 characters>", "age": "<integer 1>", "active": True}
    assert Pseudonyms().json(document) == {
        "users": [first, {**first, "id": "<uuid 2, 36 characters>", "active": False}],
        "access_token": "<secret 1, 24 characters>",
        "created": "<time 1, 20 characters>",
        "next": None,
    }


def test_what_the_protocol_says_stays() -> None:
    problem = {"title": "Unauthorized", "error": "invalid_client", "detail": "Ada is gone"}
    assert Pseudonyms().json(problem) == {**problem, "detail": "<text 1, 11 characters>"}


def test_a_long_list_shows_one_item_of_each_shape() -> None:
    users = [{"id": f"u-{number}"} for number in range(1000)]
    users[500] = {"id": 500}  # type: ignore[dict-item]
    shown = Pseudonyms().json(users)
    assert [re.sub(r"\d+", "N", json.dumps(each)) for each in shown] == [
        *['{"id": "<text N, N characters>"}'] * 3,
        '{"id": "<integer N>"}',
        '"<N more>"',
    ]
    assert shown[-1] == "<996 more>"


def test_a_mapping_by_names_or_ids_shows_none_of_them() -> None:
    by_name = {"Ada": {"role": "Admin"}, "Grace": {"role": "User"}}
    shown = Pseudonyms().json({"people": by_name})
    assert "Ada" not in json.dumps(shown)
    assert list(shown["people"].values()) == [{"role": "<text 1, 5 characters>"}, {"role": "<text 2, 4 characters>"}]


def test_a_redirect_shows_its_parameters_and_that_the_code_is_used_next() -> None:
    pseudonyms = Pseudonyms()
    redirect = pseudonyms.url("https://localhost/callback?code=abc123&state=u-7")
    assert redirect == (
        "https://<host 1, 9 characters>/callback?code=<secret 1, 6 characters>&state=<text 1, 3 characters>"
    )
    assert pseudonyms.parameters("grant_type=authorization_code&code=abc123&userid=u-7") == [
        ("grant_type", "authorization_code"),
        ("code", "<secret 1, 6 characters>"),
        ("userid", "<text 1, 3 characters>"),
    ]
    own = Pseudonyms(paths=["/api/Users/ListUsers"])
    assert own.url("/api/users/ada/ListUsers") == "/api/users/<step 1, 3 characters>/ListUsers"
