#!/usr/bin/env python3
"""Times a command bare and profiled, in turn, and prints the median of the ratios.

    paired.py [-n PAIRS] --preload build/release/lib/libheapcrest.so -- COMMAND ARG...

The machine's speed drifts; runs that follow each other drift together. Where others use it too,
the ratio of the fastest runs is the one that they disturbed least. Wall time is that of
COMMAND itself, from start to end: the making of profile and page is not in the figure.
"""
import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile


def run(command, environment):
    """Returns (wall seconds, CPU seconds, peak RSS in kB) of one run, by GNU time: a child forked
    from this interpreter would start with the interpreter's own peak RSS."""
    with tempfile.NamedTemporaryFile("r") as figures:
        settings = [f"{name}={value}" for name, value in environment.items()]
        status = subprocess.call(
            ["/usr/bin/time", "-q", "-f", "%e %U %S %M", "-o", figures.name, "env", *settings,
             *command],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        if status != 0:
            sys.exit(f"paired.py: {command[0]} exited with {status}")
        wall, user, system, peak = map(float, figures.read().split())
    return wall, user + system, peak


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=5, help="pairs of runs (after one warm-up)")
    parser.add_argument("--preload", required=True, help="libheapcrest.so")
    parser.add_argument("--interval", default="65536")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()

    rows = []
    for index in range(options.n + 1):
        captures = tempfile.mkdtemp(prefix="heapcrest-bench-")
        profiled = {"LD_PRELOAD": options.preload, "HEAPCREST_CAPTURES": captures,
                    "HEAPCREST_INTERVAL": options.interval}
        a = run(options.command, {})
        b = run(options.command, profiled)
        shutil.rmtree(captures)
        if index > 0:
            rows.append((a, b))
    for place, name in ((0, "wall s"), (1, "cpu s"), (2, "peak kB")):
        left = statistics.median(a[place] for a, _ in rows)
        right = statistics.median(b[place] for _, b in rows)
        ratios = sorted(b[place] / a[place] for a, b in rows)
        fastest = min(b[place] for _, b in rows) / min(a[place] for a, _ in rows)
        print(f"{name:8} bare {left:12.3f}  profiled {right:12.3f}  ratio {statistics.median(ratios):.3f}"
              f"  ({ratios[0]:.3f} to {ratios[-1]:.3f}), of the fastest {fastest:.3f}")


if __name__ == "__main__":
    main()
