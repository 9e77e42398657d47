"""Types are examined by one thread at a time: msgspec would crash Python."""

import subprocess
import sys

from tests.kit.patience import PATIENCE

PROGRAM = """if True:
    import sys
    import threading
    import msgspec
    from tui.decoding import convert, decode_json, json_decoder

    CONTENT = b'{"many":[{"inner":{"f0":1}}]}'

    def in_one_of_many_threads(work, start):
        start.wait()
        work()

    sys.setswitchinterval(0.000005)
    for number in range(60):
        Inner = msgspec.defstruct(f"Inner{number}", [(f"f{place}", int, 0) for place in range(40)])
        lists = [(f"g{place}", list[Inner], []) for place in range(20)]
        Middle = msgspec.defstruct(f"Middle{number}", [("inner", Inner), *lists])
        Outer = msgspec.defstruct(f"Outer{number}", [("many", list[Middle])])
        start = threading.Barrier(4)
        works = (
            lambda: decode_json(CONTENT, Outer),
            lambda: convert({"many": []}, Outer),
            lambda: decode_json(b'{"inner":{}}', Middle),
            lambda: json_decoder(Inner).decode(b"{}"),
        )
        threads = [threading.Thread(target=in_one_of_many_threads, args=(work, start)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    print("decoded")
"""


def test_a_type_is_used_for_the_first_time_by_several_threads_at_once():
    command = [sys.executable, "-W", "error", "-c", PROGRAM]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "decoded\n", "")
