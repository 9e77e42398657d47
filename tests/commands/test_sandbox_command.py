"""`airisk-tui sandbox` in one window, the other commands in another."""

import json
import shlex
import signal
from pathlib import Path


def test_the_file_it_names_is_all_that_is_needed(place):
    with place.running("sandbox", "--user-count", "30") as sandbox:
        assert sandbox.stdout
        lines = [sandbox.stdout.readline().decode() for _ in range(5)]
        env_file = shlex.split(lines[-1])[-1]
        assert lines[-1].startswith("# airisk-tui --env-file ")
        assert len(json.loads(place.run("--env-file", env_file, "users", "--format", "json").out)) == 30
        assert len(json.loads(place.run("users", "--env-file", env_file, "--format", "json").out)) == 30
        assert place.run("doctor", "--env-file", env_file).code == 0
        sandbox.send_signal(signal.SIGINT)
        assert sandbox.wait(30) == 0
        assert not Path(env_file).exists()
        done = place.run("users", "--env-file", env_file)
    assert done.code == 2
    assert "does not exist" in done.line
