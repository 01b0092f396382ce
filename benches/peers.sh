#!/usr/bin/env bash
# Times sitedx and other log readers on the same files, and writes docs/performance.md and its picture.
#
# usage: benches/peers.sh [MEGABYTES=500] [RUNS=5]
# Needs cargo and python3. A program that is missing is told and left out:
#   ripgrep: cargo install ripgrep    GNU grep, lnav: the packages grep and lnav of the system
#   cmtraceopen-parser: built from crates.io
set -euo pipefail
cd "$(dirname "$0")/.."

megabytes=${1:-500}
runs=${2:-5}
cores=$(nproc)

for tool in cargo python3; do
  command -v "$tool" >/dev/null || { echo "peers: $tool is missing" >&2; exit 2; }
done

# The logs, one large log and the logs in UTF-16 need four times the size of the logs in the temporary folder.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
logs=$folder/logs
cases=$folder/cases facts=$folder/facts
: >"$cases" >"$facts"

say() { echo "peers: $*" >&2; }
bytes_of() { find "$@" -type f -printf '%s\n' | awk '{ all += $1 } END { printf "%d", all }'; }
# time_it NAME BYTES THREADS COMMAND...
time_it() { printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "${*:4}" >>"$cases"; }
fact() { printf 'fact\t%s\t%s\n' "$1" "$2" >>"$facts"; }
note() { printf 'note\t%s\t%s\n' "$1" "$2" >>"$facts"; }
skip() { printf 'skipped\t%s\t%s\n' "$1" "$2" >>"$facts"; say "skips $1: $2"; }

