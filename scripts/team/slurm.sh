#!/bin/bash
# slurm.sh [COUNT]: runs the array of docs/scale.md on a Slurm of this machine alone, and has the first job asked to end in the middle.
# As root, with Debian's slurmctld, slurmd, slurm-client and munge; nothing of it stays.
set -euo pipefail
count=${1:-4}
root=$(cd "$(dirname "$0")/../.." && pwd)
for program in munged slurmctld slurmd sbatch; do
  [ -n "$(PATH=$PATH:/usr/sbin type -P $program)" ] || {
    echo "slurm: $program is not here (apt-get install slurmctld slurmd slurm-client munge): left out."
    exit 0
  }
done
work=$(mktemp -d)
chmod 755 "$work"
end() {
  [ -z "${id:-}" ] || scancel --quiet "$id" || true
  sleep 2
  kill $(cat "$work"/*.pid 2>/dev/null) 2>/dev/null || true
  sleep 1
  rm -rf "$work"
}
trap end EXIT

head -c 1024 /dev/urandom >"$work/munge.key"
chmod 400 "$work/munge.key"
files=(--key-file="$work/munge.key" --pid-file="$work/munged.pid" --log-file="$work/munged.log" --seed-file="$work/munge.seed")
/usr/sbin/munged --socket="$work/munge.socket" "${files[@]}"
mkdir "$work/specs" "$work/state" "$work/spool" "$work/bin"
cat >"$work/slurm.conf" <<CONF
ClusterName=recur
SlurmctldHost=localhost
SlurmUser=root
AuthInfo=socket=$work/munge.socket
SlurmctldPort=26817
SlurmdPort=26818
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
NodeName=localhost CPUs=$(nproc) State=UNKNOWN
PartitionName=main Nodes=localhost Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$work/slurm.conf
/usr/sbin/slurmctld
/usr/sbin/slurmd -N localhost

# Small jobs of the project's own folders, so many as were asked for, and the text of the documentation.
settings='"hidden": 32, "embedding": 16, "batch": 8, "sequence": 32, "threads": 1, "minimumCharacters": 5000'
for folder in $(find "$root/src" -mindepth 1 -maxdepth 1 -size +0 -type d ! -name prober ! -name reader | sort | head -n "$count"); do
  name=$(basename "$folder")
  echo "{\"name\": \"${name,,}\", \"folder\": \"$folder\", \"store\": \"$work/store\", \"from\": \"none\", \"budget\": {\"steps\": 1500}," \
    "\"training\": {$settings}, \"checkpoint\": {\"steps\": 50, \"seconds\": 3600}}" >"$work/specs/${name,,}.json"
done
sed -n '/^\*\*Slurm\*\*/,/^```$/p' "$root/docs/scale.md" | sed '1,/^```sh$/d; /^```$/d' |
  sed "s|/srv/recur/specs|$work/specs|" >"$work/array.sh"
printf '#!/bin/sh\nexec node "%s/dist/cli.js" "$@"\n' "$root" >"$work/bin/recur"
chmod +x "$work/bin/recur"
export PATH=$work/bin:$PATH

id=$(sbatch --parsable --array="0-$((count - 1))%$(nproc)" --cpus-per-task=1 --output="$work/%a.log" "$work/array.sh")
echo "slurm: $(sbatch --version), array $id of $count jobs"
job=
until job=$(sed -n 's/^job \(.*\), of .*/\1/p' "$work/0.log" 2>/dev/null) && [ -e "$work/store/jobs/$job/checkpoint.json" ]; do sleep 0.2; done
# Of an array that has tasks which wait, scancel 22.05 goes on asking, although the signal has arrived.
timeout 5 scancel --quiet --signal=TERM --batch "${id}_0" || true
echo 'slurm: the first one was asked to end; Slurm lets it wait for two minutes before it runs it again'
while [ -n "$(squeue --noheader --job "$id")" ]; do sleep 1; done
grep -E 'goes on after step|^stopped' "$work/0.log"
for spec in "$work"/specs/*.json; do
  recur pull "$(basename "$spec" .json)" --store "$work/store" --out "$work/pulled"
done
echo "slurm: $count models are published"
