"""A program under `heapcrest run` behaves as it does without: streams, arguments, environment,
signals, exit status, process group."""

import os
import pty
import resource
import signal
import subprocess
import time
import unittest

from heapcrest import COMMAND, Case, children, sample


# dlerror makes its text with realloc: here the first one of the process.
FAILED_DLOPEN = """
#include <dlfcn.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
int main(void) {
  void* volatile block;
  dlopen("/nowhere.so", RTLD_NOW);
  puts(dlerror());
  dlopen("/nowhere.so", RTLD_NOW);
  block = calloc(1, 1);
  block = memalign(64, 64);
  block = valloc(1);
  block = pvalloc(1);
  block = aligned_alloc(64, 64);
  puts(dlerror());
  block = realloc(block, 100000);
  free(block);
  return 0;
}
"""


# What a program sees that looks for open descriptors, under its limit and under a lower one.
OPEN_DESCRIPTORS = """
import os, resource, subprocess, sys

def is_open(descriptor):
    try:
        return bool(os.fstat(descriptor))
    except OSError:
        return False

soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
descriptors = range(soft if len(sys.argv) == 1 else 500)
print([descriptor for descriptor in descriptors if is_open(descriptor)], flush=True)
if len(sys.argv) == 1:
    resource.setrlimit(resource.RLIMIT_NOFILE, (29, hard))
    subprocess.run([sys.executable, __file__, "lowered"], check=True)
"""


