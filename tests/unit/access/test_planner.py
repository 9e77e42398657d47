"""What is marked and typed becomes a plan: whom to ask as, what everybody is asked, and what is left out."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tui.access.model import Row
from tui.access.planner import (
    PlanInputs,
    PlanOptions,
    RunChoice,
    propose,
    requests_of,
    selection_of,
    unsafe_endpoints,
)
from tui.access.reports.wording import who
from tui.access.requests import parse_request
from tui.access.rules import default_rules
from tui.access.selection import IdentitySelection
from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.airisk.endpoints.forms import EndpointForm
from tui.airisk.endpoints.model import Endpoint
from tui.airisk.endpoints.variables import Variables
from tui.airisk.identity import Identity
from tui.airisk.models import Draft, Exchange, Upload, User, UserList
from tui.config.origin import parse_origin
from tui.config.settings import Settings

ADA = Identity("user", "u-1", "Ada")
BEDA = Identity("user", "u-2", "Beda")
USERS = UserList(tuple(User(f"u-{number}", f"Person {number}", role="User") for number in range(1, 21)))
SETTINGS, RULES = Settings(parse_origin("http://127.0.0.1:1"), "client"), default_rules()
NAMED = {endpoint.title: endpoint for endpoint in ENDPOINTS}


def form(title: str, **values: str) -> EndpointForm:
    endpoint = NAMED[title]
    usual = {field.name: field.default for field in endpoint.fields}
    return EndpointForm(endpoint, usual | values)


def marking(*forms: EndpointForm, **more: object) -> PlanInputs:
    keys = frozenset(each.endpoint.key for each in forms)
    return PlanInputs(listing=USERS, forms=forms, endpoints=keys, **more)  # type: ignore[arg-type]


def rows_of(material: PlanInputs, **options: Any) -> list[Row]:
    return selection_of(material, PlanOptions(**options)).rows(material.listing)


def created(conversation: str) -> Exchange:
    body = f'{{"id": "{conversation}", "title": "t"}}'.encode()
    return Exchange(
        status=200,
        reason="OK",
        headers=(("Content-Type", "application/json"),),
        draft=Draft("POST", "/api/Chat/CreateConversation"),
        identity=ADA,
        body=body,
        seconds=0.1,
        at=datetime.now(UTC),
    )


def test_marked_users_come_once_with_their_names_behind_the_others():
    rows = rows_of(PlanInputs(listing=USERS, users=("u-3", "u-1", "u-3")), whom="marked")
    assert [row.id for row in rows] == ["application", "anonymous", "u-3", "u-1"]
    assert rows[2].name == "Person 3"


def test_a_sample_is_of_those_who_match_and_the_same_for_the_same_seed():
    material = PlanInputs(listing=USERS, words="person 1")
    drawn = [rows_of(material, whom="sample", sample=4, seed=7, others=()) for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 4
    assert all(row.name.startswith("Person 1") for row in drawn[0])


def test_what_one_identity_has_learnt_is_asked_by_everybody():
    known = Variables().learn(created("c-77"))
    asked, left = requests_of(marking(form("Get conversation"), known=known, active=ADA), PlanOptions(what="marked"))
    assert left == ()
    assert {asked[0].make(identity).target for identity in (ADA, BEDA)} == {"/api/Chat/GetConversation/c-77"}


def test_whoever_asks_is_named_by_their_own_id():
    asked, _ = requests_of(
        marking(form("Get conversation", conversationId="{{ user.id }}")), PlanOptions(what="marked")
    )
    assert [asked[0].make(identity).target.rpartition("/")[2] for identity in (ADA, BEDA)] == ["u-1", "u-2"]


def test_what_cannot_be_asked_is_left_out_with_the_reason():
    forms = [form("Get conversation", conversationId=""), form("Submit feedback"), form("Delete User")]
    asked, left = requests_of(marking(*forms), PlanOptions(what="marked"))
    assert asked == ()
    assert [each.reason.partition(":")[0] for each in left] == [
        "conversationId is required.",
        "may change data, and was not confirmed",
        "path unknown; open it and type its method and path",
    ]


def test_only_what_is_confirmed_by_its_own_name_may_change_things():
    given = marking(
        form("Submit feedback", conversationId="c-1", messageId="m-1", feedback="Like"),
        form("Create conversation", agentId="a-1"),
    )
    names = unsafe_endpoints(given, PlanOptions(what="marked"))
    assert names == ("POST /api/Chat/SubmitFeedback", "POST /api/Chat/CreateConversation")
    asked, left = requests_of(given, PlanOptions(what="marked", confirmed=frozenset(names[:1])))
    assert [each.column.name for each in asked] == [names[0]]
    assert [each.name for each in left] == [names[1]]


def test_every_safe_endpoint_leaves_out_what_changes_things_without_a_word():
    asked, left = requests_of(PlanInputs(listing=USERS, forms=tuple(form(title) for title in NAMED)), PlanOptions())
    assert {request.column.method for request in asked} == {"GET"}
    assert {each.name.partition(" ")[0] for each in left} <= {"GET"}


def test_files_go_along_with_what_sends_them():
    endpoint = NAMED["Add file to conversation"]
    upload = Upload("a.txt", "a.txt", b"content")
    given = marking(
        EndpointForm(endpoint, {"conversationId": "c-1", "file": "a.txt"}), uploads={endpoint.key: {"file": upload}}
    )
    asked, _ = requests_of(given, PlanOptions(what="marked", confirmed=frozenset([endpoint.key])))
    assert asked[0].make(ADA).files == (upload,)


def chosen(*names: str, values: dict[str, str] | None = None, **whom: Any) -> Path:
    """Where a run is that is chosen as on the command line."""
    asked = tuple(parse_request(name, ENDPOINTS, values or {}) for name in names)
    return RunChoice(settings=SETTINGS, rules=RULES, whom=IdentitySelection(**whom), requests=asked).path


def marked(material: PlanInputs, **options: Any) -> Path:
    """Where a run is that is chosen as on the screen."""
    wanted = PlanOptions(what="marked", **options)
    asked, _ = requests_of(material, wanted)
    return RunChoice(settings=SETTINGS, rules=RULES, whom=selection_of(material, wanted), requests=asked).path


def test_the_same_choice_is_the_same_run_on_the_screen_and_on_the_command_line():
    get, create = "GET /api/Chat/GetConversation/{conversationId}", "POST /api/Chat/CreateConversation"
    forms = form("List agents"), form("Create conversation", agentId="a-1"), form("Get conversation")
    known = Variables().learn(created("c-77"))
    on_screen = marked(
        marking(*forms, users=("u-1", "u-2"), known=known, active=ADA), whom="marked", confirmed=frozenset([create])
    )
    values = {"conversationId": "c-77", "agentId": "a-1", "metadata": "[]"}
    ids = ("u-2", "u-1", "anonymous", "application")
    assert chosen(create, get, "GET /api/Chat/ListAgents", values=values, ids=ids) == on_screen

    agents = marking(form("List agents"), active=ADA)
    listed = "GET /api/Chat/ListAgents"
    assert marked(agents, whom="acting", others=()) == chosen(listed, ids=("u-1",))
    assert marked(agents, whom="all", others=("application",)) == chosen(listed, ids=("application",), is_all=True)
    assert marked(agents, whom="sample", sample=5, seed=7, others=()) == chosen(listed, sample=5, seed=9)
    assert marked(agents, whom="role", role="Admin", others=()) == chosen(listed, roles=("ADMIN",), is_all=True)
    found = replace(agents, words="risk")
    assert marked(found, whom="role", role="User", others=()) == chosen(listed, words="risk", roles=("User", "user"))
    assert marked(found, whom="all", others=()) == chosen(listed, words="risk", is_all=True)


def test_another_choice_is_another_run():
    agents, talks = "GET /api/Chat/ListAgents", "GET /api/Chat/GetConversations"
    different = [
        chosen(agents, ids=("u-1", "u-2")),
        chosen(agents, ids=("u-1", "u-2", "application")),
        chosen(agents, users=("u-1", "u-2", "application")),
        chosen(agents, is_all=True),
        chosen(agents, words="risk"),
        chosen(agents, roles=("risk",)),
        chosen(agents, roles=("risk", "User")),
        chosen(agents, words="risk", roles=("User",)),
        chosen(agents, sample=3, roles=("User",)),
        chosen(agents, sample=3),
        chosen(agents, sample=3, seed=4, is_seed_given=True),
        chosen(agents, is_all=True, shard=(1, 2)),
        chosen(agents, is_all=True, shard=(2, 2)),
        chosen(agents, is_all=True, shard=(2, 2), compared_with="u-1"),
        chosen(talks, ids=("u-1", "u-2")),
        chosen(talks, ids=("u-1", "u-2"), values={"results": "5"}),
        chosen(talks, ids=("u-1", "u-2"), values={"agentid": "{{user.id}}"}),
        chosen(agents, talks, ids=("u-1", "u-2")),
    ]
    assert len(set(different)) == len(different)
    assert chosen(agents, ids=("u-1",), compared_with="u-2") == different[0]


def test_another_client_and_other_objects_make_another_run():
    asked = (parse_request("GET /api/Chat/ListAgents", ENDPOINTS, {}),)
    choice = RunChoice(settings=SETTINGS, rules=RULES, whom=IdentitySelection(ids=("u-1",)), requests=asked)
    others = [replace(choice, settings=replace(SETTINGS, client_id="another")), replace(choice, objects=("agent",))]
    assert len({each.path for each in (choice, *others)}) == 3


def test_a_run_says_of_which_role_its_users_are_and_its_file_takes_any_name():
    half = "half \udc9b"
    listing = UserList([User("u-1", "Ada", role=half), User("u-2", "Beda", role="User")])
    inputs = PlanInputs(listing=listing, forms=(form("List agents"),), roles=((half, 1),))
    proposal = propose(inputs, PlanOptions(whom="role", role=half, others=()), RULES, SETTINGS)
    assert [row.id for row in proposal.plan.rows] == ["u-1"]
    assert proposal.parameters.roles == ("half \\udc9b",)
    file, head = proposal.start(SETTINGS, goes_on=False)
    file.close()
    assert head.parameters == proposal.parameters


def test_another_file_to_send_is_another_run():
    endpoint = NAMED["Add file to conversation"]

    def path(content: bytes) -> Path:
        upload = Upload("a.txt", "a.txt", content)
        typed = EndpointForm(endpoint, {"conversationId": "c-1", "file": "a.txt"})
        return marked(
            marking(typed, users=("u-1",), uploads={endpoint.key: {"file": upload}}),
            whom="marked",
            confirmed=frozenset([endpoint.key]),
        )

    assert path(b"content") == path(b"content") != path(b"other")


def test_an_endpoint_that_is_unknown_but_by_name_is_not_among_the_safe_ones():
    material = PlanInputs(forms=(EndpointForm(Endpoint("Delete User", "Administration"), {}),))
    assert requests_of(material, PlanOptions()) == ((), ())


def test_marked_users_whose_ids_are_words_for_others_stay_users():
    given = marking(form("List agents"), users=("application", "anonymous"))
    rows = rows_of(given, whom="marked")
    assert [row.key for row in rows] == [
        ("application", "application"),
        ("anonymous", "anonymous"),
        ("user", "application"),
        ("user", "anonymous"),
    ]
    assert [who(row) for row in rows] == ["application", "anonymous", "user application", "user anonymous"]
