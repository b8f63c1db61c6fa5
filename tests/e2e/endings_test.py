"""Whatever ends a program, its profile is written, holds what was allocated until then, and says how
it ended."""

import os
import signal
import subprocess
import unittest
from pathlib import Path

from heapcrest import COMMAND, Case, children, finish, kill_all, sample

ENDINGS = {
    "return": (0, "exit status 0"),
    "exit": (3, "exit status 3"),
    "_exit": (4, "exit status 4"),
    "quick_exit": (5, "exit status 5"),
    "abort": (128 + 6, "killed by SIGABRT"),
    "segv": (128 + 11, "killed by SIGSEGV"),
    "throw": (128 + 6, "killed by SIGABRT"),
    "term": (128 + 15, "killed by SIGTERM"),
    "kill": (128 + 9, "killed by SIGKILL"),
}


class EndingsTest(Case):
    def test_every_ending(self):
        for how, (status, text) in ENDINGS.items():
            with self.subTest(how):
                summary = self.exact(sample("ending"), how, base=how, expect=status)
                self.assertEqual(summary["exit"], text)
                self.assertEqual(self.held(summary, "Fill"), (5_000_000, 50))
                self.assertIn(text, self.ran.stderr)
                self.assertEqual(self.ran.stdout, b"filled\n")
                self.assertTrue((self.folder / f"{how}.html").exists())
                self.assertFalse((self.folder / f"{how}.captures").exists())

    def test_children_are_known_by_those_who_waited_for_them(self):
        for how in ("segv", "kill", "_exit", "abort"):
            with self.subTest(how):
                summary = self.exact("sh", "-c", f"{sample('ending')} {how}; true", base=f"sh{how}")
                self.assertEqual(summary["exit"], ENDINGS[how][1])

    def test_signals_from_outside(self):
        for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGSEGV, signal.SIGINT):
            with self.subTest(number.name):
                base = number.name
                running = self.start(sample("ending"), "wait", base=base)
                self.assertEqual(running.stdout.readline(), b"filled\n")
                os.kill(children(running.pid)[0], number)
                self.assertEqual(running.wait(60), 128 + number)
                summary = self.summary(f"{base}.heapcrest")
                self.assertEqual(summary["exit"], f"killed by {number.name}")
                self.assertEqual(self.held(summary, "Fill"), (5_000_000, 50))

    def test_killed_at_random_moments(self):
        """A busy program with 4 threads: each profile is readable, and no profile is damaged."""
        for i in range(20):
            base = f"busy{i}"
            running = self.start(sample("busy"), base=base, options=("--interval", 1 << (i % 17)))
            self.assertEqual(running.stdout.readline(), b"busy\n")
            try:
                running.wait(0.003 * i)
            except subprocess.TimeoutExpired:
                pass
            os.kill(children(running.pid)[0], signal.SIGKILL)
            self.assertEqual(running.wait(60), 128 + signal.SIGKILL)
            summary = self.summary(f"{base}.heapcrest")
            self.check_invariants(summary)
            self.assertEqual(summary["exit"], "killed by SIGKILL")
            self.assertEqual(summary["warnings"], [])
            finish(running)

    def test_a_running_program_can_be_looked_at(self):
        running = self.start(sample("ending"), "wait")
        self.assertEqual(running.stdout.readline(), b"filled\n")
        summary = self.summary("run.captures")
        self.assertEqual(self.held(summary, "Fill"), (5_000_000, 50))
        self.assertEqual(summary["exit"], "still running")
        self.assertEqual(self.command("report", "run.captures").status, 0)
        self.assertIn("still running", (self.folder / "run.html").read_text())
        # Neither disturbs the program, or the run that ends later.
        os.kill(children(running.pid)[0], signal.SIGTERM)
        self.assertEqual(running.wait(60), 128 + signal.SIGTERM)
        self.assertEqual(self.summary("run.heapcrest")["exit"], "killed by SIGTERM")
        self.assertNotIn("still running", (self.folder / "run.html").read_text())
        finish(running)

    def test_run_itself_killed_leaves_readable_captures(self):
        running = self.start(sample("ending"), "wait")
        self.assertEqual(running.stdout.readline(), b"filled\n")
        program = children(running.pid)[0]
        self.addCleanup(os.kill, program, signal.SIGKILL)
        running.kill()
        running.wait()
        captures = self.folder / "run.captures"
        capture = next(captures.iterdir())
        self.assertRegex(capture.name, f"^{program}-[0-9a-f]+.capture$")
        for name in ("run.captures", str(capture)):
            summary = self.summary(name)
            self.assertEqual(self.held(summary, "Fill"), (5_000_000, 50))
        reported = self.command("report", "run.captures")
        self.assertEqual(reported.status, 0, str(reported))
        self.assertTrue((self.folder / "run.html").exists())
        # A new run does not mix with what is there.
        again = self.command("run", "-o", "run", sample("ending"), "return")
        self.assertEqual(again.status, 2)
        self.assertIn("run.captures", again.stderr)


