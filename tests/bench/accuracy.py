#!/usr/bin/env python3
"""Compares sampled runs with exact ones: bias, spread, and how often the 95 % interval held.

    accuracy.py [-n RUNS] [--interval BYTES]... [--only NAME]... HEAPCREST

Each program runs once at interval 1: the truth. Then it runs RUNS times at each interval. Lines are
those that hold 1 % or more of the exact peak: a choice that does not look at the samples. A line
that a sampled run does not show has no interval that could hold anything; it is counted as missing.
The peak of a sampled run is counted, not estimated, but for the part that is requested: were its
moment a wrong one, its bytes would be too few. Programs must do the same in every run.

A line without a sample of a small block is printed as exact: it is, for its large blocks. Small ones
that it may have too went unsampled, which for more than three intervals of bytes happens in less than
5 of 100 runs: such a line holds the truth if no more than that is missing.
"""
import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SQL = """create table t(a integer primary key, b text, c real);
insert into t select value, 'row number ' || value, value * 1.5 from generate_series(1, 100000);
create index i on t(b);
select count(*) from (select * from t order by b desc, c);"""
PERL = 'my %h; $h{"key $_"} = [$_, "value $_"] for 1..150000; print scalar keys %h'
PYTHON = ("import json; d = [{'name': str(i) * 60, 'list': [i] * 100} for i in range(20000)]; "
          "t = json.dumps(d); e = json.loads(t)")
LIST = """import argparse, asyncio, decimal, email.message, http.server, json, unittest, xml.dom.minidom
list_of_numbers = []
for i in range(1000000):
    list_of_numbers.append(i)
"""
SOURCE = Path(__file__).resolve().parent.parent.parent


def programs(build):
    """Name -> command. Samples of ours, and five programs that are not."""
    return {
        "boxed": [str(build / "samples" / "boxed")],
        "threads": [str(build / "samples" / "threads")],
        "clang++": ["clang++", "-std=c++20", "-O1", "-c",
                    str(SOURCE / "tests" / "bench" / "template_heavy.cc"), "-o", os.devnull],
        "sqlite3": ["sqlite3", ":memory:", SQL],
        "perl": ["perl", "-e", PERL],
        "python3": ["python3", "-c", PYTHON],
        "list": ["python3", "-c", LIST],
        "cc1plus": ["g++", "-std=c++20", "-O1", "-S", "-o", os.devnull,
                    str(SOURCE / "viewer" / "call_tree.cc"), f"-I{SOURCE}"],
    }


def profile(heapcrest, command, interval, folder):
    """The summary of one run, all lines."""
    base = str(Path(folder) / "run")
    environment = dict(os.environ, PERL_HASH_SEED="0", PYTHONHASHSEED="0", LC_ALL="C")
    done = subprocess.run([heapcrest, "run", "--no-report", "-o", base, "--interval", str(interval),
                           "--", *command], stdin=subprocess.DEVNULL, capture_output=True,
                          env=environment)
    if done.returncode != 0:
        sys.exit(f"accuracy.py: {command[0]} exited with {done.returncode}\n"
                 f"{done.stderr.decode(errors='replace')}")
    text = subprocess.run([heapcrest, "summary", base + ".heapcrest", "--format", "json", "--top",
                           "100000"], check=True, capture_output=True).stdout
    os.unlink(base + ".heapcrest")
    return json.loads(text)


def lines_of(summary):
    return {(line["function"], line["file"], line["line"], line["module"]): line
            for line in summary["top"]}


class Tally:
    """What the runs of one program at one interval said."""

    def __init__(self, exact):
        self.peak = exact["peak"]["bytes"]
        wanted = {key: line["self_bytes"] for key, line in lines_of(exact).items()}
        self.truth = {key: held for key, held in wanted.items() if held >= 0.01 * self.peak}
        self.peaks, self.peaks_held = [], 0
        self.errors = []
        self.held = self.missing = self.close = self.large = 0

    def holds(self, line, truth, interval):
        if line["ci95_bytes"] == 0 and interval > 1:
            return 0 <= truth - line["self_bytes"] <= 3 * interval
        return abs(line["self_bytes"] - truth) <= line["ci95_bytes"]

    def add(self, summary):
        peak = summary["peak"]
        self.peaks.append(peak["bytes"] / self.peak - 1)
        self.peaks_held += abs(peak["bytes"] - self.peak) <= max(peak["ci95_bytes"], 1)
        shown = lines_of(summary)
        for key, truth in self.truth.items():
            line = shown.get(key)
            if line is None or line["self_bytes"] == 0:
                self.missing += 1
                continue
            error = line["self_bytes"] - truth
            self.errors.append(error / self.peak)
            self.held += self.holds(line, truth, summary["interval_bytes"])
            if truth >= 0.05 * self.peak:
                self.large += 1
                self.close += abs(error) <= 0.05 * truth

    def row(self, name, interval):
        mean = sum(self.peaks) / len(self.peaks)
        spread = math.sqrt(sum((p - mean) ** 2 for p in self.peaks) / max(1, len(self.peaks) - 1))
        worst = max(map(abs, self.peaks))
        bias = sum(self.errors) / max(1, len(self.errors))
        return (f"{name:8} {interval:8} {self.peak / 1e6:9.2f} MB  {mean:+9.3%} {spread:8.3%} "
                f"{worst:8.3%}  {self.peaks_held:3}/{len(self.peaks):<3}  {len(self.errors):5} "
                f"{bias:+9.4%}  {share(self.held, len(self.errors)):>7}  {self.missing:4}  "
                f"{share(self.close, self.large):>7} of {self.large}")


def share(part, whole):
    return f"{part / whole:.1%}" if whole else "-"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=20, help="sampled runs of each program")
    parser.add_argument("--interval", type=int, action="append", help="default: 65536")
    parser.add_argument("--only", action="append", help="of the programs")
    parser.add_argument("heapcrest", help="build/release/bin/heapcrest")
    options = parser.parse_args()
    heapcrest = str(Path(options.heapcrest).resolve())
    commands = programs(Path(heapcrest).parent.parent)

    print("                              peak, relative to the exact one            lines of 1 % or "
          "more                   lines of 5 %\nprogram  interval      exact         bias   spread    "
          "worst  held      runs      bias     held  none   within 5 %")
    runs = held = 0
    with tempfile.TemporaryDirectory(prefix="heapcrest-accuracy-") as folder:
        for name, command in commands.items():
            if options.only and name not in options.only:
                continue
            exact = profile(heapcrest, command, 1, folder)
            for interval in options.interval or [65536]:
                tally = Tally(exact)
                for _ in range(options.n):
                    tally.add(profile(heapcrest, command, interval, folder))
                print(tally.row(name, interval), flush=True)
                runs += len(tally.errors)
                held += tally.held
    print(f"{runs} line-runs; the 95 % interval held the truth in {share(held, runs)}")


if __name__ == "__main__":
    main()
