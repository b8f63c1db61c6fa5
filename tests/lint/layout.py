"""The house rules that no compiler knows: arrows between rooms, sizes of files, names of rooms."""

import re
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
MAX_LINES = 250
FORBIDDEN_NAMES = {"util", "utils", "common", "helper", "helpers", "manager", "impl", "misc"}

# A room may include itself and what its arrows point to; the first match decides.
ARROWS = [
    ("profiler/format/", ("profiler/format/",)),
    ("profiler/launch/", ("profiler/launch/", "profiler/format/")),
    ("profiler/", ("profiler/",)),
    ("viewer/", ("viewer/", "profiler/format/", "profiler/launch/")),
    ("samples/", ("samples/",)),
    ("tests/", ("tests/", "profiler/", "viewer/", "samples/")),
]


def sources():
    for room in ("profiler", "viewer", "samples", "tests"):
        for path in sorted((SOURCE / room).rglob("*")):
            if path.suffix in (".cc", ".h", ".js", ".py", ".mjs") and "node_modules" not in path.parts:
                yield path.relative_to(SOURCE).as_posix(), path


def wrong_arrows(name, text):
    allowed = next(targets for room, targets in ARROWS if name.startswith(room))
    for included in re.findall(r'^#include "([^"]+)"', text, re.M):
        inside = included.split("/")[0] in ("profiler", "viewer", "samples", "tests")
        if inside and not included.startswith(allowed):
            yield f"{name}: includes {included}, against the arrows"
    # launch lives in the command: the library inside other processes must not know it.
    if name.startswith("profiler/") and not name.startswith("profiler/launch/"):
        if '#include "profiler/launch/' in text:
            yield f"{name}: includes profiler/launch"


def findings():
    for name, path in sources():
        text = path.read_text()
        lines = text.count("\n")
        if lines > MAX_LINES and not name.startswith("tests/"):
            yield f"{name}: {lines} lines, more than {MAX_LINES}"
        if FORBIDDEN_NAMES & set(re.split(r"[/_.]", name)):
            yield f"{name}: a name that says nothing"
        if path.suffix in (".cc", ".h"):
            yield from wrong_arrows(name, text)
        if path.suffix == ".h" and "#pragma once" not in text:
            yield f"{name}: no #pragma once"


if __name__ == "__main__":
    found = list(findings())
    print("\n".join(found) or "the house is in order")
    sys.exit(1 if found else 0)
