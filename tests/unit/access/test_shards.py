"""`--shard auto` is the part that an engine has given to this job, or says which variable it misses."""

from __future__ import annotations

import argparse

import pytest

from tui.cli.parser import _shard_of

KUBERNETES = [{"JOB_COMPLETION_INDEX": str(index), "JOB_COMPLETION_COUNT": "3"} for index in range(3)]
SLURM = [
    {
        "SLURM_ARRAY_TASK_ID": str(task),
        "SLURM_ARRAY_TASK_MIN": "4",
        "SLURM_ARRAY_TASK_STEP": "2",
        "SLURM_ARRAY_TASK_COUNT": "3",
    }
    for task in (4, 6, 8)
]
GITLAB = [{"CI_NODE_INDEX": str(index), "CI_NODE_TOTAL": "3"} for index in (1, 2, 3)]


@pytest.mark.parametrize("jobs", [KUBERNETES, SLURM, GITLAB], ids=["Kubernetes", "Slurm", "GitLab"])
def test_the_jobs_of_an_engine_have_each_shard_once(jobs):
    assert [_shard_of(environment) for environment in jobs] == [(1, 3), (2, 3), (3, 3)]


LACKING = {
    "no engine": ({}, "JOB_COMPLETION_INDEX, SLURM_ARRAY_TASK_ID or CI_NODE_INDEX"),
    "no count": ({"JOB_COMPLETION_INDEX": "0"}, "JOB_COMPLETION_COUNT"),
    "no number": ({"CI_NODE_INDEX": "one", "CI_NODE_TOTAL": "3"}, "CI_NODE_INDEX"),
}


@pytest.mark.parametrize("case", LACKING.values(), ids=LACKING)
def test_what_an_engine_did_not_set_is_named(case):
    environment, words = case
    with pytest.raises(argparse.ArgumentTypeError, match=words):
        _shard_of(environment)
