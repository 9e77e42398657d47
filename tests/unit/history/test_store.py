"""What was asked is found again: tomorrow, by other words, in another window; and no secret is ever in it."""

import os
import stat
from datetime import UTC, datetime

import pytest

from tests.kit.remembering import AIRISK, EDWARD, ELSEWHERE, GRACE, bytes_on_disk, exchange
from tui.airisk.identity import ANONYMOUS, APPLICATION, Identity
from tui.airisk.models import Upload
from tui.config.paths import history_file
from tui.config.settings import OWN_HEADERS
from tui.errors import HistoryError
from tui.history.store import History

CANARY = "canary-7f3a91"


@pytest.fixture
def path(tmp_path):
    """Where the history will be."""
    return tmp_path / "state" / "history.sqlite3"


async def paths(history, text="", deployment=AIRISK, **options):
    return [past.draft.path for past in await history.search(text, deployment, **{"limit": 100} | options)]


async def test_what_was_asked_is_there_after_a_restart_as_it_was(path):
    asked = exchange(
        "/api/Chat/GetConversations",
        draft_query=(("results", "20"), ("metadatasearch", "a=b&c é")),
        draft_headers=(("Accept", "text/event-stream"),),
        status=404,
        reason="Not Found",
    )
    async with History(path) as history:
        await history.add(asked, AIRISK)
    async with History(path) as history:
        [past] = await history.search("", AIRISK, limit=10)
        assert await history.draft(past) == past.draft == asked.draft
    assert (past.identity, past.identity.subject_check) == (GRACE, GRACE.subject_check)
    assert (past.status, past.reason, past.seconds, past.size) == (404, "Not Found", 0.084, len(asked.body))
    assert past.at == datetime(2025, 3, 31, 13, 12, 17, 123000, UTC)
    assert (past.left_out, past.has_content) == ((), False)


async def test_who_only_looks_at_a_user_leaves_no_file(path):
    async with History(path) as history:
        assert await history.sent_as(GRACE.id, AIRISK) == (0, None)
        assert not path.exists()
        await history.add(exchange("/api/one", identity=GRACE), AIRISK)
        assert (await history.sent_as(GRACE.id, AIRISK))[0] == 1


async def test_the_newest_is_first_and_pages_stay_what_they_are_while_more_is_added(path):
    async with History(path) as history:
        for number in range(7):
            await history.add(exchange(f"/api/{number}"), AIRISK)
        first = await history.search("", AIRISK, limit=3)
        await history.add(exchange("/api/late"), AIRISK)
        upto = first[0].number
        assert [past.draft.path for past in first] == ["/api/6", "/api/5", "/api/4"]
        assert await paths(history, limit=3, offset=3, upto=upto) == ["/api/3", "/api/2", "/api/1"]
        assert (await history.count("", AIRISK, upto=upto), await history.count("", AIRISK)) == (7, 8)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("GRACE", ["/api/Users/Me", "/api/Chat/ListAgents"]),
        ("hopper agents", ["/api/Chat/ListAgents"]),
        ("u-000431", ["/api/Documents"]),
        ("post", ["/api/Documents"]),
        ("403", ["/api/Users/Me"]),
        ("angstrom", ["/api/Sky"]),
        ("results=20", ["/api/Chat/ListAgents"]),
        ("application", ["/api/ListUsers"]),
        ("%", []),
        ("' OR 1=1 --", []),
        ("\ud800", []),
    ],
)
async def test_every_word_typed_must_occur_in_path_method_status_name_or_id(path, text, found):
    async with History(path) as history:
        await history.add(exchange("/api/ListUsers", identity=APPLICATION), AIRISK)
        await history.add(exchange("/api/Chat/ListAgents", draft_query=(("results", "20"),)), AIRISK)
        await history.add(exchange("/api/Documents", identity=EDWARD, draft_method="POST"), AIRISK)
        await history.add(exchange("/api/Sky", identity=Identity("user", "u-9", "Ångström")), AIRISK)
        await history.add(exchange("/api/Users/Me", status=403), AIRISK)
        assert await paths(history, text) == found
        assert await history.count(text, AIRISK) == len(found)


