#!/bin/sh
# An access matrix in 8 parts as a Slurm array; a part that is requeued resumes, because its state is in $HOME.
#
#   sbatch --array=1-8 slurm-array.sh DIRECTORY OPTION...
#   sbatch --array=1-8 slurm-array.sh reports --all --policy policy.yaml --rate 10
#
# The options are those of `airisk-tui matrix`. Merge the parts when all have ended:
#
#   sbatch --dependency=afterany:JOB --wrap 'airisk-tui matrix merge reports/part-*.json --report reports/run.json'
#
#SBATCH --job-name=access-matrix
#SBATCH --requeue
#SBATCH --open-mode=append
set -eu
directory=$1
shift
report=$directory/part-$SLURM_ARRAY_TASK_ID.json
mkdir -p "$directory"
rm -f "$report"    # an old part would pass for a new one
# Exit code 1 is a finding, which the merge judges.
airisk-tui matrix "$@" --resume --shard auto --report "$report" || [ $? -eq 1 ]
