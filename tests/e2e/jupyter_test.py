"""`%%heapcrest` in a notebook, through nbconvert and Debian's ipykernel; a prompt at a terminal."""

import base64
import html
import json
import os
import pty
import re
import select
import subprocess
import time
import unittest
import zlib
from pathlib import Path

from heapcrest import BUILD, COMMAND, SOURCE, Case, finish

PYTHON = "/usr/bin/python3"
EXTENSION = str(SOURCE / "viewer" / "jupyter" / "heapcrest.py")
LOAD = "%load_ext heapcrest"

# Five million bytes and the NUL behind them, on line 4. Twenty million for a moment.
HOLD = """%%heapcrest
def build():
    global held
    held = bytearray(5_000_000)
build()
temporary = bytearray(20_000_000)
del temporary
print("printed")
6 * 7
"""
RAISE = """%%heapcrest
held = bytearray(3_000_000)
raise KeyError("no such thing")
"""
WAIT = """
import time
try:
    time.sleep(60)
except KeyboardInterrupt:
    time.sleep(1)
    print("once")
"""
AWAIT = """%%heapcrest
import asyncio
await asyncio.sleep(0.01)
_ = None
"waited"
"""
COMPREHEND = """%%heapcrest
parts = [bytearray(100_000) for _ in range(50)]
"""


