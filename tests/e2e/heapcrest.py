"""What every end-to-end test needs: a scratch folder, the command, and its answers as data.

Each test runs in a folder of its own that is removed afterwards. Nothing is skipped: what a machine
cannot do is a failure that says so.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

BUILD = Path(os.environ["HEAPCREST_BUILD"])
SOURCE = Path(os.environ["HEAPCREST_SOURCE"])
COMMAND = str(BUILD / "bin" / "heapcrest")


def sample(name):
    """The path of a program of samples/."""
    return str(BUILD / "samples" / name)


class Result:
    """A finished command."""

    def __init__(self, done):
        self.status = done.returncode
        self.stdout = done.stdout
        self.stderr = done.stderr.decode("utf-8", "replace")

    def __str__(self):
        return f"status {self.status}\nstdout {self.stdout[:500]!r}\nstderr {self.stderr[:4000]}"


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="heapcrest-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def command(self, *arguments, stdin=b"", command=COMMAND, **options):
        """Runs heapcrest itself in the test's folder."""
        options.setdefault("cwd", self.folder)
        options.setdefault("timeout", 120)
        done = subprocess.run([command, *map(str, arguments)], input=stdin, capture_output=True,
                              **options)
        return Result(done)

    def profile(self, *program, base="run", options=(), expect=0, **more):
        """Profiles a program and returns the summary of its profile."""
        ran = self.command("run", "-o", base, *options, "--", *program, **more)
        self.assertEqual(ran.status, expect, str(ran))
        self.ran = ran
        summary = self.summary(f"{base}.heapcrest")
        self.check_invariants(summary)
        self.assertEqual(sum(line["end_bytes"] for line in summary["top"]),
                         summary["end"]["bytes"])
        return summary

    def exact(self, *program, **more):
        return self.profile(*program, options=("--interval", 1), **more)

    def summary(self, profile, top=1000000):
        shown = self.command("summary", profile, "--format", "json", "--top", top)
        self.assertEqual(shown.status, 0, str(shown))
        return json.loads(shown.stdout)

    def check_invariants(self, summary):
        """What is true of every summary, whatever was profiled."""
        for process in summary["processes"]:
            self.assertGreaterEqual(process["peak"]["bytes"], process["end"]["bytes"])
            self.assertGreaterEqual(process["allocated"]["bytes"], process["peak"]["bytes"])
            if process["resident"]:
                self.assertEqual(sum_of(process["resident"]), process["resident"]["bytes"])
        selves = sum(line["self_bytes"] for line in summary["top"])
        self.assertEqual(selves + summary["rest"]["bytes"], summary["peak"]["bytes"])
        ordered = [line["self_bytes"] for line in summary["top"]]
        self.assertEqual(ordered, sorted(ordered, reverse=True))

    def held(self, summary, function):
        """Self bytes and blocks at the peak of the lines of a function, as (bytes, count)."""
        lines = [line for line in summary["top"] if plain_name(line["function"]) == function]
        return sum(line["self_bytes"] for line in lines), sum(line["count"] for line in lines)

    def assert_large_block(self, held, blocks, size):
        """That a line's `held` bytes are one block over the interval, which is exact.

        A small object that Python allocates in front of it falls on a sample in one of 100 runs, and
        stands for some kilobytes of its size class then.
        """
        self.assertEqual(held if blocks == 1 else min(held, size), size)
        self.assertLess(held, size + 30_000)

    def folded(self, profile, view):
        """The folded stacks of a profile as {stack: bytes}."""
        shown = self.command("export", profile, "--format", "folded", "--view", view)
        self.assertEqual(shown.status, 0, str(shown))
        stacks = {}
        for line in shown.stdout.decode("utf-8").splitlines():
            stack, size = line.rsplit(" ", 1)
            stacks[stack] = stacks.get(stack, 0) + int(size)
        return stacks

    def below(self, profile, view, function):
        """Bytes of the stacks that a function is on."""
        return sum(size for stack, size in self.folded(profile, view).items()
                   if function in map(plain_name, stack.split(";")))

    def start(self, *program, base="run", options=(), **more):
        """Starts `heapcrest run` and leaves it running."""
        more.setdefault("cwd", self.folder)
        running = subprocess.Popen([COMMAND, "run", "-o", base, *map(str, options), "--", *program],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
        self.addCleanup(finish, running)
        return running

    def compile(self, source, *flags, compiler="cc", name="program"):
        """Builds a C program in the test's folder."""
        (self.folder / f"{name}.c").write_text(source)
        output = self.folder / name
        subprocess.run([compiler, f"{name}.c", "-g", "-o", output, *flags], cwd=self.folder,
                       check=True, capture_output=True)
        return str(output)


def sum_of(resident):
    """What the terms of resident memory add up to."""
    terms = ["requested", "overhead", "free", "object", "mapping", "file", "stack", "profiler"]
    return sum(resident[f"{term}_bytes"] for term in terms) - resident["untouched_bytes"]


def finish(running):
    if running.poll() is None:
        running.kill()
    running.communicate()


def plain_name(function):
    """"Append(std::vector<...>*)" as "Append"."""
    return function.split("(", 1)[0]


def children(pid):
    """The processes that a process started and that still run."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def kill_all(pids):
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
