# SPDX-License-Identifier: MIT
"""Items per second of three processes and multiprocessing.Queue, for tests/bench/pipelines.sh.

With "two", only what the shortest pipeline does: one process puts, the caller gets.
"""
import multiprocessing
import sys
import time

ROUNDS = 3
DONE = None


def source(count, out):
    for i in range(count):
        out.put(i + 1)
    out.put(DONE)


def stage(queue, out):
    while True:
        item = queue.get()
        if item is DONE:
            out.put(DONE)
            return
        out.put(item + 1)


def rate(count, stages):
    queues = [multiprocessing.Queue() for _ in range(stages)]
    workers = [multiprocessing.Process(target=source, args=(count, queues[0]))]
    for i in range(1, stages):
        workers.append(multiprocessing.Process(target=stage, args=(queues[i - 1], queues[i])))
    begin = time.monotonic()
    for worker in workers:
        worker.start()
    total = 0
    while True:
        item = queues[-1].get()
        if item is DONE:
            break
        total += item
    seconds = time.monotonic() - begin
    for worker in workers:
        worker.join()
    assert total == sum(i + stages for i in range(count))
    return count / seconds


if __name__ == "__main__":
    items = int(sys.argv[1])
    how_many = 1 if sys.argv[2:] == ["two"] else 3
    print(f"{max(rate(items, how_many) for _ in range(ROUNDS)):.0f}")
