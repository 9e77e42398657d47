"""What is marked and typed becomes a plan: whom to ask as, what everybody is asked, and what is left out."""

from datetime import UTC, datetime

from tui.access.proposing import Material, Wishes, key_of, questions_of, rows_of, unsafe_among
from tui.access.reports.words import who
from tui.access.rules import default_rules
from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.airisk.endpoints.forms import EndpointForm
from tui.airisk.endpoints.model import Endpoint
from tui.airisk.endpoints.variables import Variables
from tui.airisk.models import Draft, Exchange, Identity, Upload, User, UserList
from tui.config.origin import parse_origin
from tui.config.settings import Settings

ADA = Identity("user", "u-1", "Ada")
BEDA = Identity("user", "u-2", "Beda")
USERS = UserList(tuple(User(f"u-{number}", f"Person {number}", role="User") for number in range(1, 21)))
NAMED = {endpoint.title: endpoint for endpoint in ENDPOINTS}


def form(title: str, **values: str) -> EndpointForm:
    endpoint = NAMED[title]
    usual = {field.name: field.default for field in endpoint.fields}
    return EndpointForm(endpoint, usual | values)


def marking(*forms: EndpointForm, **more: object) -> Material:
    keys = frozenset(each.endpoint.key for each in forms)
    return Material(listing=USERS, forms=forms, endpoints=keys, **more)  # type: ignore[arg-type]


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
    rows = rows_of(Material(listing=USERS, users=("u-3", "u-1", "u-3")), Wishes(whom="marked"))
    assert [row.id for row in rows] == ["generic", "anonymous", "u-3", "u-1"]
    assert rows[2].name == "Person 3"


def test_a_sample_is_of_those_who_match_and_the_same_for_the_same_seed():
    material = Material(listing=USERS, words="person 1")
    drawn = [rows_of(material, Wishes(whom="sample", sample=4, seed=7, others=())) for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 4
    assert all(row.name.startswith("Person 1") for row in drawn[0])


def test_what_one_identity_has_learnt_is_asked_by_everybody():
    known = Variables().learn(created("c-77"))
    asked, left = questions_of(marking(form("Get conversation"), known=known, active=ADA), Wishes(what="marked"))
    assert left == ()
    assert {asked[0].make(identity).target for identity in (ADA, BEDA)} == {"/api/Chat/GetConversation/c-77"}


def test_whoever_asks_is_named_by_their_own_id():
    asked, _ = questions_of(marking(form("Get conversation", conversationId="{{ user.id }}")), Wishes(what="marked"))
    assert [asked[0].make(identity).target.rpartition("/")[2] for identity in (ADA, BEDA)] == ["u-1", "u-2"]


def test_what_cannot_be_asked_is_left_out_with_the_reason():
    forms = [form("Get conversation", conversationId=""), form("Submit feedback"), form("Delete User")]
    asked, left = questions_of(marking(*forms), Wishes(what="marked"))
    assert asked == ()
    assert [each.why.partition(":")[0] for each in left] == [
        "conversationId is required.",
        "it may change things, and was not confirmed",
        "only its name is known",
    ]


def test_only_what_is_confirmed_by_its_own_name_may_change_things():
    given = marking(
        form("Submit feedback", conversationId="c-1", messageId="m-1", feedback="Like"),
        form("Create conversation", agentId="a-1"),
    )
    names = unsafe_among(given, Wishes(what="marked"))
    assert names == ("POST /api/Chat/SubmitFeedback", "POST /api/Chat/CreateConversation")
    asked, left = questions_of(given, Wishes(what="marked", confirmed=frozenset(names[:1])))
    assert [each.column.name for each in asked] == [names[0]]
    assert [each.name for each in left] == [names[1]]


def test_every_safe_endpoint_leaves_out_what_changes_things_without_a_word():
    asked, left = questions_of(Material(listing=USERS, forms=tuple(form(title) for title in NAMED)), Wishes())
    assert {question.column.method for question in asked} == {"GET"}
    assert {each.name.partition(" ")[0] for each in left} <= {"GET"}


def test_files_go_along_with_what_sends_them():
    endpoint = NAMED["Add file to conversation"]
    upload = Upload("a.txt", "a.txt", b"content")
    given = marking(
        EndpointForm(endpoint, {"conversationId": "c-1", "file": "a.txt"}), uploads={endpoint.key: {"file": upload}}
    )
    asked, _ = questions_of(given, Wishes(what="marked", confirmed=frozenset([endpoint.key])))
    assert asked[0].make(ADA).files == (upload,)


def test_the_same_question_has_the_same_key_and_another_one_another():
    settings, rules = Settings(parse_origin("http://127.0.0.1:1"), "client"), default_rules()

    def key(material: Material, **wishes: object) -> str:
        wanted = Wishes(what="marked", **wishes)  # type: ignore[arg-type]
        return key_of(material, wanted, rules, settings, questions_of(material, wanted)[0])

    agents = marking(form("List agents"), users=("u-1", "u-2"))
    turned = marking(form("List agents"), users=("u-2", "u-1"))
    assert key(agents, whom="marked") == key(turned, whom="marked")
    others = [
        key(agents, whom="all"),
        key(agents, whom="sample", sample=3),
        key(agents, whom="marked", others=()),
        key(marking(form("List users"), users=("u-1", "u-2")), whom="marked"),
        key(marking(form("List conversations", results="5"), users=("u-1", "u-2")), whom="marked"),
        key(marking(form("List conversations", results="6"), users=("u-1", "u-2")), whom="marked"),
    ]
    assert len({key(agents, whom="marked"), *others}) == len(others) + 1


def test_an_endpoint_that_is_unknown_but_by_name_is_not_among_the_safe_ones():
    material = Material(forms=(EndpointForm(Endpoint("Delete User", "Administration"), {}),))
    assert questions_of(material, Wishes()) == ((), ())


def test_marked_users_whose_ids_are_words_for_others_stay_users():
    given = marking(form("List agents"), users=("generic", "anonymous"))
    rows = rows_of(given, Wishes(whom="marked"))
    assert [row.key for row in rows] == [
        ("generic", "generic"),
        ("anonymous", "anonymous"),
        ("user", "generic"),
        ("user", "anonymous"),
    ]
    assert [who(row) for row in rows] == ["generic", "anonymous", "user generic", "user anonymous"]
