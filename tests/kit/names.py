"""A machine of its own for the program, whose names are resolved by nobody, or by somebody who does not answer."""

import os
import socket
import sys
from pathlib import Path

from tests.kit.machine import APART, needs

NAMESERVER = ("127.0.0.1", 53)
UNKNOWN, SILENT = "unknown", "silent"
_NO_SUCH_NAME = 0x8183  # an answer, and recursion was available: no such name
# Of the networks there is only loopback; the resolver asks nobody but ours there, and longer than any test waits.
_ALONE = """
printf '%s\\n' 'nameserver 127.0.0.1' 'options timeout:30 attempts:5' > "$1/resolv.conf" || exit
mount --bind "$1/resolv.conf" /etc/resolv.conf || exit
shift
exec "$@"
"""


def alone(root: Path, how: str, *command: str) -> tuple[str, ...]:
    """That command where every name is unknown, or asked for in vain; without namespaces, the test is skipped."""
    needs("namespaces")
    return (*APART, "--net", "sh", "-c", _ALONE, "sh", str(root), sys.executable, "-m", __name__, how, *command)


def main(how: str, *command: str) -> None:
    """Begin to answer, or not to, and become the command."""
    import fcntl
    import struct

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as lever:
        fcntl.ioctl(lever, 0x8914, struct.pack("16sH14x", b"lo", 1))  # SIOCSIFFLAGS: up
    nameserver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    nameserver.bind(NAMESERVER)
    if os.fork():
        nameserver.close()
        os.execvp(command[0], command)
    parent = os.getppid()
    nameserver.settimeout(0.5)
    while os.getppid() == parent:
        try:
            question, whose = nameserver.recvfrom(512)
        except TimeoutError:
            continue
        if how == UNKNOWN:
            nameserver.sendto(
                question[:2] + _NO_SUCH_NAME.to_bytes(2, "big") + question[4:6] + bytes(6) + question[12:], whose
            )


if __name__ == "__main__":
    main(*sys.argv[1:])
