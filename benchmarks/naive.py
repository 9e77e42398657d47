"""The same list as one would first write it: httpx, a pydantic model, a stock DataTable. It says when it is done."""

from __future__ import annotations

import os

import httpx
from pydantic import BaseModel, TypeAdapter  # type: ignore[import-not-found]
from textual.app import App, ComposeResult
from textual.widgets import DataTable, Static


class User(BaseModel):  # type: ignore[misc]
    """A person."""

    id: str
    name: str
    email: str
    role: str
    groups: list[str]
    department: str
    lastActive: str  # noqa: N815 - as AIRisk spells it
    status: str


class Naive(App[None]):
    """A table of all users."""

    def compose(self) -> ComposeResult:
        """Words above a table."""
        yield Static("loading", id="words")
        yield DataTable()

    async def on_mount(self) -> None:
        """Sign in, ask, fill."""
        self.run_worker(self.load())

    async def load(self) -> None:
        """Everything, one after the other."""
        common = {"client_id": os.environ["CLIENT_ID"], "redirect_uri": "https://localhost/callback"}
        async with httpx.AsyncClient(base_url=os.environ["AIRISK_URL"], timeout=60) as client:
            answer = await client.get("/api/oauth2", params=common)
            form = {**common, "client_secret": os.environ["CLIENT_SECRET"]}
            form["code"] = httpx.URL(answer.headers["location"]).params["code"]
            token = (await client.post("/api/oauth2/Token", data=form)).json()["access_token"]
            answer = await client.get("/api/ListUsers", headers={"Authorization": f"Bearer {token}"})
        users = TypeAdapter(list[User]).validate_json(answer.content)
        table = self.query_one(DataTable)
        table.add_columns("Id", "Name", "Mail", "Role", "Groups")
        for user in users:
            table.add_row(user.id, user.name, user.email, user.role, ", ".join(user.groups))
        self.call_after_refresh(self.query_one("#words", Static).update, "loaded")


Naive().run()
