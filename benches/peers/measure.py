# Times whole processes in turns, so that a busy minute of the machine meets all of them: measure.py CASES RUNS.
"""Reads lines of NAME<TAB>BYTES<TAB>THREADS<TAB>COMMAND, prints a JSON list with what each command cost."""

import json
import os
import statistics
import sys
import tempfile
import time


def run(command, threads):
    """One run of a shell command: CPU seconds, wall seconds and the peak of memory in MiB."""
    environment = dict(os.environ)
    if threads:
        environment["RAYON_NUM_THREADS"] = threads
    output = tempfile.TemporaryFile()
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        # Not to /dev/null: grep stops at the first match of a file when nobody reads what it writes.
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
        # The shell gives way to the program, so that its memory is the program's.
        os.execve("/bin/sh", ["sh", "-c", "exec " + command], environment)
    _, status, used = os.wait4(child, 0)
    wall = time.monotonic() - start
    code = os.waitstatus_to_exitcode(status)
    # 1 is what scanners say that found nothing and what sitedx says that found a failure.
    if code not in (0, 1):
        sys.exit(f"ended with {code}: {command}")
    return used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024


def main():
    cases = [line.rstrip("\n").split("\t") for line in open(sys.argv[1], encoding="utf-8")]
    runs = int(sys.argv[2])
    results = [[] for _ in cases]
    # The first turn warms the page cache and is not counted.
    for turn in range(runs + 1):
        print(f"turn {turn} of {runs}", file=sys.stderr)
        for case, result in zip(cases, results):
            cost = run(case[3], case[2])
            if turn:
                result.append(cost)
    rows = []
    for case, result in zip(cases, results):
        cpu, wall, peak = zip(*result)
        rows.append({
            "name": case[0],
            "bytes": int(case[1]),
            "cpu": statistics.median(cpu),
            "cpu_least": min(cpu),
            "cpu_most": max(cpu),
            "wall": statistics.median(wall),
            "wall_least": min(wall),
            "wall_most": max(wall),
            "peak": max(peak),
        })
    json.dump(rows, sys.stdout, indent=1)


main()
