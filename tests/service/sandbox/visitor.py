"""Someone who speaks to a sandbox over HTTP as the documentation says."""

import ssl
from typing import Any, Self

import httpx

from tui.sandbox import Options


class Visitor:
    """Signs in, and asks."""

    def __init__(self, url: str, options: Options) -> None:
        self.options = options
        # The bare context loads no certificates: nothing here is https, and it saves 20 ms a visitor.
        plain = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=30, verify=plain)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def authorize(self, user_id: str | None = None, **instead: str) -> httpx.Response:
        asked = {"client_id": self.options.client_id, "redirect_uri": self.options.registered[0]}
        asked |= {} if user_id is None else {"userid": user_id}
        bearer = instead.pop("bearer", "")
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        return self.http.get("/api/oauth2", params=asked | instead, headers=headers)

    def code(self, user_id: str | None = None, **instead: str) -> str:
        return redirected(self.authorize(user_id, **instead))["code"]

    def fields(self, code: str, user_id: str | None = None, **instead: str) -> dict[str, str]:
        asked = {
            "client_id": self.options.client_id,
            "client_secret": self.options.client_secret,
            "redirect_uri": self.options.registered[0],
            "code": code,
        }
        return asked | ({} if user_id is None else {"userid": user_id}) | instead

    def exchange(self, code: str, user_id: str | None = None, **instead: str) -> httpx.Response:
        return self.http.post("/api/oauth2/Token", data=self.fields(code, user_id, **instead))

    def token(self, user_id: str | None = None) -> str:
        token: str = self.exchange(self.code(user_id), user_id).json()["access_token"]
        return token

    def bearer(self, user_id: str | None = None) -> httpx.Headers:
        # Headers and no dict: they do not show the token when a test fails.
        return httpx.Headers({"Authorization": f"Bearer {self.token(user_id)}"})

    def get(self, path: str, bearer: httpx.Headers | None = None, **query: Any) -> httpx.Response:
        return self.http.get(path, params=query or None, headers=bearer)

    def post(self, path: str, bearer: httpx.Headers, **more: Any) -> httpx.Response:
        return self.http.post(path, headers=bearer, **more)

    def users(self) -> list[dict[str, Any]]:
        users: list[dict[str, Any]] = self.get("/api/ListUsers", self.bearer()).json()
        return users

    def someone(self, role: str) -> str:
        """Return the id of an active user of a role."""
        found: str = next(user["id"] for user in self.users() if user["role"] == role and user["status"] == "active")
        return found


def redirected(answer: httpx.Response) -> dict[str, str]:
    """Return the parameters of a redirect, which is not followed."""
    assert answer.status_code == 302
    return dict(httpx.URL(answer.headers["location"]).params)
