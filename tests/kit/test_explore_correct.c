/* SPDX-License-Identifier: MIT */
/*
 * No false alarm: correct programs of every kind of synchronisation end in one way only, in all
 * interleavings where the search completes, and in 3,000 otherwise.
 */
#include "explore/programs.h"

static const char *const locks[] = {"mutex", "recursive", "error_checking", "trying", "timed_lock",
    "timed_lock_too_late", "spin_lock", "ordered_locks", "philosophers", "readers_writer",
    "trying_reader", "counted_readers", "strings_under_lock", "c11_threads", "c11_recursive",
    "once", "c11_once", "keys", "thread_local_storage", "own_things", "trying_in_circles",
    "freed_by_another", NULL};

static const char *const waits[] = {"wait_in_a_loop", "broadcast_gate", "signal_without_lock",
    "queue_of_one", "timed_wait_runs_out", "timed_wait_is_signalled", "turns", "c11_condition",
    "semaphores_hand_over", "semaphore_as_lock", "semaphore_by_trying", "semaphore_in_time",
    "named_semaphore", "barrier_phases", "barrier_serial", "detached", "sleeping", "clock_watching",
    "meeting", "meeting_of_three", NULL};

static const char *const atomics[] = {"counting", "spin_wait", "fences", "sequence",
    "test_and_set_lock", "ticket_lock", "peterson_lock", "dekker", "double_checked", "seqlock",
    "lock_free_stack", "reference_count", "bounded_counter", "bounded_look", "bit_operations",
    NULL};

static const char *const processes[] = {"copies", "through_a_pipe", "full_pipe", "shared_mutex",
    "shared_semaphore", "shared_condition", "crashing_child", "killed_child",
    "looking_after_a_child", "threads_of_a_child", "crashing_thread_of_a_child",
    "socket_pair_of_threads", "polling", "pipeline", NULL};

static void explore_one(const char *path, const char *scenario)
{
    struct explore_options o = explore_options_default();
    struct explore_result r = EXPLORE_RESULT_EMPTY;
    char *lines;

    o.schedules = 3000;
    o.keep_going = true;
    o.minimise = false;
    o.spurious = 1;
    explore_built(path, scenario, "", &o, &r);
    lines = outcome_lines(&r);
    cr_expect(r.first_failure == 0 && r.n_outcomes == 1, "%s (%s):\n%s", scenario, r.claim, lines);
    if (getenv("EXPLORE_VERBOSE"))
        printf("%-28s %6ld executions, %5.0f/s  %s\n", scenario, r.executions,
            r.executions_per_second, r.claim);
    free(lines);
    explore_result_release(&r);
}

static void explore_all(const char *program, const char *const *scenarios)
{
    char *path = build_program(program, "");

    for (; *scenarios; scenarios++)
        explore_one(path, *scenarios);
    free(path);
}

Test(explore_correct, nothing_is_found_in_locks)
{
    explore_all("correct_locks", locks);
}

Test(explore_correct, nothing_is_found_in_waits)
{
    explore_all("correct_waits", waits);
}

Test(explore_correct, nothing_is_found_in_atomics)
{
    explore_all("correct_atomics", atomics);
}

Test(explore_correct, nothing_is_found_in_processes)
{
    explore_all("correct_processes", processes);
}