class JupyterTest(Case):
    def setUp(self):
        super().setUp()
        self.environment = {**os.environ, "HOME": str(self.folder), "TMPDIR": str(self.folder),
                            "PATH": f"{BUILD}/bin:/usr/bin:/bin"}
        for name in ("XDG_DATA_HOME", "JUPYTER_DATA_DIR", "IPYTHONDIR", "PYTHONPATH"):
            self.environment.pop(name, None)

    def install_kernel(self):
        done = subprocess.run([PYTHON, EXTENSION, "install-kernel"], env=self.environment,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)

    def execute(self, *cells, kernel="heapcrest"):
        """Runs a notebook; the outputs of each cell."""
        notebook = {"nbformat": 4, "nbformat_minor": 4, "metadata": {},
                    "cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell,
                               "execution_count": None} for cell in cells]}
        (self.folder / "book.ipynb").write_text(json.dumps(notebook))
        done = self.convert("book.ipynb", "--execute", "--allow-errors", "--to", "notebook",
                            "--output", "done.ipynb", f"--ExecutePreprocessor.kernel_name={kernel}")
        self.assertEqual(done.returncode, 0, done.stderr)
        executed = json.loads((self.folder / "done.ipynb").read_text())
        return [cell["outputs"] for cell in executed["cells"]]

    def convert(self, *arguments):
        return subprocess.run(["/usr/bin/jupyter-nbconvert", *arguments], cwd=self.folder,
                              env=self.environment, capture_output=True, text=True, timeout=300)

    def report(self, outputs):
        """Text and page of the report, which stands behind all that the cell shows."""
        self.assertEqual([o["output_type"] for o in outputs].count("display_data"), 1, outputs)
        data = outputs[-1]["data"]
        frame = "".join(data["text/html"])
        page = re.search(r'<iframe title="heapcrest" sandbox="allow-scripts" srcdoc="([^"]*)"', frame)
        return "".join(data["text/plain"]), html.unescape(page[1])

    def test_a_cell_shows_its_report(self):
        self.install_kernel()
        outputs = self.execute(LOAD, "before = bytearray(41_000_000)", HOLD)
        self.assertEqual(outputs[:2], [[], []])
        text, page = self.report(outputs[2])
        first, *lines = text.splitlines()
        peak, above, left = re.fullmatch(
            r"Peak of the cell: ([\d.]+) MB, ([\d.]+) MB above its start; "
            r"at its end ([\d.]+) MB more than then\.", first).groups()
        self.assertGreater(float(peak), 66)
        # Live bytes are known to 1/512 of the highest, 0.2 MB, at either end of a difference.
        self.assertAlmostEqual(float(above), 25.0, delta=0.5)
        self.assertAlmostEqual(float(left), 5.0, delta=0.5)
        self.assertIn("   20.0 MB  line 6:  temporary = bytearray(20_000_000)", lines)
        self.assertIn("    5.0 MB  line 5:  build()", lines)
        self.assertIn("    5.0 MB  line 4:  held = bytearray(5_000_000)", lines)
        self.assertRegex(page, r'<script>location\.hash="view=grown:\d+\.\d+-\d+\.\d+"</script>')
        self.assertLess(page.index("location.hash="), page.index("Content-Security-Policy"))
        # The text of the cell's own lines.
        data = [zlib.decompress(base64.b64decode(text))
                for text in re.findall(r"\be[JN][A-Za-z0-9+/]{200,}={0,2}", page)]
        self.assertTrue(any(b"bytearray(5_000_000)" in unpacked for unpacked in data))
        # What nbconvert makes of it holds the page as well.
        done = self.convert("done.ipynb", "--to", "html")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('<iframe title="heapcrest"', (self.folder / "done.html").read_text())

    def test_a_line_of_two_functions_is_one_line(self):
        self.install_kernel()
        text, _ = self.report(self.execute(LOAD, COMPREHEND)[1])
        self.assertRegex(text, r"\n +5\.0 MB  line 2:  parts = \[bytearray")
        self.assertEqual(text.count("line 2:"), 1, text)

    def test_bytes_of_a_line_are_exact_while_the_kernel_runs(self):
        self.install_kernel()
        ask = ("import glob, os, subprocess, sys; import heapcrest; "
               "print(heapcrest.answers(('summary', heapcrest.find_capture()[0], '--format', 'json',"
               " '--top', 100000))[0].decode())")
        outputs = self.execute(LOAD, HOLD + "held_more = bytearray(30_000_000)", ask)
        summary = json.loads("".join(outputs[2][0]["text"]))
        self.check_invariants(summary)
        line, = [line for line in summary["top"] if line["line"] == 4
                 and re.search(r"/ipykernel_\d+/\d+\.py$", line["file"])]
        self.assert_large_block(line["self_bytes"], line["count"], 5_000_001)
        # Where the report reads the text of lines.
        source = Path(line["file"]).read_text().splitlines()
        self.assertEqual(source[3], "    held = bytearray(5_000_000)")
        self.assertEqual(os.stat(line["file"]).st_mode & 0o777, 0o600)

    def test_a_cell_says_and_ends_as_without(self):
        self.install_kernel()
        cells = [cell.replace("%%heapcrest", "# %%heapcrest") for cell in (HOLD, RAISE, AWAIT)]
        plain = self.execute("pass", *cells, kernel="python3")
        profiled = self.execute(LOAD, HOLD, RAISE, AWAIT)
        for outputs, expected in zip(profiled[1:], plain[1:]):
            self.report(outputs)
            self.assertEqual(outputs[:-1], expected)
        self.assertEqual([o["output_type"] for o in profiled[1]],
                         ["stream", "execute_result", "display_data"])
        self.assertEqual(profiled[2][0]["ename"], "KeyError")
        self.assertEqual(profiled[3][0]["data"]["text/plain"], ["'waited'"])

    def test_a_kernel_without_heapcrest_says_what_to_do(self):
        self.environment["PYTHONPATH"] = os.path.dirname(EXTENSION)
        outputs = self.execute(LOAD, HOLD, kernel="python3")
        for shown in (outputs[0][-1], outputs[1][-1]):
            self.assertEqual(shown["name"], "stderr")
            text = "".join(shown["text"])
            self.assertIn("does not run under heapcrest", text)
            self.assertIn(f"{EXTENSION} install-kernel", text)
        self.assertEqual([o["output_type"] for o in outputs[1]],
                         ["stream", "execute_result", "stream"])

    def test_an_interrupt_reaches_the_cell_once(self):
        self.install_kernel()
        done = subprocess.run([PYTHON, "-c", INTERRUPT, WAIT], env=self.environment,
                              cwd=self.folder, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.stdout, "['once\\n']\n", done.stderr)