class TransparencyTest(Case):
    def test_no_descriptor_of_ours_is_seen(self):
        program = self.folder / "program.py"
        program.write_text(OPEN_DESCRIPTORS)
        for limits in ((1024, 4096), (4096, 4096)):
            def limit():
                resource.setrlimit(resource.RLIMIT_NOFILE, limits)

            command = ("/usr/bin/python3", str(program))
            bare = subprocess.run(command, capture_output=True, check=True, preexec_fn=limit)
            ran = self.command("run", "-o", "run", *command, preexec_fn=limit)
            self.assertEqual(ran.stdout, bare.stdout, str(ran))
            self.assertEqual(len(self.summary("run.heapcrest")["processes"]), 2)

    def run_shell(self, script, **more):
        ran = self.command("run", "-o", "run", "--", "sh", "-c", script, **more)
        self.ran = ran
        return ran

    def test_exit_statuses(self):
        for status in (0, 1, 2, 7, 126, 127, 255):
            self.assertEqual(self.run_shell(f"exit {status}").status, status)

    def test_programs_that_hardly_allocate(self):
        self.assertEqual(self.command("run", "-o", "a", "true").status, 0)
        self.assertEqual(self.command("run", "-o", "b", "false").status, 1)
        # A few kB of locale: sampled by chance, and then for one interval.
        self.assertLess(self.summary("a.heapcrest")["peak"]["bytes"], 200_000)

    def test_stdin_and_stdout_are_the_programs_alone(self):
        text = os.urandom(1_000_000)
        ran = self.command("run", "-o", "run", "cat", stdin=text)
        self.assertEqual(ran.status, 0)
        self.assertEqual(ran.stdout, text)

    def test_stderr_of_the_program_comes_first_and_whole(self):
        ran = self.run_shell("echo to stderr >&2")
        self.assertTrue(ran.stderr.startswith("to stderr\n"))
        self.assertEqual(ran.stdout, b"")

    def test_options_of_the_program_stay_its_own(self):
        script = self.folder / "show"
        script.write_text('#!/bin/sh\nprintf "[%s]" "$@"\n')
        script.chmod(0o755)
        hers = ["-o", "x", "--help", "--interval", "", "--", "-", "a b", "--version", "run"]
        wanted = "".join(f"[{argument}]" for argument in hers).encode()
        for dashes in ([], ["--"]):
            ran = self.command("run", "-o", "run", *dashes, script, *hers)
            self.assertEqual(ran.stdout, wanted, str(ran))

    def test_default_name(self):
        ran = self.command("run", "--no-report", "sh", "-c", "exit 0")
        self.assertEqual(ran.status, 0, str(ran))
        names = [path.name for path in self.folder.iterdir()]
        self.assertEqual(len(names), 1, names)
        self.assertRegex(names[0], r"^heapcrest\.sh\.\d+\.heapcrest$")

    def test_environment_is_as_it_was_but_for_ours(self):
        clean = {"PATH": os.environ["PATH"], "ODD": "a b\n", "EMPTY": ""}
        plain = subprocess.run(["env"], capture_output=True, cwd=self.folder, env=clean).stdout
        ran = self.command("run", "-o", "run", "env", env=clean)
        ours = (b"LD_PRELOAD=", b"ASAN_OPTIONS=", b"HEAPCREST_")
        rest = [line for line in ran.stdout.splitlines() if not line.startswith(ours)]
        self.assertEqual(sorted(rest), sorted(plain.splitlines()))

    def test_message_of_a_failed_dlopen_stays(self):
        """Whatever the program allocates between the failure and the question."""
        program = self.compile(FAILED_DLOPEN)
        bare = subprocess.run([program], capture_output=True)
        self.assertIn(b"/nowhere.so", bare.stdout)
        ran = self.command("run", "-o", "run", program)
        self.assertEqual((ran.status, ran.stdout), (0, bare.stdout), str(ran))

    def test_preloaded_libraries_stay(self):
        environment = dict(os.environ, LD_PRELOAD="libjemalloc.so.2")
        ran = self.run_shell("echo $LD_PRELOAD", env=environment)
        self.assertRegex(ran.stdout, rb"^/.*/libheapcrest.so:libjemalloc.so.2\n$")

    def test_closed_streams(self):
        """They are closed in the program too, and no file of ours takes their place."""
        show = self.folder / "show"
        show.write_text("#!/bin/sh\nexec 9>seen\n"
                        "for i in 0 1 2; do readlink /proc/$$/fd/$i >&9; done\nexit 9\n")
        show.chmod(0o755)
        for closing in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
            seen = []
            for prefix in ("", f'"{COMMAND}" run -o run '):
                ran = self.command("-c", f"{prefix}./show {closing}", command="/bin/sh")
                self.assertEqual(ran.status, 9, f"{closing} {ran}")
                names = (self.folder / "seen").read_text().splitlines()
                seen.append([name.split("[")[0] for name in names])
            self.assertEqual(seen[0], seen[1], closing)
            self.summary("run.heapcrest")

    def test_files_of_ours_do_not_reach_the_program(self):
        # Our own stay open with numbers far out of the way of those that open() gives.
        show = ["python3", "-c", "import os; print([os.dup(0), os.dup(0), os.dup(0)])"]
        plain = subprocess.run(show, capture_output=True, stdin=subprocess.DEVNULL)
        ran = self.command("run", "-o", "run", *show)
        self.assertEqual(ran.stdout, plain.stdout, str(ran))

    def test_who_looks_for_open_files_finds_its_own(self):
        look = "import os\n" \
               "def is_open(fd):\n" \
               "    try: os.fstat(fd)\n" \
               "    except OSError: return False\n" \
               "    return True\n" \
               "print([fd for fd in range(os.sysconf('SC_OPEN_MAX')) if is_open(fd)])"
        ran = self.command("run", "-o", "run", "sh", "-c",
                           "ulimit -S -n 1024; exec python3 -c \"$0\"", look)
        self.assertEqual(ran.stdout, b"[0, 1, 2]\n", str(ran))

    def test_signal_dispositions_and_mask(self):
        show = "import signal; print([s.name for s in signal.Signals if " \
               "signal.getsignal(s) == signal.SIG_IGN], signal.pthread_sigmask(0, []))"

        def before():
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])

        plain = subprocess.run(["python3", "-c", show], capture_output=True, preexec_fn=before)
        ran = self.command("run", "-o", "run", "python3", "-c", show, preexec_fn=before)
        self.assertEqual(ran.stdout, plain.stdout, str(ran))
        self.assertIn(b"SIGCHLD", ran.stdout)

    def test_signals_to_us_reach_the_program(self):
        script = "trap 'echo got {0}; exit 3' {0}; echo ready; while :; do sleep 0.01; done"
        for name in ("TERM", "HUP", "USR1", "USR2", "INT"):
            running = self.start("sh", "-c", script.format(name), base=name)
            self.assertEqual(running.stdout.readline(), b"ready\n")
            running.send_signal(getattr(signal, "SIG" + name))
            self.assertEqual(running.wait(30), 3, name)
            self.assertEqual(running.stdout.read(), f"got {name}\n".encode())
            shells = [process for process in self.summary(f"{name}.heapcrest")["processes"]
                      if process["parent_pid"] == running.pid]
            self.assertEqual([process["exit"] for process in shells], ["exit status 3"])

    def test_ctrl_c_at_a_terminal(self):
        """The terminal sends SIGINT to both; the program gets it once, and its report is written."""
        script = "import signal, time; seen = []; signal.signal(2, lambda *_: seen.append(1)); " \
                 "print('ready', flush=True)\nwhile not seen: time.sleep(0.01)\n" \
                 "time.sleep(0.3); print('interrupts', len(seen), flush=True)"
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            os.execv(COMMAND, [COMMAND, "run", "-o", "run", "python3", "-c", script])
        self.read_until(terminal, b"ready")
        os.write(terminal, b"\x03")
        self.read_until(terminal, b"interrupts 1\r\n")
        self.read_until(terminal, b"Report:")
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0)
        os.close(terminal)
        self.assertEqual(self.summary("run.heapcrest")["exit"], "exit status 0")

    def test_signal_that_was_ignored_reaches_a_program_that_handles_it(self):
        """As behind `&` in a script, where SIGINT is ignored."""
        script = "import signal, sys, time; signal.signal(2, lambda *_: sys.exit(5)); " \
                 "print('ready', flush=True); time.sleep(60)"
        running = self.start("python3", "-c", script,
                             preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
        self.assertEqual(running.stdout.readline(), b"ready\n")
        running.send_signal(signal.SIGINT)
        self.assertEqual(running.wait(timeout=30), 5)

    def read_until(self, terminal, words):
        seen = b""
        deadline = time.monotonic() + 30
        while words not in seen:
            self.assertLess(time.monotonic(), deadline, seen)
            seen += os.read(terminal, 4096)

    def test_same_process_group_and_session(self):
        ran = self.run_shell("ps -o pgid=,sid= -p $$,$PPID")
        ours, hers = ran.stdout.splitlines()
        self.assertEqual(ours, hers)

    def test_program_whose_stdout_reader_leaves(self):
        ran = self.command("-c", f'"{COMMAND}" run -o run -- yes | head -1', command="/bin/sh")
        self.assertEqual(ran.stdout, b"y\n")
        self.assertEqual(self.summary("run.heapcrest")["exit"], "killed by SIGPIPE")

    def test_nobody_reads_our_stderr(self):
        running = subprocess.Popen([COMMAND, "run", "-o", "run", "sh", "-c", "exit 4"],
                                   cwd=self.folder, stderr=subprocess.PIPE)
        running.stderr.close()
        self.assertEqual(running.wait(30), 4)
        self.assertTrue((self.folder / "run.html").exists())


if __name__ == "__main__":
    unittest.main()
