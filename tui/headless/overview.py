"""What `--help` and the manual page say of the program as a whole."""

from __future__ import annotations

import textwrap

WIDTH = 79
"""Columns; the narrowest terminal of full service has one more."""

FIRST_STEPS = """\
first steps: `airisk-tui demo` needs nothing. For a deployment, `airisk-tui`
asks for what it is not told; `airisk-tui doctor` says what is wrong."""

SETTINGS = """\
settings: AIRISK_URL, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, USER_ID and others
(`man airisk-tui` and .env.example explain each), from the environment, else
from .env in the working directory; the client secret is best kept in the OS
keyring (setup)."""

EXIT_CODES = {
    "0": "done",
    "1": "the answer was an error status, the matrix found what it should not, or the audit trail is not whole",
    "2": "wrong usage or settings",
    "3": "sign-in refused",
    "4": "no answer, or too little of the matrix could be told",
    "5": "keyring",
    "70": "a fault of the program",
    "74": "the output could not be written",
    "128 + n": "ended by signal n",
}


def epilog() -> str:
    """The end of `airisk-tui --help`."""
    codes = "\n".join(
        textwrap.fill(meaning, WIDTH, initial_indent=f"  {code:<9}", subsequent_indent=" " * 11)
        for code, meaning in EXIT_CODES.items()
    )
    return "\n\n".join((FIRST_STEPS, SETTINGS, f"exit codes:\n{codes}\nData goes to stdout, words to stderr."))
