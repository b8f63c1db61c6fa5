"""What cannot be profiled is refused before it starts: status 2, one line that says what to do."""

import os
import shutil
import subprocess
import unittest
from pathlib import Path

from heapcrest import Case, sample


class RefusalsTest(Case):
    def assert_refused(self, words, *program, options=()):
        refused = self.command("run", "-o", "run", *options, *program)
        self.assertEqual(refused.status, 2, str(refused))
        self.assertEqual(refused.stdout, b"")
        self.assertRegex(refused.stderr, r"^heapcrest: [^\n]+\n$")
        self.assertIn(words, refused.stderr)
        self.assertFalse((self.folder / "run.captures").exists())
        self.assertFalse((self.folder / "run.heapcrest").exists())

    def write(self, name, content, mode=0o755):
        path = self.folder / name
        path.write_bytes(content)
        path.chmod(mode)
        return str(path)

    def test_not_found(self):
        self.assert_refused("not in PATH", "no-such-program")
        self.assert_refused("No such file", "./no-such-program")

    def test_not_executable(self):
        self.assert_refused("chmod +x", self.write("text", b"#!/bin/sh\n", 0o644))
        self.assert_refused("is a folder", "/usr")

    def test_statically_linked(self):
        for flag in ("-static", "-static-pie"):
            path = self.compile("int main(void) { return 0; }", flag)
            self.assert_refused("statically linked", path)

    def test_musl(self):
        path = self.compile("int main(void) { return 0; }", compiler="musl-gcc")
        self.assert_refused("musl", path)

    def test_setuid_setgid_and_capabilities(self):
        path = self.write("rights", Path("/bin/true").read_bytes())
        os.chmod(path, 0o4755)
        self.assert_refused("setuid", path)
        os.chmod(path, 0o2755)
        self.assert_refused("setgid", path)
        os.chmod(path, 0o755)
        setcap = shutil.which("setcap", path="/sbin:/usr/sbin")
        self.assertIsNotNone(setcap, "install libcap2-bin")
        subprocess.run([setcap, "cap_net_raw+ep", path], check=True)
        self.assert_refused("capabilities", path)

    def test_another_architecture(self):
        elf = bytearray(Path("/bin/true").read_bytes())
        elf[4] = 1
        self.assert_refused("32-bit", self.write("narrow", elf))
        elf[4] = 2
        elf[18] = 0x28
        self.assert_refused("another architecture", self.write("arm", elf))

    def test_neither_elf_nor_script(self):
        self.assert_refused("neither an ELF program nor a script", self.write("data", b"\0\1\2"))
        self.assert_refused("neither an ELF program nor a script", self.write("empty", b""))

    def test_script_of_an_interpreter_that_cannot_be_profiled(self):
        path = self.compile("int main(void) { return 0; }", "-static", name="static")
        self.assert_refused("statically linked", self.write("script", f"#!{path}\n".encode()))
        self.assert_refused("no-such-python",
                            self.write("script", b"#!/usr/bin/env no-such-python\n"))

    def test_damaged_programs(self):
        elf = Path("/bin/true").read_bytes()
        for size in (5, 20, 63, 100, 500):
            self.assert_refused("damaged", self.write("cut", elf[:size]))

    def test_own_malloc(self):
        refused = self.command("run", "-o", "run", sample("own_malloc"))
        self.assertEqual(refused.status, 2, str(refused))
        self.assertEqual(refused.stdout, b"allocated\n")
        first, second = refused.stderr.splitlines()
        self.assertIn("malloc of its own", first)
        self.assertIn("nothing was recorded", second)
        self.assertFalse((self.folder / "run.heapcrest").exists())
        self.assertFalse((self.folder / "run.captures").exists())

    def test_own_malloc_of_a_child(self):
        summary = self.profile("sh", "-c", f"{sample('own_malloc')}; {sample('own_malloc')}; ls")
        warning, = summary["warnings"]
        self.assertRegex(warning, r"nothing was recorded of \S+own_malloc \(pid \d+\) and 1 more: ")
        self.assertIn(warning, self.ran.stderr)

    def test_outputs_that_are_not_ours(self):
        for name in ("run.heapcrest", "run.html"):
            path = self.folder / name
            path.write_text("something dear to somebody")
            refused = self.command("run", "-o", "run", "sh", "-c", "touch started")
            self.assertEqual(refused.status, 2, str(refused))
            self.assertIn(name, refused.stderr)
            self.assertEqual(path.read_text(), "something dear to somebody")
            self.assertFalse((self.folder / "started").exists())
            path.unlink()

    def test_outputs_of_ours_are_replaced(self):
        for _ in range(2):
            self.profile(sample("ending"), "return")

    def test_folder_that_cannot_be_written(self):
        for base in ("no/such/folder/run", "/proc/run", "/dev/null/run"):
            refused = self.command("run", "-o", base, "sh", "-c", "touch started")
            self.assertEqual(refused.status, 2, str(refused))
            self.assertRegex(refused.stderr, r"^heapcrest: [^\n]+\n$")
            self.assertFalse((self.folder / "started").exists())

    def test_usage(self):
        for arguments in ((), ("run",), ("run", "--"), ("run", "--interval", "0", "true"),
                          ("run", "--interval", "x", "true"), ("run", "--no-such-option", "true"),
                          ("no-such-command",), ("report",), ("summary",), ("export", "x"),
                          ("summary", "x", "--format", "yaml"), ("report", "x", "y")):
            refused = self.command(*arguments)
            self.assertEqual(refused.status, 2, f"{arguments} {refused}")
            self.assertEqual(refused.stdout, b"", arguments)
            self.assertNotEqual(refused.stderr, "", arguments)

    def test_start_without_a_command(self):
        for arguments, words in (
                (("bogus",), "'bogus' is no command: run, report, summary or export"),
                (("./bogus", "run"), "'./bogus' is no command: run, report, summary or export"),
                (("-o", "foo", "ls"),
                 "-o belongs after the command: heapcrest run -o foo ls"),
                (("--format", "json", "summary", "x"),
                 "--format belongs after the command: heapcrest summary --format json x"),
                (("--interval=1", "ls"),
                 "--interval belongs after the command: heapcrest run --interval=1 ls"),
                (("--bogus", "ls"),
                 "'--bogus' is no option of heapcrest. Try: heapcrest --help"),
                (("--", "ls"), "'--' is no option of heapcrest. Try: heapcrest --help"),
                (("",), "'' is no command: run, report, summary or export")):
            refused = self.command(*arguments)
            self.assertEqual(refused.status, 2, str(refused))
            self.assertEqual(refused.stderr, f"heapcrest: {words}\n")

    def test_help_and_version(self):
        for arguments in (("--help",), ("run", "--help"), ("report", "--help"),
                          ("summary", "--help"), ("export", "--help")):
            shown = self.command(*arguments)
            self.assertEqual(shown.status, 0, str(shown))
            self.assertIn(b"Usage: heapcrest ", shown.stdout)
            self.assertIn(b"Exit status:", shown.stdout)
        self.assertRegex(self.command("--version").stdout, rb"^heapcrest \d+\.\d+\.\d+\n$")


