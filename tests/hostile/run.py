"""Runs commands one after the other in one process with limits, and tells of each what came of it.

Standard input: a list of `{"name", "folder", "arguments"}`, perhaps with the `seconds` it may take at most; standard
output: a line of JSON for each as it is done, so that a hang or a crash shows whose it is.  Processor seconds count,
not the clock: other work on the machine is no fault.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import sys
import time
from pathlib import Path

from safar import cli

SECONDS = 2.0
MEGABYTES = 256


def peak() -> int:
    """The most memory of this process in MiB.  On Linux not from `getrusage`, which also counts what started it."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1 << 20 if sys.platform == "darwin" else 1 << 10)


def main() -> None:
    jobs = json.load(sys.stdin)
    whole = int(5 + sum(job.get("seconds", 2 * SECONDS) for job in jobs))
    resource.setrlimit(resource.RLIMIT_CPU, (whole, whole))
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    out = sys.stdout
    for job in jobs:
        os.chdir(job["folder"])
        said, told = io.StringIO(), io.StringIO()
        begin = time.process_time()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(told):
            code = cli.main(job["arguments"])
        seconds = time.process_time() - begin
        row = {"name": job["name"], "code": code, "seconds": seconds, "peak": peak()}
        out.write(json.dumps({**row, "out": said.getvalue()[:50_000_000], "told": told.getvalue()[:20_000]}) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
