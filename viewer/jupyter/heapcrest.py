"""heapcrest in notebooks: `%load_ext heapcrest`, then `%%heapcrest` on the first line of a cell.

The cell runs as it would without: the line is taken out before IPython reads it, and the report is
shown behind whatever the cell shows. The kernel has to run under `heapcrest run`; this file installs
one that does: `python3 heapcrest.py install-kernel`. Standard library, IPython, ipykernel alone.
"""

import html
import importlib.util
import json
import linecache
import os
import runpy
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MAGIC = "%%heapcrest"
CAPTURE_START = struct.Struct("<Q")  # CLOCK_MONOTONIC, ns, at offset 40: docs/file-format.md
LINES = 5
PAGE_MOMENTS = 60  # at least
PAGE_MEGABYTES = 2  # a notebook keeps a page for each cell
NOT_PROFILED = f"""heapcrest: this process does not run under heapcrest, so nothing is profiled.
In Jupyter, once:
    {sys.executable} {os.path.abspath(__file__)} install-kernel
and then Kernel > Change kernel > Python 3 (heapcrest). In a terminal: heapcrest run ipython3"""


class Failure(Exception):
    """What the user has to know instead of a report."""


def find_command():
    """The heapcrest that belongs to the preloaded library or to this file, else that of PATH."""
    for place in (*os.environ.get("LD_PRELOAD", "").split(":"), os.path.abspath(__file__)):
        for folder in Path(place).parents if "heapcrest" in place else ():
            if os.access(folder / "bin" / "heapcrest", os.X_OK):
                return str(folder / "bin" / "heapcrest")
    found = shutil.which("heapcrest")
    if found is None:
        raise Failure("heapcrest: the command `heapcrest` is not in PATH. Install it, or add its "
                      "folder.")
    return found


def find_capture():
    """What heapcrest records of this process, and when that began; (None, 0) if it does not."""
    found = (None, 0)
    folder = os.environ.get("HEAPCREST_CAPTURES")
    for path in Path(folder).glob(f"{os.getpid()}-*.capture") if folder else ():
        with open(path, "rb") as file:
            file.seek(40)
            start_ns, = CAPTURE_START.unpack(file.read(CAPTURE_START.size))
        if start_ns > found[1]:  # an earlier one is of what was replaced by exec
            found = (path, start_ns)
    return found


def unprofiled_environment():
    preloaded = os.environ.get("LD_PRELOAD", "").split(":")
    others = ":".join(path for path in preloaded if not path.endswith("/libheapcrest.so"))
    kept = {name: value for name, value in os.environ.items()
            if name != "LD_PRELOAD" and not name.startswith("HEAPCREST_")}
    return {**kept, "LD_PRELOAD": others} if others else kept


def answers(*commands):
    """What `heapcrest` prints for each, all at once."""
    started = [subprocess.Popen([find_command(), *map(str, command)], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env=unprofiled_environment()) for command in commands]
    done = [process.communicate() for process in started]
    for process, (_, complaint) in zip(started, done):
        if process.returncode != 0:
            raise Failure(complaint.decode("utf-8", "replace"))
    return [output for output, _ in done]


def keep_source():
    """Writes the source of cells where frames say that it is: ipykernel has it in memory only."""
    folder = os.path.join(tempfile.gettempdir(), f"ipykernel_{os.getpid()}")
    for name, entry in list(linecache.cache.items()):
        if os.path.dirname(name) != folder or len(entry) < 4:
            continue
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            if os.stat(folder, follow_symlinks=False).st_uid != os.geteuid():
                return
            with open(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w",
                      encoding="utf-8") as file:
                file.writelines(entry[2])
            os.utime(name, (0, 0))  # heapcrest reads no source that is newer than the run
        except OSError:
            continue  # there already, or no room: the report lacks the text of lines


def size_text(size):
    for unit in ("B", "kB", "MB"):
        if abs(size) < 1000:
            break
        size /= 1000
    else:
        unit = "GB"
    return f"{size:.1f} {unit}" if unit != "B" else f"{size} B"


def describe(summary, before, cell_file):
    """The peak of the cell, what it left, and its own lines at the peak with what they called."""
    peak, end = summary["peak"]["bytes"], summary["end"]["bytes"]
    left = f"{size_text(abs(end - before))} {'more' if end >= before else 'less'} than then."
    text = [f"Peak of the cell: {size_text(peak)}, {size_text(peak - before)} above its start; "
            f"at its end {left}"]
    lines = [line for line in summary["top"]
             if line["file"] == cell_file and line["total_bytes"] > 0]
    lines.sort(key=lambda line: -line["total_bytes"])
    # A comprehension is a function of its own, of which the line that has it holds all.
    outermost = {line["line"]: line for line in reversed(lines)}
    for line in [line for line in lines if outermost[line["line"]] is line][:LINES]:
        source = linecache.getline(cell_file, line["line"]).strip()
        text.append(f"{size_text(line['total_bytes']):>10}  line {line['line']}:  {source[:80]}")
    return "\n".join(text)


