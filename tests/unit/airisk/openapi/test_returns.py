"""What an operation returns is what its request accepts, and anything else rather than nothing."""

import pytest

from tests.unit.airisk.openapi.writing import only
from tui.airisk.models import Headers


@pytest.mark.parametrize(
    ("returns", "accept"),
    [
        (["text/csv; header=present", "application/pdf"], (("Accept", "text/csv, application/pdf, */*;q=0.1"),)),
        (["application/xml", "application/problem+json"], ()),
        (["application/json", "text/event-stream"], (("Accept", "text/event-stream, */*;q=0.1"),)),
        (["not a type", "a/b\r\nX: y"], ()),
    ],
)
@pytest.mark.parametrize("is_swagger", [False, True])
def test_a_request_accepts_what_is_returned(returns: list[str], accept: Headers, is_swagger: bool) -> None:
    told: dict[str, object] = {"produces": returns, "responses": {}}
    if not is_swagger:
        told = {"responses": {"400": {"content": {"a/b": {}}}, "200": {"content": {each: {} for each in returns}}}}
    version = "2.0" if is_swagger else "3.0.3"
    assert only({"/x": {"get": told}}, version=version).draft({}).headers == accept
