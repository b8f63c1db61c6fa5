# Small objects and JSON: 200,000 objects with __slots__ and a dict of them, dumped and loaded, three
# times; the count of times is an argument.
import json
import sys


class Point:
    __slots__ = ("x", "y", "name")

    def __init__(self, i):
        self.x = i
        self.y = i * 0.5
        self.name = f"point {i}"


for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 3):
    points = {str(i): Point(i) for i in range(200_000)}
    text = json.dumps({key: [p.x, p.y, p.name] for key, p in points.items()})
    loaded = json.loads(text)