def frame_of(page, view):
    """The page in a frame that can reach nothing. Its script reads the view from its address."""
    # Before the page's own policy, which would refuse it.
    script = f"<script>location.hash={json.dumps(view)}</script>"
    page = page.replace("<head>", "<head>" + script, 1)
    return (f'<iframe title="heapcrest" sandbox="allow-scripts" srcdoc="{html.escape(page)}" '
            'style="width:100%;height:640px;border:0"></iframe>')


def measure(capture, span, cell_file):
    """Text and HTML about a span of this process, as (from, to) in seconds since its start."""
    keep_source()
    start, end = (f"{seconds:.6f}" for seconds in span)
    with tempfile.TemporaryDirectory(prefix="heapcrest-") as folder:
        path = os.path.join(folder, "cell.html")
        shown = ("summary", capture, "--format", "json", "--between")
        cell, before, _ = answers((*shown, f"{start}-{end}", "--top", 1000000),
                                  (*shown, f"{start}-{start}", "--top", 0),
                                  ("report", capture, "-o", path, "--page-size", PAGE_MEGABYTES))
        page = Path(path).read_text(encoding="utf-8")
    text = describe(json.loads(cell), json.loads(before)["peak"]["bytes"], cell_file)
    # The page knows some hundred moments of the whole life and takes the nearest: lose nothing.
    step = span[1] / PAGE_MOMENTS
    view = f"view=grown:{max(0, span[0] - step):.6f}-{span[1] + step:.6f}"
    return text, f"<pre>{html.escape(text)}</pre>" + frame_of(page, view)


class Cells:
    """Watches the cells of one shell. IPython calls it; one cell at a time."""

    def __init__(self, shell):
        self.shell = shell
        self.started = None  # (time, file) of the cell that runs, if it is to be profiled

    def without_magic(self, lines):
        """Keeps the line, as a comment: those below it keep their numbers."""
        return ["# " + lines[0], *lines[1:]] if lines and is_marked(lines[0]) else lines

    without_magic.has_side_effects = True  # so IPython asks for more lines, as after any %%magic

    def before(self, info):
        self.started = None
        if is_marked(info.raw_cell.lstrip()):
            code = self.shell.transform_cell(info.raw_cell)
            name = self.shell.compile.get_code_name(info.raw_cell, code, self.shell.execution_count)
            self.started = (time.monotonic_ns(), name)

    def after(self, _result):
        from IPython.display import display
        end_ns = time.monotonic_ns()
        if self.started is None:
            return
        (start_ns, cell_file), self.started = self.started, None
        try:
            capture, zero_ns = find_capture()
            if capture is None:
                raise Failure(NOT_PROFILED)
            span = ((start_ns - zero_ns) / 1e9, (end_ns - zero_ns) / 1e9)
            text, page = measure(capture, span, cell_file)
            display({"text/plain": text, "text/html": page}, raw=True)
        except (Failure, OSError) as failure:
            print(failure, file=sys.stderr)


def is_marked(text):
    return text.split("\n", 1)[0].rstrip() == MAGIC


def load_ipython_extension(shell):
    cells = shell.heapcrest_cells = Cells(shell)
    shell.input_transformers_cleanup.append(cells.without_magic)
    shell.events.register("pre_run_cell", cells.before)
    shell.events.register("post_run_cell", cells.after)
    if find_capture()[0] is None:
        print(NOT_PROFILED, file=sys.stderr)


def unload_ipython_extension(shell):
    cells = shell.heapcrest_cells
    shell.input_transformers_cleanup.remove(cells.without_magic)
    shell.events.unregister("pre_run_cell", cells.before)
    shell.events.unregister("post_run_cell", cells.after)


def install_kernel():
    from jupyter_client.kernelspec import KernelSpecManager
    find_command()  # or say now that there is none
    with tempfile.TemporaryDirectory() as folder:
        spec = {"argv": [sys.executable, os.path.abspath(__file__), "profiled",
                         "-f", "{connection_file}"],
                "display_name": "Python 3 (heapcrest)", "language": "python"}
        (Path(folder) / "kernel.json").write_text(json.dumps(spec, indent=1))
        print(KernelSpecManager().install_kernel_spec(folder, "heapcrest", user=True))


def main(arguments):
    if arguments == ["install-kernel"]:
        install_kernel()
    elif arguments[:1] == ["profiled"]:  # by Jupyter: the kernel below, under heapcrest
        command = find_command()
        base = os.path.join(tempfile.mkdtemp(prefix="heapcrest-"), "notebook")
        os.execv(command, [command, "run", "--no-report", "-o", base, "--", sys.executable,
                           os.path.abspath(__file__), "kernel", *arguments[1:]])
    elif arguments[:1] == ["kernel"]:
        os.setpgrp()  # Jupyter interrupts a group: heapcrest, which passes it on, and not both
        # For `%load_ext heapcrest` this file is found without its folder in sys.path.
        spec = importlib.util.spec_from_file_location("heapcrest", os.path.abspath(__file__))
        sys.modules["heapcrest"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["heapcrest"])
        del sys.path[0]
        sys.argv = ["ipykernel_launcher", *arguments[1:]]
        runpy.run_module("ipykernel_launcher", run_name="__main__")
    else:
        raise Failure(f"usage: {sys.executable} {__file__} install-kernel")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Failure as wrong:
        sys.exit(str(wrong))