say "builds"
cargo build --locked --release --quiet
target=$(cargo metadata --locked --no-deps --format-version 1 | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
sitedx=$target/release/sitedx
cargo bench --locked --quiet --bench corpus -- "$logs" "$megabytes"
literals=$logs.literals.txt
all=$(bytes_of "$logs")

say "prepares the inputs"
# The folders of the framings that every reader of Configuration Manager logs knows.
known=("$logs"/site*/ConfigMgr "$logs"/site*/CCM)

large=$folder/large/site0/ConfigMgr/Logs/hman.log
mkdir -p "$(dirname "$large")"
: >"$large"
while [ "$(stat -c %s "$large")" -lt $((megabytes * 800000)) ]; do
  cat "$logs"/site*/ConfigMgr/Logs/* >>"$large"
done
# Cut to the size, behind a whole line.
truncate -s $((megabytes * 800000)) "$large"
truncate -s "-$(tail -n 1 "$large" | wc -c)" "$large"

python3 - "$logs" "$folder/wide" <<'PYTHON'
import os, sys
source, target = sys.argv[1:]
for folder, _, names in os.walk(source):
    out = os.path.join(target, os.path.relpath(folder, source))
    os.makedirs(out, exist_ok=True)
    for name in names:
        text = open(os.path.join(folder, name), "rb").read().decode("cp1252")
        open(os.path.join(out, name), "wb").write(b"\xff\xfe" + text.encode("utf-16-le"))
PYTHON

small=$folder/small/site0/SMS/Logs
mkdir -p "$small"
head -n 100 "$(find "$logs" -path '*/SMS/Logs/*' | sort | sed -n 1p)" >"$small/hman.log"
python3 benches/peers/signatures.py "$folder/signatures" 1000

fact "Machine" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | sed -n 1p), $cores cores, $(awk '/MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo), $(uname -sr)"
fact "Logs" "$(find "$logs" -type f | wc -l) files, $all bytes: SMS 2.0 traces, Configuration Manager traces and client logs, setup logs"
fact "sitedx" "$("$sitedx" --version), $(rustc --version)"
fact "Runs" "$runs, in turns, after one that is not counted"

time_it "cat" "$all" "" "find $logs -type f -exec cat {} + >/dev/null"
note "cat" "reads the files and does nothing with them"
fact "cat" "$(cat --version | sed -n 1p)"

if command -v rg >/dev/null; then
  time_it "ripgrep, 2 threads" "$all" "" "rg --no-config -j2 -c -F -f $literals $logs"
  time_it "ripgrep, 1 thread" "$all" "" "rg --no-config -j1 -c -F -f $literals $logs"
  note "ripgrep, 2 threads" "counts lines with one of 100 fixed texts, reads no record and no time"
  note "ripgrep, 1 thread" "the same"
  fact "ripgrep" "$(rg --version | sed -n 1p)"
else
  skip "ripgrep" "cargo install ripgrep"
fi

if grep --version 2>/dev/null | grep -c GNU >/dev/null; then
  time_it "GNU grep" "$all" "" "env LC_ALL=C grep -r -c -F -f $literals $logs"
  note "GNU grep" "the same as ripgrep"
  fact "GNU grep" "$(grep --version | sed -n 1p)"
else
  skip "GNU grep" "the package grep of the system"
fi

if command -v lnav >/dev/null; then
  mkdir "$folder/home"
  ask="select (select count(*) from corpus_sms2) + (select count(*) from corpus_cm) + (select count(*) from corpus_ccm) + (select count(*) from corpus_setup) as records"
  # A headless run opens only the first files of many; each rebuild opens more of them.
  lnav="env HOME=$folder/home lnav -I $PWD/benches/peers/lnav -n -r -c :rebuild -c :rebuild -c :rebuild -c ';$ask'"
  counted=$(sh -c "$lnav -c ':write-csv-to -' $logs" | tail -n 1)
  time_it "lnav" "$all" "" "$lnav $logs"
  note "lnav" "counts $counted records by formats written for it; leaves the bias and the zone of times aside and takes records of several lines for a part of the record before"
  fact "lnav" "$(lnav -V | sed -n 1p)"
else
  skip "lnav" "the package lnav of the system"
fi

manifest=benches/peers/cmtraceopen/Cargo.toml
if cargo build --release --quiet --manifest-path "$manifest" --target-dir "$target/peers"; then
  peer=$target/peers/release/cmtraceopen-peer
  told() { "$peer" "$@" | awk -F '\t' '{ told = told (NR == 1 ? "" : ", ") $2 " " $1 } END { printf "%s", told }'; }
  time_it "cmtraceopen" "$all" "" "$peer $logs"
  note "cmtraceopen" "$(told "$logs"): gives no time to SMS 2.0 traces and setup logs; reads the bias +240 as east of Greenwich, which its writer means as west"
  time_it "cmtraceopen, the logs it knows" "$(bytes_of "${known[@]}")" "" "$peer ${known[*]}"
  note "cmtraceopen, the logs it knows" "$(told "${known[@]}")"
  fact "cmtraceopen" "cmtraceopen-parser $(sed -n 's/^cmtraceopen-parser = "=\(.*\)"/\1/p' "$manifest") from crates.io, all files one after another"
else
  skip "cmtraceopen" "cmtraceopen-parser could not be built from crates.io"
fi

large_bytes=$(bytes_of "$folder/large")
wide_bytes=$(bytes_of "$folder/wide")
time_it "sitedx, 1 thread" "$all" 1 "$sitedx analyze $logs"
time_it "sitedx, 2 threads" "$all" 2 "$sitedx analyze $logs"
time_it "sitedx, 2 threads, JSON" "$all" 2 "$sitedx analyze --format json $logs"
time_it "sitedx, the logs cmtraceopen knows, 1 thread" "$(bytes_of "${known[@]}")" 1 "$sitedx analyze ${known[*]}"
time_it "sitedx, one file, 1 thread" "$large_bytes" 1 "$sitedx analyze $folder/large"
time_it "sitedx, one file, 2 threads" "$large_bytes" 2 "$sitedx analyze $folder/large"
time_it "sitedx, 1,000 signatures more, 2 threads" "$all" 2 "$sitedx analyze --signatures $folder/signatures $logs"
time_it "sitedx, UTF-16, 2 threads" "$wide_bytes" 2 "$sitedx analyze $folder/wide"
time_it "sitedx --version" 0 "" "$sitedx --version"
time_it "sitedx, one small file" 0 2 "$sitedx analyze $folder/small"
for name in "sitedx, 1 thread" "sitedx, 2 threads"; do
  note "$name" "records with their times, all signatures, error lines, report"
done
note "sitedx, 2 threads, JSON" "also BLAKE3 of all files and SHA-256 of those that the report cites"
note "sitedx, one file, 1 thread" "$large_bytes bytes"
note "sitedx, one file, 2 threads" "the same file"
note "sitedx, UTF-16, 2 threads" "the same logs in twice the bytes"
note "sitedx --version" "start of the process"
note "sitedx, one small file" "start, and all signatures are read"

say "measures"
python3 benches/peers/measure.py "$cases" "$runs" >"$folder/rows"
python3 benches/peers/page.py "$folder/rows" "$facts" docs/performance.md docs/performance.svg
sed -n '/<!-- table -->/,/<!-- \/table -->/p' docs/performance.md
