# SPDX-License-Identifier: MIT
"""Milliseconds for mapping 10,000 tiny items with 8 processes, for tests/bench/pool_map.sh.

Prints the best of several rounds: the map alone, then the whole life of a pool.
"""
import multiprocessing
import sys
import time

WORKERS = 8
ITEMS = 10000
ROUNDS = 7


def add_one(item):
    return item + 1


def round_ms(chunk):
    start = time.monotonic()
    pool = multiprocessing.Pool(WORKERS)
    opened = time.monotonic()
    results = pool.map(add_one, range(ITEMS), chunksize=chunk)
    mapped = time.monotonic()
    pool.close()
    pool.join()
    assert results == list(range(1, ITEMS + 1))
    return (mapped - opened) * 1e3, (time.monotonic() - start) * 1e3


if __name__ == "__main__":
    size = int(sys.argv[1]) if sys.argv[1:] else None
    times = [round_ms(size) for _ in range(ROUNDS)]
    print(f"{min(t[0] for t in times):.2f} {min(t[1] for t in times):.2f}")
