# SPDX-License-Identifier: MIT
"""many - results of a class that never was, always the same ones.

    many.py COUNT DIRECTORY     0.json, 1.json, …: marks spread as in a course, a few cannot be graded
"""
import json
import os
import random
import sys

EXERCISES = [
    ("shared_global", "1-memory", "One variable, two threads", [
        ("notes_are_exact", "plain", "both threads note what the contract says", 6),
        ("no_race", "tsan", "nothing is touched without order", 4)]),
    ("forked_copy", "1-memory", "One variable, two processes", [
        ("copies_differ", "plain", "parent and child see their own copy", 6),
        ("no_zombie", "plain", "the child is waited for", 4)]),
    ("counter_mutex", "2-races", "One counter, many threads", [
        ("adds_up_alone", "plain", "one thread counts right", 2),
        ("no_update_is_lost", "explore", "no update is lost, whatever the schedule", 4),
        ("no_race", "tsan", "every access is ordered", 2),
        ("are_parallel", "plain", "threads work at the same time", 2)]),
    ("bounded_queue", "4-pipelines", "A queue that blocks", [
        ("keeps_order", "plain", "items come out in the order they went in", 3),
        ("close_wakes_all", "explore", "close wakes everyone who waits", 4),
        ("no_leak", "memcheck", "all memory is given back", 3)]),
    ("thread_pool", "3-pools", "Many tasks, few workers", [
        ("runs_all", "plain", "every task runs once", 3),
        ("orderly_end", "explore", "shutdown waits for what was begun", 4),
        ("no_race", "tsan", "every access is ordered", 3)]),
    ("pool_map", "3-pools", "Pool.map with processes", [
        ("keeps_order", "plain", "results are in the order of the items", 4),
        ("short_reads", "plain", "a short read is not the end", 3),
        ("no_zombie", "plain", "no child is left over", 3)]),
    ("tile_heatmap", "3-pools", "A picture in tiles", [
        ("pixels", "plain", "every pixel is what the serial program says", 7),
        ("no_race", "tsan", "tiles do not touch each other's pixels", 3)]),
    ("pipeline_threads", "4-pipelines", "Stages, one thread each", [
        ("order", "plain", "items leave in the order they came", 4),
        ("done_travels", "explore", "DONE reaches every stage, and only once", 6)]),
    ("pipeline_processes", "4-pipelines", "Stages, one process each", [
        ("order", "plain", "items leave in the order they came", 4),
        ("pipes_closed", "plain", "every end of a pipe is closed that is not used", 6)]),
]
WHY = {
    "plain": [("WRONG", "`total` was {n}, expected 8000"), ("CRASH", "died by SIGSEGV (address 0x0)"),
              ("TIMEOUT", "the time limit of 2 s ran out"), ("LEFTOVER", "{k} children were left as zombies")],
    "explore": [("DEADLOCK", "thread 2 waits for `not_empty`, main waits in pthread_join for thread 2"),
                ("WRONG", "`total` was 1, expected 2")],
    "tsan": [("RACE", "a data race on `c->value`, 8 bytes")],
    "memcheck": [("LEAK", "{n} bytes in {k} blocks were not given back"),
                 ("MEMERR", "a read of 8 bytes behind a block of {n} bytes")],
}
FIRST = "Ada Grace Edsger Barbara Tony Leslie Jürgen Zoë Søren Linus Ludmila Nguyễn 李 Ægir Frances Donald Ken".split()
LAST = "Lovelace Hopper Dijkstra Liskov Hoare Lamport Müller O'Brien Øvergård García-Márquez Şahin Knuth Allen 王".split()
ERRORS = ["The archive is corrupt: zip entry 3 is cut off. Ask for it again.",
          "This is a Word document, not C source. Ask for the .c files."]


def check(draw, exercise, row, skill):
    test, tool, title, points = row
    one = {"id": f"{exercise}/{test}", "tool": tool, "title": title, "max_score": points, "assertions": 1,
           "duration_ms": draw.randrange(900)}
    if draw.random() < skill:
        return {**one, "verdict": "PASS", "score": points, "message": ""}
    verdict, why = draw.choices(WHY[tool], [4, 2, 1, 1][:len(WHY[tool])])[0]
    return {**one, "verdict": verdict, "score": 0, "message": why.format(n=draw.randrange(8000), k=draw.randrange(2, 9)),
            "findings": [{"kind": verdict.lower(), "file": exercise + ".c", "line": draw.randrange(10, 60),
                          "text": "seen here"}]}


def result(number):
    draw = random.Random(number)
    name = f"{draw.choice(FIRST)} {draw.choice(LAST)}_{number:05d}"
    whole = {"schema": "interleave/result/1", "kit": "0.1.0", "submission": name, "sandbox": "full", "complete": True,
             "duration_ms": 9000, "exercises": []}
    if draw.random() < 0.01:
        return {**whole, "complete": False, "score": 0, "max_score": 90, "error": draw.choice(ERRORS)}
    skill = min(1, max(0.05, draw.gauss(0.75, 0.25)))
    reached = len(EXERCISES) if skill > 0.6 else draw.randrange(1, len(EXERCISES) + 1)
    for i, (exercise, unit, title, rows) in enumerate(EXERCISES):
        checks = [check(draw, exercise, row, skill) for row in rows]
        if i >= reached:
            for one in checks:
                one.update(verdict="NOT_IMPLEMENTED", score=0, message="this part is still to be written", findings=[])
        if draw.random() < 0.004:
            checks[0].update(verdict="HARNESS_ERROR", score=0, message="valgrind is not installed: apt-get install valgrind")
            whole["complete"] = False
        whole["exercises"].append({"id": exercise, "title": title, "unit": unit, "file": exercise + ".c",
                                   "score": sum(c["score"] for c in checks), "max_score": 10, "checks": checks})
    whole["score"] = sum(e["score"] for e in whole["exercises"])
    whole["max_score"] = 10 * len(EXERCISES)
    return whole


count, directory = int(sys.argv[1]), sys.argv[2]
os.makedirs(directory, exist_ok=True)
for number in range(count):
    with open(os.path.join(directory, f"{number}.json"), "w", encoding="utf-8") as file:
        json.dump(result(number), file, ensure_ascii=False)