async def test_each_deployment_has_its_own_entries_and_the_oldest_go(path):
    async with History(path, most=5) as history:
        await history.add(exchange("/api/elsewhere"), ELSEWHERE)
        for number in range(12):
            await history.add(exchange(f"/api/{number}"), AIRISK)
        assert await paths(history) == [f"/api/{number}" for number in (11, 10, 9, 8, 7)]
        assert await paths(history, deployment=ELSEWHERE) == ["/api/elsewhere"]


async def test_clearing_forgets_one_deployment_and_leaves_nothing_of_it_on_the_disk(path):
    async with History(path, keep_bodies=True) as history:
        for number in range(50):
            asked = exchange(f"/api/{CANARY}/{number}", draft_method="POST", draft_body=CANARY.encode() * 100)
            await history.add(asked, AIRISK)
        await history.add(exchange("/api/kept"), ELSEWHERE)
        assert CANARY.encode() in bytes_on_disk(path)
        assert await history.clear(AIRISK) == 50
        assert CANARY.encode() not in bytes_on_disk(path)
        assert (await history.count("", AIRISK), await history.clear(AIRISK)) == (0, 0)
        assert await paths(history, deployment=ELSEWHERE) == ["/api/kept"]


async def test_clearing_what_never_was_makes_no_file(path):
    async with History(path) as history:
        assert await history.clear(AIRISK) == 0
    assert not path.parent.exists()


WITH_CONTENT = {
    "a body": {"draft_body": CANARY.encode()},
    "a file": {"draft_files": (Upload("report.pdf", "report.pdf", CANARY.encode()),)},
}


@pytest.mark.parametrize("content", WITH_CONTENT.values(), ids=WITH_CONTENT)
async def test_a_body_is_kept_only_if_wished(path, content):
    asked = exchange("/api/Chat/Ask", draft_method="POST", **content)
    async with History(path) as history:
        await history.add(asked, AIRISK)
        [past] = await history.search("", AIRISK, limit=1)
        assert CANARY.encode() not in bytes_on_disk(path)
        assert (past.left_out, past.has_content) == (("body",), False)
    async with History(path, keep_bodies=True) as history:
        await history.add(asked, AIRISK)
        [past] = await history.search("", AIRISK, limit=1)
        assert (past.left_out, past.has_content) == ((), True)
        assert await history.draft(past) == asked.draft
        assert CANARY.encode() in bytes_on_disk(path)


async def test_what_came_back_is_never_kept(path):
    async with History(path, keep_bodies=True) as history:
        told = (("X-Told", CANARY), ("Set-Cookie", CANARY))
        await history.add(exchange(body=CANARY.encode(), headers=told), AIRISK)
    assert CANARY.encode() not in bytes_on_disk(path)


