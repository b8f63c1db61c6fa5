"""Forked children and executed programs are followed, each with its own figures."""

import os
import unittest

from heapcrest import Case, kill_all, plain_name, sample


class ProcessesTest(Case):
    def running(self, summary, program):
        """The processes that ran a program: not the shells whose command line names it."""
        return [process for process in summary["processes"]
                if process["command"].split()[0].endswith("/" + program)]

    def assert_shows(self, summary, function, size):
        self.assertEqual(self.held(summary, function)[0], size)

    def test_fork_exec_and_spawn(self):
        summary = self.exact(sample("processes"))
        self.assertEqual(len(summary["processes"]), 4)
        # The page opens on the process with the largest peak: the spawned one.
        self.assertTrue(summary["command"].endswith("processes spawned"))
        self.assert_shows(summary, "AllocateInSpawned", 4_000_000)
        for process in summary["processes"]:
            self.assertEqual(process["exit"], "exit status 0", process)
        sizes = sorted(process["peak"]["bytes"] // 1_000_000 for process in summary["processes"])
        self.assertEqual(sizes, [1, 2, 3, 4])
        parent = next(p for p in summary["processes"] if p["peak"]["bytes"] < 2_000_000)
        for process in summary["processes"]:
            if process is not parent:
                self.assertEqual(process["parent_pid"], parent["pid"])
                self.assertGreaterEqual(process["start_seconds"], parent["start_seconds"])

    def test_shell_script_that_starts_the_program(self):
        script = self.folder / "script"
        script.write_text(f'#!/bin/sh\n"{sample("packed")}"\nexit $?\n')
        script.chmod(0o755)
        summary = self.exact("./script")
        self.assertEqual(self.ran.stdout, b"sum 499999500000\n")
        self.assertIn("packed", summary["command"])
        self.assertEqual(self.below("run.heapcrest", "peak", "Zeros"), 8_000_000)

    def test_script_of_env(self):
        script = self.folder / "script"
        script.write_text("#!/usr/bin/env python3\nblock = bytearray(3000000)\nprint('done')\n")
        script.chmod(0o755)
        summary = self.exact("./script")
        self.assertEqual(self.ran.stdout, b"done\n")
        self.assertGreater(summary["peak"]["bytes"], 3_000_000)

    def test_a_child_that_gave_up_its_rights(self):
        program = self.compile("""
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
void* volatile block;
static void Work(void) { block = malloc(4000000); }
int main(void) {
  if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) return 1;
  if (fork() == 0) Work();
  wait(NULL);
  return 0;
}
""")
        self.folder.chmod(0o755)  # the way to the captures
        summary = self.exact(program)
        self.assertEqual(len(summary["processes"]), 2)
        self.assert_shows(summary, "Work", 4_000_000)

    def test_a_child_of_another_libc_is_left_alone(self):
        child = self.compile("#include <stdlib.h>\nint main(void) { free(malloc(99)); return 7; }\n",
                             compiler="musl-gcc", name="child")
        self.exact("sh", "-c", f"{child}; echo $?")
        self.assertEqual(self.ran.stdout, b"7\n")
        self.assertNotIn("rror", self.ran.stderr)

    def test_exec_keeps_the_pid(self):
        summary = self.exact("sh", "-c", f"exec {sample('packed')}")
        self.assertEqual(len(summary["processes"]), 2)
        pids = {process["pid"] for process in summary["processes"]}
        self.assertEqual(len(pids), 1)
        exits = {process["exit"] for process in summary["processes"]}
        self.assertEqual(exits, {"exit status 0", "replaced by another program (exec)"})
        self.assertEqual(summary["exit"], "exit status 0")

    def test_make(self):
        (self.folder / "Makefile").write_text(
            f"all: a b c d\na b c d:\n\t@{sample('packed')} 100000 > $@\n")
        summary = self.exact("make", "-j2")
        for name in "abcd":
            self.assertEqual((self.folder / name).read_text(), "sum 4999950000\n")
        peaks = [process["peak"]["bytes"] for process in self.running(summary, "packed")]
        self.assertEqual(len(peaks), 4)
        self.assertTrue(all(800_000 <= peak < 900_000 for peak in peaks), peaks)

    def test_pipeline(self):
        summary = self.profile("sh", "-c", f"{sample('packed')} | cat | wc -l")
        self.assertEqual(self.ran.stdout, b"1\n")
        self.assertEqual(len(self.running(summary, "packed")), 1)

    def test_orphan_that_ends_just_after(self):
        summary = self.exact("sh", "-c", f"(sleep 0.02; exec {sample('ending')} exit) & exit 6",
                             expect=6)
        (orphan,) = self.running(summary, "ending")
        self.assertEqual(orphan["exit"], "exit status 3")
        self.assertFalse((self.folder / "run.captures").exists())

    def test_daemon_is_not_waited_for_and_its_capture_stays(self):
        summary = self.exact(sample("processes"), "daemon")
        daemon = next(p for p in summary["processes"] if p["peak"]["bytes"] >= 5_000_000)
        self.addCleanup(kill_all, [daemon["pid"]])
        self.assertEqual(daemon["exit"], "still running")
        self.assertIn("still run", self.ran.stderr)
        self.assertIn("heapcrest report", self.ran.stderr)
        later = self.summary("run.captures")
        self.assertEqual(len(later["processes"]), 2)

    def test_program_that_runs_without_the_library_is_named(self):
        """It holds its memory itself, and not who executed it."""
        program = self.compile("#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n"
                               "int main(void) {\n  memset(malloc(30000000), 1, 30000000);\n"
                               "  return usleep(300000);\n}\n")
        summary = self.profile("env", "-i", program)
        (warning,) = summary["warnings"]
        self.assertTrue(warning.startswith(f"nothing was recorded of {program} (pid "), warning)
        (env,) = summary["processes"]
        self.assertIn("exec", env["exit"])
        self.assertLess((env["resident"] or {"bytes": 0})["bytes"], 10_000_000)

    def test_many_processes(self):
        script = "i=0; while [ $i -lt 200 ]; do /bin/ls / > /dev/null; i=$((i+1)); done"
        summary = self.profile("sh", "-c", script)
        self.assertEqual(len(self.running(summary, "ls")), 200)

    def test_each_stack_belongs_to_its_process(self):
        self.exact(sample("processes"))
        stacks = self.folded("run.heapcrest", "allocated")
        functions = {plain_name(frame) for stack in stacks for frame in stack.split(";")}
        self.assertIn("AllocateInSpawned", functions)
        self.assertNotIn("AllocateInParent", functions)


if __name__ == "__main__":
    unittest.main()
