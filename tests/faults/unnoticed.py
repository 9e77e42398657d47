"""Of what a server can do: what is no fault, what is sent once because of it, and what is too much."""

from tests.faults.network import FAULTS

UNNOTICED = (
    "charset_unknown",
    "charset_not_text",
    "charset_raising",
    "charset_idna",
    "charset_with_nul",
    "utf16_body",
    "bom_body",
    "invalid_utf8",
    "lone_surrogate",
    "drops_after_answer",
    "drops_second_request",
)
"""Behaviours that a person does not notice: somebody is listed, and no word is said."""

NOBODY_THERE = {
    "sets_cookies": "200 OK {facts}",
    "no_content_with_body": "204 No Content {facts}",
    "no_content_with_body_and_more_to_come": "204 No Content {facts}",
}
"""Behaviours that list nobody, which is no fault, and the answer then read."""

_LARGE = {"gzip bomb", "endless body", "endless chunks", "promised terabyte", "endless headers", "a header of 1 MB"}
TOO_MUCH = tuple(each for each in FAULTS if each.name in _LARGE)

SENT_ONCE = (
    "closes_before_answer",
    "resets_before_answer",
    "resets_mid_body",
    "short_body",
    "short_chunks",
    "garbage_status_line",
    "drops_second_request",
)
"""Behaviours after which nobody knows whether what was asked was done."""
