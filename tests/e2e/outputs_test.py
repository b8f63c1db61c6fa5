"""The outputs agree with each other, and need nothing but the profile."""

import json
import os
import re
import shutil
import unittest

from heapcrest import Case, sample


class OutputsTest(Case):
    def test_views_agree(self):
        for options in ((), ("--interval", 1)):
            summary = self.profile(sample("boxed"), "200000", options=options)
            for view in ("peak", "end", "allocated"):
                total = sum(self.folded("run.heapcrest", view).values())
                self.assertEqual(total, summary[view]["bytes"], view)

    def test_summary_formats_agree(self):
        summary = self.profile(sample("boxed"))
        text = self.command("summary", "run.heapcrest").stdout.decode()
        markdown = self.command("summary", "run.heapcrest", "--format", "markdown").stdout.decode()
        megabytes = f"{summary['peak']['bytes'] / 1e6:.1f} MB"
        for shown in (text, markdown, self.ran.stderr):
            self.assertIn(megabytes, shown)
            self.assertIn("NewInteger", shown)
            self.assertIn("boxed.cc", shown)
        self.assertIn(text.strip(), self.ran.stderr)

    def test_top_cuts_the_list(self):
        self.profile(sample("family"))
        for top in (0, 1, 3):
            summary = self.summary("run.heapcrest", top=top)
            self.assertEqual(len(summary["top"]), top)
            self.check_invariants(summary)

    def test_interval_of_a_run(self):
        summary = self.profile(sample("boxed"))
        self.assertIsNotNone(summary["resident"])
        def between(span):
            return self.command("summary", "run.heapcrest", "--format", "json", "--between", span)
        early = json.loads(between("0-0.001").stdout)
        self.assertLess(early["peak"]["bytes"], summary["peak"]["bytes"])
        self.assertIsNone(early["resident"])  # it is of another moment
        late = between("1000-1001")
        self.assertEqual(late.status, 2, str(late))
        self.assertIn("no process ran for longer than", late.stderr)

    def test_report_is_the_one_that_run_wrote(self):
        self.profile(sample("boxed"), "10000")
        written = (self.folder / "run.html").read_bytes()
        self.assertTrue(written.startswith(b"<!doctype html><!-- heapcrest report"))
        (self.folder / "run.html").unlink()
        again = self.command("report", "run.heapcrest")
        self.assertEqual(again.status, 0, str(again))
        self.assertEqual((self.folder / "run.html").read_bytes(), written)
        named = self.command("report", "run.heapcrest", "-o", "other.html")
        self.assertEqual(named.status, 0, str(named))
        self.assertEqual((self.folder / "other.html").read_bytes(), written)

    def test_no_report(self):
        self.profile(sample("boxed"), "1000", options=("--no-report",))
        self.assertEqual([path.name for path in self.folder.iterdir()], ["run.heapcrest"])
        self.assertNotIn("Report:", self.ran.stderr)

    def test_line_of_which_no_more_is_known_has_none_below_it(self):
        """A block of 48 bytes goes by unsampled."""
        self.profile(self.compile("#include <stdlib.h>\nvoid* volatile block;\n"
                                  "int main(void) {\n  block = malloc(48);\n  return 0;\n}\n"))
        self.assertIn("100.0 %", self.ran.stderr)
        self.assertNotIn(" \n", self.ran.stderr)

    def test_same_answers_without_the_binaries(self):
        program = self.folder / "program"
        shutil.copy(sample("boxed"), program)
        before = self.profile(program, "50000")
        stacks = self.folded("run.heapcrest", "peak")
        report = (self.folder / "run.html").read_bytes()
        program.unlink()
        self.assertEqual(self.summary("run.heapcrest"), before)
        self.assertEqual(self.folded("run.heapcrest", "peak"), stacks)
        self.assertEqual(self.command("report", "run.heapcrest").status, 0)
        self.assertEqual((self.folder / "run.html").read_bytes(), report)
        self.assertEqual(self.held(before, "NewInteger")[0] > 0, True)

    def test_stripped_program_keeps_its_bytes(self):
        program = self.folder / "stripped"
        shutil.copy(sample("boxed"), program)
        self.command("--strip-all", program, command="/usr/bin/strip")
        summary = self.exact(program, "10000")
        self.assertGreaterEqual(summary["peak"]["bytes"], 280_000)
        self.assertTrue(any(re.match(r"stripped\+0x", line["function"]) for line in summary["top"]),
                        summary["top"][:3])

    def test_export_to_a_file_never_overwrites(self):
        self.profile(sample("boxed"), "1000")
        export = ("export", "run.heapcrest", "--format", "folded", "-o", "stacks.txt")
        self.assertEqual(self.command(*export).status, 0)
        content = (self.folder / "stacks.txt").read_bytes()
        refused = self.command(*export)
        self.assertEqual(refused.status, 2, str(refused))
        self.assertEqual((self.folder / "stacks.txt").read_bytes(), content)

    def test_stdout_that_is_full_is_an_error(self):
        self.profile(sample("boxed"), "1000")
        with open("/dev/full", "wb") as full:
            import subprocess
            from heapcrest import COMMAND
            for arguments in (("summary", "run.heapcrest"),
                              ("export", "run.heapcrest", "--format", "folded")):
                done = subprocess.run([COMMAND, *arguments], cwd=self.folder, stdout=full,
                                      stderr=subprocess.PIPE)
                self.assertEqual(done.returncode, 2)
                self.assertIn(b"No space left", done.stderr)

    def test_hostile_names_stay_text(self):
        name = b"\xff\x1b[31m</script>\n`x`|"
        program = os.path.join(os.fsencode(self.folder), b"a\xff\x1b[31m")
        shutil.copy(sample("boxed"), program)
        ran = self.command("run", "-o", "run", os.fsdecode(program), "1000", os.fsdecode(name))
        self.assertEqual(ran.status, 0, str(ran))
        self.assertNotIn("\x1b", ran.stderr)
        for format in ("text", "markdown", "json"):
            shown = self.command("summary", "run.heapcrest", "--format", format)
            self.assertEqual(shown.status, 0, str(shown))
            shown.stdout.decode("utf-8")
            self.assertNotIn(b"\x1b", shown.stdout)
        page = (self.folder / "run.html").read_text("utf-8")
        self.assertNotIn("\x1b", page)

    def test_cut_profile_is_shown_as_far_as_it_goes_or_refused_with_the_place(self):
        self.profile(sample("boxed"), "100000")
        whole = (self.folder / "run.heapcrest").read_bytes()
        (self.folder / "cut.heapcrest").write_bytes(whole[: len(whole) * 2 // 3])
        shown = self.command("summary", "cut.heapcrest")
        self.assertIn(shown.status, (0, 2))
        self.assertRegex(shown.stderr + shown.stdout.decode(), "cut|ends|short")


if __name__ == "__main__":
    unittest.main()
