#!/bin/sh
# An access matrix in parts under GNU parallel, on this machine; a part that is killed resumes.
#
#   JOBS=4 gnu-parallel.sh SHARDS DIRECTORY OPTION...
#   JOBS=4 gnu-parallel.sh 8 reports --all --policy policy.yaml --rate 10
#
# The options are those of `airisk-tui matrix`. DIRECTORY gets the reports: part-1.json to part-8.json, run.json, run.html.
set -eu
shards=$1 directory=$2
shift 2
mkdir -p "$directory"
# shellcheck disable=SC2016  # the inner shell expands these
# An old part would pass for a new one. Exit code 1 is a finding, which the merge judges.
seq "$shards" | parallel --quote --jobs "${JOBS:-4}" --retries 3 --joblog "$directory/joblog" \
    sh -c 'report=$1; shift; rm -f "$report"; airisk-tui matrix "$@" --report "$report" >"$report.log" 2>&1 || [ $? -eq 1 ]' \
    part "$directory/part-{}.json" "$@" --resume --shard "{}/$shards" ||
    echo "$0: some parts failed; see $directory/joblog and the log of each part" >&2
exec airisk-tui matrix merge "$directory"/part-*.json --report "$directory/run.json" --report "$directory/run.html"
