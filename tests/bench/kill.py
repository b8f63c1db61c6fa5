#!/usr/bin/env python3
"""Kills a busy program at random moments and reads what it left behind.

    kill.py [-n KILLS] --heapcrest build/release/bin/heapcrest \\
        --preload build/release/lib/libheapcrest.so -- build/release/samples/busy

A kill counts as survived if `heapcrest summary` reads the capture without an error and finds
allocations in it. Prints how many did; exit status 1 if any did not.
"""
import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time


def kill_once(options, folder):
    """Returns what is wrong, or None."""
    environment = dict(os.environ, LD_PRELOAD=options.preload, HEAPCREST_CAPTURES=folder,
                       HEAPCREST_INTERVAL=options.interval)
    program = subprocess.Popen(options.command, env=environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL)
    while not os.listdir(folder) and program.poll() is None:
        time.sleep(0.001)
    time.sleep(random.uniform(0.02, options.longest))
    if program.poll() is not None:
        sys.exit(f"kill.py: {options.command[0]} ended by itself; it must run for ever")
    program.send_signal(signal.SIGKILL)
    program.wait()
    captures = os.listdir(folder)
    if len(captures) != 1:
        return f"{len(captures)} captures"
    summary = subprocess.run(
        [options.heapcrest, "summary", "--format", "json", os.path.join(folder, captures[0])],
        capture_output=True, text=True)
    if summary.returncode != 0:
        return summary.stderr.strip()
    if json.loads(summary.stdout)["allocations"] == 0:
        return "no allocations"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=1000)
    parser.add_argument("--heapcrest", required=True)
    parser.add_argument("--preload", required=True)
    parser.add_argument("--interval", default="65536")
    parser.add_argument("--longest", type=float, default=0.2, help="seconds until the kill, at most")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    failures = []
    for _ in range(options.n):
        folder = tempfile.mkdtemp(prefix="heapcrest-kill-")
        failure = kill_once(options, folder)
        if failure:
            failures.append(failure)
            print(f"{folder}: {failure}", file=sys.stderr)
        else:
            shutil.rmtree(folder)
    print(f"{options.n} kills, {options.n - len(failures)} readable")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