def name_of(pid):
    return Path(f"/proc/{pid}/comm").read_text().strip()


def state_of(pid):
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]


class CrashTest(Case):
    def test_our_own_crash_prints_our_stack(self):
        for number in (signal.SIGSEGV, signal.SIGABRT):
            running = self.start("sleep", "60", base=number.name)
            # Not in the middle of the fork, which holds malloc's lock: asleep, behind it.
            while not ([pid for pid in children(running.pid) if name_of(pid) == "sleep"]
                       and state_of(running.pid) == "S"):
                pass
            left_behind = children(running.pid)
            running.send_signal(number)
            self.assertEqual(running.wait(30), -number)
            kill_all(left_behind)
            said = running.stderr.read().decode()
            self.assertIn(f"heapcrest itself crashed, which is a bug", said)
            self.assertIn(number.name, said)
            self.assertIn("heapcrest::", said)


class MemoryCgroup:
    """A memory cgroup of our own with a limit, by version 1 or 2 of the kernel's interface."""

    def __init__(self, limit):
        name = f"heapcrest-e2e-{os.getpid()}"
        first = Path("/sys/fs/cgroup/memory")
        second = Path("/sys/fs/cgroup")
        self.path = (first if first.is_dir() else second) / name
        self.path.mkdir()
        if first.is_dir():
            (self.path / "memory.limit_in_bytes").write_text(str(limit))
        else:
            (self.path / "memory.max").write_text(str(limit))
        self.procs = self.path / "cgroup.procs"

    def remove(self):
        self.path.rmdir()


class OutOfMemoryTest(Case):
    """Needs root and a memory cgroup, like ./check in a container with --privileged or a CI machine:
    where neither is to be had these fail, and the message says what is missing."""

    def setUp(self):
        super().setUp()
        try:
            self.group = MemoryCgroup(100_000_000)
        except OSError as error:
            self.fail(f"this machine lets us make no memory cgroup ({error}): run as root")
        self.addCleanup(self.group.remove)

    def check(self, summary):
        self.assertEqual(summary["exit"], "killed by SIGKILL (out of memory)")
        self.assertTrue(50e6 < summary["peak"]["bytes"] < 110e6, summary["peak"])
        self.assertIn("out of memory", self.ran.stderr)

    def test_program_in_our_own_group(self):
        script = f'echo $$ > {self.group.procs}; exec "$@"'
        ran = self.command("-c", script, "sh", COMMAND, "run", "-o", "run", sample("ending"), "oom",
                           command="/bin/sh")
        self.ran = ran
        self.assertEqual(ran.status, 128 + 9, str(ran))
        self.check(self.summary("run.heapcrest"))

    def test_program_that_moved_to_a_group_of_its_own(self):
        script = f'echo $$ > {self.group.procs}; exec "$@"'
        self.check(self.profile("sh", "-c", script, "sh", sample("ending"), "oom", expect=137))


if __name__ == "__main__":
    unittest.main()