SECRETS = {
    **{f"header {name}": {"draft_headers": ((name, CANARY),)} for name in ("Authorization", "cookie", "X-Api-Key")},
    "header Proxy-Authorization": {"draft_headers": (("Proxy-Authorization", CANARY),)},
    "header X-Auth": {"draft_headers": (("X-Auth", CANARY),)},
    **{
        f"header {name}": {"draft_headers": ((name, CANARY),)}
        for name in ("Ocp-Apim-Subscription-Key", "X-Functions-Key", "X-Signature", "X-Session", "X-CSRF", "X-Pin")
    },
    "a parameter that is described as a password": {
        "draft_query": (("word", CANARY),),
        "draft_secrets": frozenset({"word"}),
    },
    "a member of a body that is": {
        "draft_body": f'{{"word": "{CANARY}"}}'.encode(),
        "draft_secrets": frozenset({"word"}),
    },
    "a step of the path": {"draft_path": f"/api/x/{CANARY}", "draft_hidden_path": "/api/x/••••"},
    "a value of a form with files": {"draft_files": (Upload("password", "", CANARY.encode()),)},
    "query": {"draft_query": (("results", "20"), ("access_token", CANARY))},
    "query in the path": {"draft_path": f"/api/Chat?results=20&client%5Fsecret={CANARY}"},
    "a JSON body": {"draft_body": f'{{"id": 1, "client_secret" : "{CANARY}"}}'.encode()},
    "a form": {"draft_body": f"id=1&password={CANARY}".encode()},
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
async def test_no_secret_is_kept_and_the_entry_tells_what_it_lacks(path, secret):
    async with History(path, keep_bodies=True) as history:
        await history.add(exchange(**secret), AIRISK)
        [past] = await history.search("", AIRISK, limit=1)
    assert CANARY.encode() not in bytes_on_disk(path)
    assert len(past.left_out) == 1


@pytest.mark.parametrize("name", sorted(name for name in OWN_HEADERS if "auth" in name or "cookie" in name))
async def test_a_header_that_only_the_program_may_set_is_not_kept_either(path, name):
    async with History(path) as history:
        await history.add(exchange(draft_headers=((name, CANARY), ("Accept", "text/plain"))), AIRISK)
        [past] = await history.search("", AIRISK, limit=1)
    assert (past.draft.headers, past.left_out) == ((("Accept", "text/plain"),), (f"the header {name}",))


async def test_what_only_sounds_like_a_secret_is_kept(path):
    asked = exchange(
        draft_query=(("author", "Lovelace"), ("maxTokens", "200"), ("postcode", "1015")),
        draft_body=b'{"question": "What is our password policy? Is a token a secret?"}',
    )
    async with History(path, keep_bodies=True) as history:
        await history.add(asked, AIRISK)
        [past] = await history.search("", AIRISK, limit=1)
        assert await history.draft(past) == asked.draft


async def test_nothing_endless_is_kept(path):
    endless = "x" * 1_000_000
    asked = exchange(
        f"/api/{endless}",
        identity=Identity("user", endless, endless),
        reason=endless,
        draft_query=(("q", endless),),
        draft_headers=(("X-Long", endless),),
        draft_body=endless.encode(),
    )
    async with History(path, keep_bodies=True) as history:
        await history.add(asked, AIRISK)
        [past] = await history.search("", AIRISK, limit=1)
    assert len(past.left_out) == 5
    assert len(bytes_on_disk(path)) < 100_000


HOSTILE = ["[@click=app.quit]\x1b]52;c;b3Vj\x07\x00\u202e", "half \ud800 a character", "'; DROP TABLE exchanges; --"]


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_text_is_kept_as_it_came_as_far_as_it_is_text(path, name):
    async with History(path) as history:
        await history.add(exchange(identity=Identity("user", "u-1", name), reason=name), AIRISK)
        [past] = await history.search("u-1", AIRISK, limit=1)
    assert past.identity.name == past.reason == name.replace("\ud800", "\\ud800")


async def test_an_anonymous_request_is_remembered_as_nobodys(path):
    async with History(path) as history:
        await history.add(exchange(identity=ANONYMOUS), AIRISK)
        [past] = await history.search("anonymous", AIRISK, limit=1)
    assert past.identity == ANONYMOUS


async def test_nobody_else_can_read_it_not_even_where_the_umask_is_careless(path):
    before = os.umask(0)
    try:
        path.parent.mkdir()
        path.touch()
        async with History(path) as history:
            await history.add(exchange(), AIRISK)
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert len(modes) == 3
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_after_closing_it_says_so(path):
    history = History(path)
    await history.close()
    await history.close()
    with pytest.raises(HistoryError, match="closed"):
        await history.add(exchange(), AIRISK)


def test_it_is_kept_where_the_platform_says(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert history_file() == tmp_path / "airisk-tui" / "history.sqlite3"
