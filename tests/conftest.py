"""How all tests are run: how long they wait is never what they judge."""

import os
import signal

from hypothesis import settings

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

# What a shell starts behind `&` ignores it, and so would every program under test.
signal.signal(signal.SIGINT, signal.default_int_handler)
