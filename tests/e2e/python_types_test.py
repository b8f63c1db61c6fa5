"""Which types Python's objects are of: on Debian's interpreter and on those of pyenv, if there are any."""

import glob
import os
import unittest

from heapcrest import Case

PYTHON = "/usr/bin/python3"
OTHERS = sorted(glob.glob(os.path.expanduser("~/.pyenv/versions/3.*/bin/python3")))
EACH = 3_000

# A line for each kind, all alive at the end. The figures are of line, type, objects for each round.
KINDS = """
class Slotted:
    __slots__ = ("x", "y")
class Plain:
    def __init__(self):
        self.attribute = None
class Meta(type):
    pass
class Made(metaclass=Meta):
    __slots__ = ()
held = [None] * 36000
EACH = 3000
for i in range(EACH): held[i] = i + 1000
for i in range(EACH): held[i + EACH] = i * 0.5
for i in range(EACH): held[i + 2 * EACH] = "text %d" % i
for i in range(EACH): held[i + 3 * EACH] = b"bytes %d" % i
for i in range(EACH): held[i + 4 * EACH] = [None, None]
for i in range(EACH): held[i + 5 * EACH] = {"key": None}
for i in range(EACH): held[i + 6 * EACH] = (None, i % 2)
for i in range(EACH): held[i + 7 * EACH] = {None}
for i in range(EACH): held[i + 8 * EACH] = Slotted()
for i in range(EACH): held[i + 9 * EACH] = Plain()
for i in range(EACH): held[i + 10 * EACH] = Made()
for i in range(EACH): held[i + 11 * EACH] = "z\\u00e9\\u20ac%d" % i
"""
TYPES = {12: "int", 13: "float", 14: "str", 15: "bytes", 16: "list", 17: "dict", 18: "tuple", 19: "set", 20: "Slotted",
         21: "Plain", 22: "Made", 23: "str"}

LIST = """
list_of_numbers = []
for i in range(1000000):
    list_of_numbers.append(i)
"""

ARRAYS = """
import numpy
held = [numpy.zeros(100) for i in range(3000)]
"""


class PythonTypesTest(Case):
    def write(self, text, name="program.py"):
        (self.folder / name).write_text(text.lstrip("\n"))
        return str(self.folder / name)

    def types(self, summary, number, name="program.py"):
        """By type, what a line of the program holds: (bytes, objects)."""
        types = {}
        for line in summary["top"]:
            if not line["file"].endswith(name) or line["line"] != number:
                continue
            self.assertLessEqual(sum(held["bytes"] for held in line["types"]), line["self_bytes"])
            for held in line["types"]:
                size, count = types.get(held["type"], (0, 0))
                types[held["type"]] = size + held["bytes"], count + held["count"]
        return types

    def check_kinds(self, python, base):
        summary = self.exact(python, self.write(KINDS), base=base)
        for number, name in TYPES.items():
            with self.subTest(f"{base} {name}"):
                types = self.types(summary, number)
                # A few come from free lists: earlier lines allocated them.
                self.assertTrue(EACH - 100 <= types[name][1] <= EACH, types)
                # What the loop itself needs.
                self.assertTrue(all(count <= 2 for other, (_, count) in types.items() if other != name),
                                types)

    def test_every_kind_exactly(self):
        self.check_kinds(PYTHON, "debian")

    def test_other_versions(self):
        for python in OTHERS:
            version = python.split("/")[-3]
            if (3, 8) <= tuple(map(int, version.split(".")[:2])) <= (3, 13):
                self.check_kinds(python, version)

    def test_the_articles_integers(self):
        summary = self.profile(PYTHON, self.write(LIST))
        held, count = self.types(summary, 2)["int"]
        self.assertLess(abs(held / (32 * 999_743) - 1), 0.02)
        self.assertLess(abs(count / 999_743 - 1), 0.02)
        line = next(line for line in summary["top"] if line["line"] == 2)
        self.assertEqual(line["function"], "<module>")
        self.assertGreater(held, 0.99 * line["self_bytes"])
        self.assertEqual(summary["types"][0]["type"], "int")
        self.assertEqual(self.types(summary, 3), {}, "the list's items are a buffer")
        self.assertIn(" × int, ", self.ran.stderr)
        integers = sum(size for stack, size in self.folded("run.heapcrest", "peak").items()
                       if stack.endswith(";int"))
        self.assertEqual(integers, summary["types"][0]["bytes"])
        shown = self.command("summary", "run.heapcrest", "--format", "markdown")
        self.assertIn(" × int, ", shown.stdout.decode())

    def test_arrays_of_numpy(self):
        summary = self.profile(PYTHON, self.write(ARRAYS), options=("--interval", 1024))
        types = self.types(summary, 2)
        self.assertLess(abs(types["numpy.ndarray"][1] / EACH - 1), 0.2)
        line = next(line for line in summary["top"]
                    if line["line"] == 2 and line["file"].endswith("program.py"))
        self.assertGreater(line["self_bytes"] - types["numpy.ndarray"][0], 0.9 * EACH * 800)

    def test_classes_that_come_and_go_keep_their_names(self):
        program = self.write("""
held = []
def rounds():
    for i in range(300):
        made = type(f"Class{i}", (), {"__slots__": ("a", "b")})
        yield [made() for _ in range(50)]
for objects in rounds():
    names = {type(object).__name__ for object in objects}
    assert len(names) == 1
    del objects
last = [type("Last", (), {"__slots__": ("a", "b")})() for _ in range(100)]
""")
        self.exact(PYTHON, program)
        allocated = self.folded("run.heapcrest", "allocated")
        expected = {f"Class{i}": 50 * 48 for i in range(300)} | {"Last": 100 * 48}
        missing = 0
        for name, size in expected.items():
            found = sum(size for stack, size in allocated.items() if stack.endswith(f";{name}"))
            self.assertIn(size - found, (0, 48), name)
            missing += (size - found) // 48
        # One that starts a collection has no type yet when that allocates.
        self.assertLessEqual(missing, 3)

    def test_killed_process_has_the_types_that_were_read(self):
        program = self.write(LIST + "import os\nos.kill(os.getpid(), 9)\n")
        summary = self.profile(PYTHON, program, expect=128 + 9)
        self.assertLess(abs(self.types(summary, 2)["int"][1] / 999_743 - 1), 0.03)

    def test_threads_and_forks(self):
        program = self.write("""
import os, threading
def work(held):
    for i in range(5000):
        held.append((i, i))
lists = [[] for _ in range(6)]
threads = [threading.Thread(target=work, args=(held,)) for held in lists]
for thread in threads: thread.start()
for thread in threads: thread.join()
if os.fork() == 0:
    child = [[i] for i in range(5000)]
    os._exit(3)
os.wait()
""")
        for options in ((), ("--interval", 1)):
            summary = self.profile(PYTHON, program, options=options, base=f"run{len(options)}")
            types = self.types(summary, 4)
            self.assertLess(abs(types["tuple"][1] / 30_000 - 1), 0.4)
        self.assertTrue(29_800 <= types["tuple"][1] <= 30_000, types)
        child = next(p for p in summary["processes"] if p["exit"] == "exit status 3")
        self.assertGreater(child["peak"]["bytes"], 5_000 * 56)

    def test_nothing_is_typed_without_pymalloc(self):
        summary = self.profile(PYTHON, self.write(LIST), env=dict(os.environ, PYTHONMALLOC="malloc"))
        self.assertEqual(summary["types"], [])


if __name__ == "__main__":
    unittest.main()
