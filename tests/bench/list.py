# The article's list program, several times over so that it runs long enough to be timed.
import sys

for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
    list_of_numbers = []
    for i in range(1000000):
        list_of_numbers.append(i)
