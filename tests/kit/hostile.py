"""A deployment, and files beside the program, that have one text wherever text can come from outside."""

import json
from dataclasses import dataclass, field
from functools import cached_property

from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.faults import Fault, answers_json, sends
from tests.kit.deployment.foreign import AUTHORIZE_PATH, ForeignAIRisk
from tests.kit.deployment.peer import Peer
from tests.kit.deployment.shapes import ListStyle, Person
from tests.kit.shell import Place

AGENTS_PATH = "/api/Chat/ListAgents"
DESCRIPTION_PATH = "/swagger/v1/swagger.json"
_LONG = 600
"""Characters, where more would not be taken: ids in an address, names of files, lines of a header."""


@dataclass
class Hostile:
    """Someone whose every word is `text`: it is served, and written where the program finds it."""

    text: str
    short: str = field(init=False)

    def __post_init__(self) -> None:
        self.short = self.text[:_LONG]

    @cached_property
    def sendable(self) -> str:
        """The same as far as it can be written down: in UTF-8, and without NUL."""
        return self.short.encode(errors="replace").decode().replace("\0", "")

    @property
    def typed(self) -> str:
        """The same, pasted into a terminal."""
        return f"\x1b[200~{self.sendable}\x1b[201~"

    def served(self) -> ForeignAIRisk:
        """A deployment that says it everywhere."""
        people = (
            Person(f"u-1{self.sendable}", self.text, role=self.short, groups=(self.short, "x")),
            Person("u-2", "Grace", "Hopper", groups=(self.short,)),
            Person("u-3", "Eve"),
        )
        style = ListStyle(other_fields={self.short: self.short})
        dialect = Dialect(people=people, list_style=style, forbidden_users=frozenset({"u-3"}))
        faults = {
            AGENTS_PATH: self._agents(),
            DESCRIPTION_PATH: answers_json(json.dumps(self._description()).encode()),
            "/api/refused": self._refused(),
        }
        return ForeignAIRisk(dialect, faults=faults)

    def write_beside(self, place: Place) -> None:
        """Files in the person's directories, named so and full of it."""
        place.tell(AIRISK_LABEL=self.sendable, AIRISK_REQUIRE_REASON="true")
        settings = place.home / ".config" / "airisk-tui"
        settings.mkdir(parents=True)
        (settings / "other.env").write_text(f"AIRISK_URL=http://{self._line}\nCLIENT_ID={self._line}\n")
        (settings / "keys.toml").write_text(f'{self._escaped} = "x"\nquit = {self._escaped}\n')
        name = self.sendable.replace("/", "")[:60]
        (place.cwd / f"policy-{name}.yaml").write_text(self._policy())

    def refuses_to_sign_in(self, server: ForeignAIRisk) -> None:
        """Nobody gets a code any more, and hears why."""
        server.breaks(AUTHORIZE_PATH, self._refused())

    @property
    def _line(self) -> str:
        """Of a settings file, in which it is one line."""
        return json.dumps(self.sendable)

    @property
    def _bytes(self) -> bytes:
        """Of a head of HTTP, in which lines end."""
        return self.sendable.encode().translate(None, b"\r\n\v\f")

    def _agents(self) -> Fault:
        """What each user is told differs a little, as comparing needs it."""

        def act(peer: Peer) -> None:
            said = {"id": self.short, "name": f"{peer.request.identity}{self.text}", self.short: [{self.short: 1}]}
            peer.send(self._head(b"200", b"application/json", json.dumps([said]).encode()))
            peer.is_reusable = False

        return Fault(act)

    def _refused(self) -> Fault:
        return sends(self._head(b"403", b"text/plain; charset=utf-8", self.sendable.encode()))

    def _head(self, status: bytes, kind: bytes, body: bytes) -> bytes:
        lines = (b"HTTP/1.1 %s %s" % (status, self._bytes), b"X-Text: %s" % self._bytes, b"Content-Type: %s" % kind)
        return b"\r\n".join((*lines, b"Content-Length: %d" % len(body), b"", body))

    @property
    def _escaped(self) -> str:
        """Of a file in YAML or TOML."""
        return '"' + "".join(f"\\U{ord(character):08X}" for character in self.sendable) + '"'

    def _policy(self) -> str:
        rule = f'{{name: {self._escaped}, deny: "*", roles: [{self._escaped}, "*"]}}'
        return f"version: 1\ndefault: allow\nrules:\n  - {rule}\n"

    def _description(self) -> dict[str, object]:
        short = self.sendable  # half a character makes a document none
        named = {"name": short, "in": "query", "description": short, "schema": {"type": "string"}}
        chosen = {"name": "chosen", "in": "query", "schema": {"type": "string", "enum": [short, "b"], "default": short}}
        fields = {short: {"type": "string", "description": short, "example": short}}
        file = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
        said = {"tags": [short], "summary": f"Odd {short}", "description": short}
        odd = {
            "post": {
                **said,
                "parameters": [named, chosen],
                "requestBody": _json({"properties": fields, "required": [short]}),
            }
        }
        refused = {"get": {**said, "summary": f"Refused {short}"}}
        files = {"content": {"multipart/form-data": {"schema": file}}}
        upload = {"post": {**said, "summary": f"Upload {short}", "requestBody": files}}
        paths = {"/api/odd": odd, "/api/refused": refused, "/api/upload": upload}
        return {"openapi": "3.0.3", "info": {"title": short, "version": short}, "paths": paths}


def _json(schema: dict[str, object]) -> dict[str, object]:
    return {"required": True, "content": {"application/json": {"schema": {"type": "object", **schema}}}}
