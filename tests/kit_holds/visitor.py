"""A plain client, with nothing of the program in it, for trying the servers themselves."""

import json
import socket
import ssl
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.kit.deployment.foreign import AUTHORIZE_PATH, TOKEN_PATH, ForeignAIRisk
from tests.kit.deployment.listener import HOST, LoopbackServer
from tests.kit.deployment.sign_in import FORM, JSON
from tests.kit.patience import PATIENCE

REDIRECT_URI = "https://localhost/callback"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def redirected(self) -> dict[str, list[str]]:
        """The parameters of the Location."""
        return parse_qs(urlsplit(self.headers["location"]).query)


def ask(server: LoopbackServer, method: str, target: str, body: bytes | None = None, **headers: str) -> Answer:
    """One request on a connection of its own."""
    connection = HTTPConnection(HOST, server.port, timeout=PATIENCE)
    try:
        connection.request(method, target, body, {name.replace("_", "-"): headers[name] for name in headers})
        response = connection.getresponse()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
    finally:
        connection.close()


def get(server: LoopbackServer, target: str, token: str | None = None) -> Answer:
    return ask(server, "GET", target, None, **bearing(token))


def bearing(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def authorize(server: ForeignAIRisk, userid: str | None = None, token: str | None = None, **others: str) -> Answer:
    """Step 1, with nothing more than the first documented page wants."""
    fields = {"client_id": server.client_id, "redirect_uri": REDIRECT_URI} | others
    if userid is not None:
        fields["userid"] = userid
    return get(server, f"{AUTHORIZE_PATH}?{urlencode(fields)}", token)


def exchange(
    server: ForeignAIRisk,
    code: str,
    userid: str | None = None,
    token: str | None = None,
    kind: str = FORM,
    **others: str,
) -> Answer:
    """Step 2, likewise."""
    fields = {
        "client_id": server.client_id,
        "client_secret": server.client_secret,
        "redirect_uri": REDIRECT_URI,
        "code": code,
    } | others
    if userid is not None:
        fields["userid"] = userid
    body = json.dumps(fields) if kind == JSON else urlencode(fields)
    return ask(server, "POST", TOKEN_PATH, body.encode(), Content_Type=kind, **bearing(token))


def code_for(server: ForeignAIRisk, userid: str | None = None, token: str | None = None, **others: str) -> str:
    code = authorize(server, userid, token, **others).redirected["code"]
    assert len(code) == 1
    return code[0]


def token_for(server: ForeignAIRisk, userid: str | None = None) -> str:
    """Both steps."""
    value = exchange(server, code_for(server, userid), userid).json["access_token"]
    assert isinstance(value, str)
    return value


def connected(server: LoopbackServer, timeout: float = PATIENCE) -> socket.socket:
    """A connection on which nothing was sent yet."""
    return socket.create_connection((HOST, server.port), timeout=timeout)


def raw(server: LoopbackServer, most: int = 1 << 16) -> bytes:
    """What a server sends to one GET, up to `most` bytes or its end; a reset raises."""
    with connected(server) as connection:
        connection.sendall(b"GET /api/ListUsers HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return receive(connection, most)


def receive(connection: socket.socket, most: int) -> bytes:
    data = b""
    while len(data) < most and (more := connection.recv(most - len(data))):
        data += more
    return data


def over_tls(server: LoopbackServer) -> bytes:
    """The start of the answer over TLS, trusting only the server's CA file."""
    context = ssl.create_default_context(cafile=str(server.ca_file) if server.ca_file else None)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with (
        connected(server) as plain,
        context.wrap_socket(plain, server_hostname=HOST) as connection,
    ):
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        return connection.recv(15)
