"""A deployment at localhost, which has two addresses, whatever this machine's list of names says."""

import asyncio
import socket

import pytest

from tui.airisk.http.client import HttpClient
from tui.airisk.http.request import Request
from tui.config.origin import Origin
from tui.config.settings import Settings


@pytest.mark.parametrize(("family", "address"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
async def test_a_deployment_on_this_machine_is_found_at_whichever_address_it_listens(
    family: socket.AddressFamily, address: str
) -> None:
    hosts: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        hosts.extend(line for line in head.split(b"\r\n") if line.startswith(b"Host:"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        writer.close()

    try:
        listening = await asyncio.start_server(answer, address, family=family)
    except OSError:
        pytest.skip(f"this machine lacks {address}")
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        client = HttpClient(Settings(Origin("http", "localhost", port), "demo"))
        for _ in range(2):
            assert (await client.send(Request("POST", "/api/x"))).body == b"{}"
        await client.close()
    assert hosts == [f"Host: localhost:{port}".encode()] * 2