# Starts the kernel as a notebook does, and interrupts it in the middle of a cell.
INTERRUPT = """
import sys, threading
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="heapcrest", startup_timeout=60)
threading.Timer(2, manager.interrupt_kernel).start()
shown = []
def hook(message):
    if message["msg_type"] in ("stream", "error"):
        shown.append(message["content"].get("text", message["content"].get("ename")))
client.execute_interactive(sys.argv[1], output_hook=hook, timeout=60)
print(shown)
client.stop_channels()
manager.shutdown_kernel()
"""


class TerminalTest(Case):
    """A terminal of its own for `heapcrest run`, as people have it."""

    def converse(self, program, prompt, *steps):
        """Sends each line, or a Ctrl-C, after a prompt; returns all that the terminal showed."""
        leader, terminal = pty.openpty()
        self.addCleanup(os.close, leader)
        environment = {**os.environ, "HOME": str(self.folder), "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1",
                       "PYTHONPATH": os.path.dirname(EXTENSION)}
        running = subprocess.Popen([COMMAND, "run", "--no-report", "-o", "run", "--", *program],
                                   stdin=terminal, stdout=terminal, stderr=terminal,
                                   cwd=self.folder, env=environment, preexec_fn=own_terminal)
        self.addCleanup(finish, running)
        os.close(terminal)
        shown = self.read_until(leader, prompt)
        for step, answer in steps:
            os.write(leader, step.encode())
            shown += self.read_until(leader, answer)
        os.write(leader, b"\x04")
        rest = self.read_until(leader, None)
        self.assertEqual(running.wait(timeout=60), 0, rest)
        self.assertIn("Peak:", rest)
        return shown

    def read_until(self, leader, text):
        """What the terminal shows up to `text`, or up to its end."""
        shown, end = "", time.monotonic() + 60
        while text is None or text not in shown:
            ready, _, _ = select.select([leader], [], [], max(0, end - time.monotonic()))
            self.assertTrue(ready, f"no {text!r} in {shown!r}")
            try:
                shown += os.read(leader, 65536).decode("utf-8", "replace")
                shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
            except OSError:  # nobody has the terminal any more
                self.assertIsNone(text, shown)
                return shown
        return shown

    def test_the_interpreter_and_ctrl_c(self):
        shown = self.converse([PYTHON, "-q"], ">>> ",
                              ("held = bytearray(5_000_000)\n", ">>> "),
                              ("import time; print('as' + 'leep'); time.sleep(60)\n", "asleep"),
                              ("\x03", ">>> "), ("6 * 7\n", "42\r\n>>> "))
        self.assertEqual(shown.count("KeyboardInterrupt"), 1, shown)
        line, = [line for line in self.summary("run.heapcrest")["top"] if line["file"] == "<stdin>"
                 and line["self_bytes"] > 4_000_000]
        # Every command is line 1 of that file: others add a sampled small block or two of 64 KiB.
        self.assertTrue(5_000_001 <= line["self_bytes"] <= 5_400_000, line)

    def test_ipython_and_its_cell_magic(self):
        shown = self.converse(
            [PYTHON, "-m", "IPython", "--no-banner", "--no-confirm-exit"], "In [1]: ",
            ("%load_ext heapcrest\r", "In [2]: "), ("%%heapcrest\r", "...: "),
            ("held = bytearray(5_000_000)\r", "...: "),
            ("\r\r", "In [3]: "))
        self.assertIn("5.0 MB  line 2:  held = bytearray(5_000_000)", shown)
        self.assertIn("Peak of the cell: ", shown)


def own_terminal():
    os.setsid()
    import fcntl
    import termios
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


if __name__ == "__main__":
    unittest.main()
