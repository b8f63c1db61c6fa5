"""Storage that fails stops the recording with one line, never the program."""

import os
import resource
import subprocess
import unittest

from heapcrest import COMMAND, Case, sample


class StorageTest(Case):
    def mount(self, size):
        """A file system of its own for the captures: a real full disk. Needs root."""
        folder = self.folder / "disk"
        folder.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, f"cannot mount a tmpfs: run as root. {done.stderr}")
        self.addCleanup(subprocess.run, ["umount", folder])
        return folder

    def test_full_disk(self):
        folder = self.mount("1m")
        ran = self.command("run", "-o", folder / "run", "--interval", 1, sample("boxed"))
        self.assertEqual(ran.stdout, b"sum 499999500000\n", str(ran))
        self.assertIn("No space left on device", ran.stderr)

    def test_full_disk_keeps_what_came_before(self):
        folder = self.mount("4m")
        ran = self.command("run", "-o", folder / "run", "--interval", 64, sample("boxed"))
        self.assertEqual(ran.stdout, b"sum 499999500000\n", str(ran))
        self.assertIn("No space left on device", ran.stderr)
        captures = folder / "run.captures"
        profile = captures if captures.exists() else folder / "run.heapcrest"
        self.assertGreater(self.summary(profile)["peak"]["bytes"], 1_000_000)

    def test_file_size_limit(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))

        ran = self.command("run", "-o", "run", "--interval", 16, sample("boxed"), preexec_fn=limit)
        self.assertEqual(ran.stdout, b"sum 499999500000\n", str(ran))
        self.assertEqual(ran.status, 0, str(ran))
        self.assertIn("File too large", ran.stderr)

    def test_file_size_limit_below_any_capture(self):
        ran = self.command("-c", f'ulimit -f 1; "$0" run -o run {sample("boxed")} 1000', COMMAND,
                           command="/bin/bash")
        self.assertEqual(ran.status, 2, str(ran))
        self.assertRegex(ran.stderr, r"^heapcrest: nothing was recorded: the captures in '[^']*' "
                                     r"could not be written: File too large. Raise the limit: "
                                     r"ulimit -f unlimited\n$")
        self.assertFalse((self.folder / "run.captures").exists())

    def test_folder_removed_while_the_program_runs(self):
        script = f"rm -r run.captures; {sample('packed')}"
        ran = self.command("run", "-o", "run", "sh", "-c", script)
        self.assertEqual(ran.stdout, b"sum 499999500000\n", str(ran))

    def test_program_that_changes_its_folder_and_root_of_names(self):
        summary = self.profile("sh", "-c", f"cd /; exec {sample('packed')}")
        self.assertEqual(self.below("run.heapcrest", "peak", "Zeros"), 8_000_000)

    def test_file_descriptors_run_out(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (3, 64))

        show = subprocess.run([sample("boxed"), "1000"], capture_output=True, preexec_fn=limit)
        script = f"ulimit -S -n 3; {sample('boxed')} 1000"
        ran = self.command("run", "-o", "run", "sh", "-c", script)
        self.assertEqual(ran.status in (0, 127), True, str(ran))
        self.assertEqual(show.returncode in (0, 127), True)


if __name__ == "__main__":
    unittest.main()
