"""Texts about an exchange: status, identity, duration, and whose permissions apply."""

from __future__ import annotations

import http
from collections.abc import Mapping
from typing import Any

from textual.content import Content

from tui.airisk.http import response
from tui.airisk.identity import Identity
from tui.airisk.lenient_json import InvalidJSONError, read_json
from tui.airisk.models import Draft, Exchange
from tui.airisk.responses.agent_reply import AgentReply
from tui.airisk.responses.status_notes import permission_note, redirect_note
from tui.format import duration, plural, size
from tui.key_labels import format_keys
from tui.text import clean

_STYLES = {2: "$text-success", 3: "$text-primary", 4: "$text-warning", 5: "$text-error"}
_LONGEST_PROBLEM = 64 * 1024
"""Maximum bytes of a problem object; a longer one is only shown as a body."""


def exchange_words(exchange: Exchange) -> Content:
    """Return a line about an exchange, and below it the server's problem and notes on permissions."""
    return Content("\n").join([exchange_line(exchange), *_notes(exchange)])


def response_words(exchange: Exchange) -> Content:
    """Return the same with the request as the second line, so that the text is as high as while waiting."""
    draft = exchange.draft
    request = Content.styled(f"{draft.method} {clean(draft.shown_target, limit=300)}", "$foreground-muted")
    return Content("\n").join([exchange_line(exchange), request, *_notes(exchange)])


def _notes(exchange: Exchange) -> list[Content]:
    broken = f"Response incomplete: {exchange.broken}" if exchange.broken else ""
    notes = (
        broken,
        permissions_words(exchange),
        redirect_note(exchange),
        busy_words(exchange),
        *problem_words(exchange),
    )
    return [Content.styled(clean(note, limit=300), "$text-warning") for note in notes if note]


def exchange_line(exchange: Exchange) -> Content:
    """Return a line such as `200 OK · as Grace Hopper · u-7 · 84 ms · 12.4 kB`."""
    facts = [f"as {clean(str(exchange.identity), limit=60)}", duration(exchange.seconds), size(len(exchange.body))]
    facts += [clean(exchange.content_type, limit=40)] if exchange.content_type not in {"", "application/json"} else []
    facts += ["token renewed, resent"] if exchange.is_replayed else []
    return Content.assemble(
        (status_line(exchange), f"bold {status_style(exchange.status)}".strip()), " · ", " · ".join(facts)
    )


def status_line(exchange: Exchange) -> str:
    """Return the status in words, such as `200 OK`."""
    return f"{exchange.status} {clean(exchange.reason or status_words(exchange.status), limit=40)}".strip()


def streaming_words(draft: Draft, identity: Identity, reply: AgentReply) -> Content:
    """Return a line about a request whose response is streaming, and below it the progress."""
    request = Content.assemble((f"… {draft.method} ", "bold"), clean(draft.shown_target))
    doing = f"{reply.state}: {clean(reply.words, limit=120)}" if reply.words not in {"", reply.state} else reply.state
    events = plural(reply.count, "event")
    return request + Content(f"\nas {clean(str(identity))} · {doing} · {events}") + format_keys(" · {cancel|Esc} stops")


def timing_words(exchange: Exchange) -> str:
    """Return the timing, such as `connected in 2 ms · first byte after 80 ms · all after 84 ms`."""
    timing = exchange.timing
    if timing is None:
        return ""
    connected = f"connected in {duration(timing.connect)}" if timing.connect else "reused connection"
    return f"{connected} · first byte after {duration(timing.first_byte)} · complete after {duration(timing.total)}"


def status_style(status: int) -> str:
    """Return the style of a status code."""
    return _STYLES.get(status // 100, "")


def status_words(status: int) -> str:
    """Return the standard phrase of a status code, or an empty string."""
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return ""


def permissions_words(exchange: Exchange) -> str:
    """Return whose permissions a 401 or 403 reflects; empty for other statuses."""
    return permission_note(exchange.status, exchange.identity, how_to_act="Act as a user to call other endpoints.")


def busy_words(exchange: Exchange) -> str:
    """Return when AIRisk asks to retry after a 429 or 503; empty if it does not."""
    return response.describe_retry_after(exchange.header("retry-after")) if exchange.status in {429, 503} else ""


def problem_words(exchange: Exchange) -> tuple[str, ...]:
    """Return title with detail, field errors and trace id of a problem object (RFC 9457); missing parts are empty."""
    problem = _problem(exchange)
    title, detail, trace = (problem.get(name) for name in ("title", "detail", "traceId"))
    said = ": ".join(str(part) for part in (title, detail) if isinstance(part, str) and part)
    if said.casefold() in {exchange.reason.casefold(), status_words(exchange.status).casefold()}:
        said = ""
    errors = problem.get("errors")
    fields = [f"{name}: {_first(words)}" for name, words in errors.items()] if isinstance(errors, dict) else []
    return (said, *fields[:4], f"traceId {trace}" if isinstance(trace, str) and trace else "")


def trace_of(exchange: Exchange) -> str:
    """Return the `traceId` of a problem object, or an empty string."""
    trace = _problem(exchange).get("traceId")
    return trace if isinstance(trace, str) else ""


def _problem(exchange: Exchange) -> Mapping[str, Any]:
    if exchange.content_type != "application/problem+json" or len(exchange.body) > _LONGEST_PROBLEM:
        return {}
    try:
        problem = read_json(exchange.body)
    except InvalidJSONError:
        return {}
    return problem if isinstance(problem, dict) else {}


def _first(words: object) -> object:
    return words[0] if isinstance(words, list) and words else words
