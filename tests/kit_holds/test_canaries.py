"""A secret is found in whatever form it was written."""

import base64
from urllib.parse import urlencode

from tests.kit.canaries import forms_of, is_in

SECRET = "canary+/%$#ü 2f9c4e7d1b2f9c4e"


def test_the_search_finds_what_is_hidden() -> None:
    for before in ("", "a", "ab"):
        assert is_in(SECRET, base64.b64encode(f"{before}{SECRET}.".encode()))
    assert is_in(SECRET, urlencode({"client_secret": SECRET}).encode())
    assert not is_in(SECRET, SECRET[:-1].encode())
    assert min(map(len, forms_of(SECRET))) > 20
