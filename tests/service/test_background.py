"""A program that has a call which never returns can be quit."""

import subprocess
import sys

import pytest

from tests.kit.patience import PATIENCE

QUITTING = {
    "as the default executor": """
        loop.set_default_executor(DaemonExecutor())
        call = loop.run_in_executor(None, hang)
    """,
    "in a thread of its own": """
        call = asyncio.create_task(run_in_thread(hang))
    """,
}


@pytest.mark.parametrize("start", QUITTING.values(), ids=QUITTING)
def test_a_program_with_a_stuck_thread_exits_at_once(start):
    program = f"""if True:
    import asyncio, threading
    from tui.background import DaemonExecutor, run_in_thread

    has_started = threading.Event()

    def hang():
        has_started.set()
        threading.Event().wait()

    async def main():
        loop = asyncio.get_running_loop()
        {start}
        while not has_started.is_set():
            await asyncio.sleep(0)
        print("quitting", call.done())

    asyncio.run(main())
    """
    # The time limit only tells "exits" from "hangs".
    command = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "quitting False\n", "")