class InputsTest(Case):
    def assert_refused(self, path, words):
        for command in (("report", path), ("summary", path), ("export", path, "--format", "folded")):
            refused = self.command(*command)
            self.assertEqual(refused.status, 2, str(refused))
            self.assertRegex(refused.stderr, r"^heapcrest: [^\n]+\n$")
            self.assertIn(words, refused.stderr)

    def test_not_a_profile(self):
        (self.folder / "notes").write_text("dear diary")
        self.assert_refused("notes", "notes")
        self.assert_refused("missing", "No such file")
        (self.folder / "empty").write_text("")
        self.assert_refused("empty", "empty")
        (self.folder / "folder").mkdir()
        self.assert_refused("folder", "folder")

    def test_newer_version(self):
        self.profile(sample("ending"), "return")
        profile = bytearray((self.folder / "run.heapcrest").read_bytes())
        profile[8:12] = (99).to_bytes(4, "little")
        (self.folder / "newer.heapcrest").write_bytes(profile)
        self.assert_refused("newer.heapcrest", "newer")

    def test_damaged_profile_names_the_offset(self):
        self.profile(sample("boxed"), "100000")
        profile = bytearray((self.folder / "run.heapcrest").read_bytes())
        for at in range(len(profile) // 2, len(profile) // 2 + 8):
            profile[at] ^= 0xff
        (self.folder / "damaged.heapcrest").write_bytes(profile)
        self.assert_refused("damaged.heapcrest", "byte ")


if __name__ == "__main__":
    unittest.main()
