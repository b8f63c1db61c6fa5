"""Programs that nobody here wrote: output and exit status as without us, and a sensible profile."""

import os
import socket
import subprocess
import time
import unittest

from heapcrest import Case

TEMPLATES = """
#include <algorithm>
#include <functional>
#include <map>
#include <regex>
#include <string>
#include <vector>
template <int N> struct Deep { std::map<int, std::vector<std::string>> m; Deep<N - 1> below; };
template <> struct Deep<0> {};
int main() {
  std::map<std::string, std::function<int(int)>> table;
  for (int i = 0; i < 9; ++i) table[std::to_string(i)] = [i](int x) { return x + i; };
  Deep<20> deep;
  std::regex expression("a+b*");
  return std::regex_match("aab", expression) ? static_cast<int>(table.size() - 9) : 1;
}
"""


PLAIN = """
#include <stdlib.h>
static int Compare(const void* a, const void* b) {
  static void* volatile held;  // called back by a library that has a table
  if (held == NULL) held = malloc(1000);
  return *(const int*)a - *(const int*)b;
}
void* Inner(void) { return malloc(123456); }
void* Outer(void) {
  int numbers[3] = {3, 1, 2};
  qsort(numbers, 3, sizeof(int), Compare);
  return Inner();
}
int main(void) {
  static void* volatile block;
  block = Outer();
  return 0;
}
"""


class ProgramsTest(Case):
    def same_as_bare(self, *program, peak, stdin=b"", base="run"):
        """Runs it twice, in folders of their own; returns the summary of the profiled run."""
        outcomes = []
        for profiled in (False, True):
            folder = self.folder / f"{base}-{'profiled' if profiled else 'bare'}"
            folder.mkdir()
            if profiled:
                ran = self.command("run", "-o", self.folder / base, "--", *program, stdin=stdin,
                                   cwd=folder)
                outcomes.append((ran.status, ran.stdout))
            else:
                done = subprocess.run(program, input=stdin, capture_output=True, cwd=folder)
                outcomes.append((done.returncode, done.stdout))
        self.assertEqual(outcomes[0], outcomes[1], ran.stderr)
        summary = self.summary(self.folder / f"{base}.heapcrest")
        self.check_invariants(summary)
        low, high = peak
        self.assertTrue(low <= summary["peak"]["bytes"] <= high, summary["peak"])
        self.assertTrue((self.folder / f"{base}.html").stat().st_size < 5_000_000)
        return summary

    def test_sqlite3(self):
        sql = b"CREATE TABLE t(a INTEGER, b TEXT);" \
              b"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)" \
              b"INSERT INTO t SELECT i, hex(i * 7919 % 100003) FROM n;" \
              b"SELECT count(*), sum(a), max(b) FROM (SELECT * FROM t ORDER BY b);"
        summary = self.same_as_bare("sqlite3", ":memory:", stdin=sql, peak=(2e6, 100e6))
        self.assertTrue(any("sqlite3" in line["module"] for line in summary["top"][:10]))

    def test_python3(self):
        script = "l = []\nfor i in range(1000000): l.append(i)\nprint(sum(l))"
        # The list takes 8.4 MB, its integers 32.0 MB, in arenas that Python maps on its own.
        summary = self.same_as_bare("python3", "-c", script, peak=(40e6, 48e6))
        self.assertIn("python3", summary["command"])

    def test_executable_with_gaps_between_its_segments(self):
        program = self.compile("#include <stdlib.h>\nvoid* volatile block;\n"
                               "int main(void) {\n  block = malloc(3000000);\n  return 0;\n}\n",
                               "-Wl,-z,max-page-size=0x200000")
        summary = self.exact(program)
        self.assertEqual(self.held(summary, "main"), (3_000_000, 1))
        self.assertEqual(summary["warnings"], [])

    def test_program_that_the_loader_is_told_to_run(self):
        program = self.compile(PLAIN)
        for named in (program, "./program"):
            summary = self.exact("/lib64/ld-linux-x86-64.so.2", named)
            self.assertEqual(self.held(summary, "Inner"), (123_456, 1))
            self.assertIn(program, [line["module"] for line in summary["top"]])
            self.assertEqual(summary["warnings"], [])

    def test_nothing_of_ours_is_shown_as_the_programs(self):
        program = self.compile("#include <stdlib.h>\nint main(void) {\n"
                               "  free(malloc(1000));\n  return 0;\n}\n")
        summary = self.exact(program)
        self.assertNotIn("heapcrest", str([line["function"] for line in summary["top"]]))
        self.assertEqual(summary["peak"]["bytes"], 1000)

    def test_program_without_a_table_of_its_frames(self):
        """Free Pascal's have none: frame pointers then lead on."""
        program = self.compile(PLAIN, "-O0", "-fno-omit-frame-pointer", "-Wl,--no-eh-frame-hdr")
        summary = self.exact(program)
        self.assertEqual(self.held(summary, "Inner"), (123_456, 1))
        self.assertEqual(self.below("run.heapcrest", "peak", "Outer"), 123_456 + 1000)

    def test_curl(self):
        self.same_as_bare("curl", "--version", peak=(1e4, 2e6))

    def test_perl(self):
        script = "my %h; $h{$_} = 'x' x 50 for 1..50000; print scalar(keys %h), qq(\\n);"
        self.same_as_bare("perl", "-e", script, peak=(5e6, 40e6))

    def test_git(self):
        script = "git init -q . && for i in 1 2 3 4 5; do echo $i > f$i; git add f$i; " \
                 "git -c user.name=a -c user.email=b commit -q -m $i; done; git log --format=%s; " \
                 "git gc -q; git fsck"
        summary = self.same_as_bare("sh", "-c", script, peak=(1e4, 200e6))
        self.assertGreater(len(summary["processes"]), 10)

    def test_clang(self):
        source = self.folder / "templates.cc"
        source.write_text(TEMPLATES)
        script = f"clang++ -O1 -std=c++17 {source} -o program && ./program"
        summary = self.same_as_bare("sh", "-c", script, peak=(30e6, 500e6))
        self.assertIn("clang", summary["command"])
        self.assertIn("libLLVM", " ".join(line["module"] for line in summary["top"]))

    def test_redis_server(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        running = self.start("redis-server", "--port", port, "--save", "", "--bind", "127.0.0.1")
        client = ["redis-cli", "-p", port]
        for _ in range(200):
            ready = subprocess.run([*client, "ping"], capture_output=True).stdout == b"PONG\n"
            if ready:
                break
            time.sleep(0.05)
        self.assertTrue(ready)
        fill = "for i = 1, 100000 do redis.call('set', 'key' .. i, string.rep('x', 100)) end"
        subprocess.run([*client, "eval", fill, "0"], check=True, capture_output=True)
        subprocess.run([*client, "shutdown", "nosave"], capture_output=True)
        self.assertEqual(running.wait(60), 0)
        summary = self.summary("run.heapcrest")
        self.assertEqual(summary["exit"], "exit status 0")
        self.assertTrue(10e6 < summary["peak"]["bytes"] < 60e6, summary["peak"])

    def test_failing_programs_fail_the_same_way(self):
        self.same_as_bare("python3", "-c", "raise SystemExit(42)", peak=(1e5, 50e6), base="exit")
        self.same_as_bare("ls", "/no/such/folder", peak=(0, 1e6), base="ls")


if __name__ == "__main__":
    unittest.main()
