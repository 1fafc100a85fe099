/* SPDX-License-Identifier: MIT */
/* Each limit, hit by a program that is made for it; and what a box must not mistake for a hit. */
#include "box/behaviours.h"

/* The same limits hold at every level: without a sandbox, and at the best one of this machine. */
static const struct limit_case {
    const char *sample;
    const char *argument;
    enum box_end end;
    int status;               /* with BOX_EXITED and BOX_SIGNALED */
    struct box_limits change; /* what is not 0 replaces the default */
} limit_cases[] = {
    {"leave", "0", BOX_EXITED, 0, {0}},
    {"leave", "77", BOX_EXITED, 77, {0}},
    {"die", "11", BOX_SIGNALED, SIGSEGV, {0}},
    {"die", "9", BOX_SIGNALED, SIGKILL, {0}},
    {"sleep", NULL, BOX_WALL, 0, {.wall_ms = 200}},
    {"doze", NULL, BOX_WALL, 0, {.wall_ms = 200}},
    {"spin", "0", BOX_CPU, 0, {.cpu_ms = 200}},
    {"spin", "0.55", BOX_EXITED, 0, {.wall_ms = 500}}, /* it was not late: it never slept */
    {"spin", "0", BOX_WALL, 0, {.wall_ms = 30, .cpu_ms = 60000}}, /* the ceiling */
    {"spin_in_threads", NULL, BOX_CPU, 0, {.cpu_ms = 300}},
    {"spin_below_a_thread", NULL, BOX_CPU, 0, {.cpu_ms = 300}},
    {"spin_in_children", NULL, BOX_CPU, 0, {.cpu_ms = 300}},
    {"hoard", "100", BOX_MEMORY, 0, {.memory_bytes = 48 * MIB}},
    {"hoard", "400", BOX_EXITED, 9, {.address_space_bytes = 256 * MIB}},
    {"hoard_in_children", "5", BOX_MEMORY, 0, {.memory_bytes = 60 * MIB}},
    {"share_memory", "20", BOX_EXITED, 0, {.memory_bytes = 80 * MIB}},
    {"many_children", "100", BOX_TASKS, 0, {.tasks = 40}},
    {"many_threads", "100", BOX_TASKS, 0, {.tasks = 40}},
    {"many_children", "30", BOX_WALL, 0, {.tasks = 40, .wall_ms = 200}},
    {"fork_bomb", NULL, BOX_TASKS, 0, {.tasks = 40}},
    {"print", "1 100", BOX_EXITED, 0, {0}},
    {"print", "1 -1", BOX_OUTPUT, 0, {0}},
    {"print", "2 -1", BOX_OUTPUT, 0, {0}},
    {"write_file", "big", BOX_SIGNALED, SIGXFSZ, {.file_bytes = 4 * MIB}},
    {"write_file", "big", BOX_EXITED, 0, {.file_bytes = 12 * MIB}},
};

static void replace(struct box_limits *l, const struct box_limits *by)
{
    l->wall_ms = by->wall_ms ? by->wall_ms : l->wall_ms;
    l->cpu_ms = by->cpu_ms ? by->cpu_ms : l->cpu_ms;
    l->memory_bytes = by->memory_bytes ? by->memory_bytes : l->memory_bytes;
    l->address_space_bytes = by->address_space_bytes;
    l->tasks = by->tasks ? by->tasks : l->tasks;
    l->file_bytes = by->file_bytes ? by->file_bytes : l->file_bytes;
}

static void try_all(enum box_level level)
{
    char *directory = io_make_temporary("interleave-test", NULL);

    cr_assert(directory);
    for (size_t i = 0; i < sizeof(limit_cases) / sizeof(limit_cases[0]); i++) {
        const struct limit_case *c = &limit_cases[i];
        struct sample_run s;
        struct box_result r;

        sample_prepare(&s, level, c->sample, c->argument);
        s.spec.cwd = level == BOX_LIMITS ? directory : NULL;
        replace(&s.spec.limits, &c->change);
        r = sample_finish(&s);
        cr_expect(r.end == c->end && (r.end > BOX_SIGNALED || r.status == c->status),
            "%s %s: ended as \"%s\" with status %d, expected \"%s\" with %d", c->sample,
            c->argument ? c->argument : "", box_end_name(r.end), r.status, box_end_name(c->end),
            c->status);
        cr_expect_eq(count_processes(s.token), 0, "%s left processes", c->sample);
        box_result_release(&r);
    }
    io_remove_tree(directory, NULL);
    free(directory);
}

Test(box_limits, each_limit_ends_its_own_program_and_nothing_else)
{
    try_all(BOX_LIMITS);
}

Test(box_limits, the_same_at_the_best_level_of_this_machine)
{
    enum box_level level = best_level();

    if (level == BOX_LIMITS)
        cr_skip_test("no sandbox here");
    try_all(level);
}

Test(box_limits, memory_is_counted)
{
    struct sample_run s;
    struct box_result r;

    sample_prepare(&s, BOX_LIMITS, "hoard", "40");
    s.spec.limits.wall_ms = 100;
    r = sample_finish(&s);
    cr_assert(r.peak_bytes > 40 * MIB && r.peak_bytes < 60 * MIB, "%zu", r.peak_bytes);
    box_result_release(&r);
}

Test(box_limits, cpu_time_is_counted)
{
    struct sample_run s;
    struct box_result r;

    sample_prepare(&s, BOX_LIMITS, "spin", "0.2");
    r = sample_finish(&s);
    assert_exit(r, 0);
    cr_assert(r.user_ms + r.system_ms >= 190 && r.user_ms + r.system_ms < 400, "%u + %u", r.user_ms,
        r.system_ms);
    box_result_release(&r);
}

Test(box_limits, output_is_cut_where_the_limit_is)
{
    struct sample_run s;
    struct box_result r;

    sample_prepare(&s, BOX_LIMITS, "print", "2 50");
    s.spec.limits.stderr_bytes = 20000;
    r = sample_finish(&s);
    assert_exit(r, 0);
    cr_assert_eq(r.err.length, 20000);
    cr_assert(r.err_cut && !r.out_cut);
    box_result_release(&r);
}

Test(box_limits, descriptors_are_limited)
{
    struct sample_run s;
    struct box_result r;

    sample_prepare(&s, BOX_LIMITS, "open_many", NULL);
    s.spec.limits.descriptors = 50;
    r = sample_finish(&s);
    assert_exit(r, 47);
    box_result_release(&r);
}

Test(box_limits, only_the_passed_descriptors_are_open)
{
    struct sample_run s;
    struct box_result r;
    int leaked = dup(2); /* not close-on-exec */
    const struct box_fd fds[] = {{.outside = leaked, .inside = 7}};

    sample_prepare(&s, BOX_LIMITS, "list_descriptors", NULL);
    s.spec.fds = fds;
    s.spec.n_fds = 1;
    r = sample_finish(&s);
    cr_assert_str_eq(buf_text(&r.out), "0 1 2 7 ");
    box_result_release(&r);
}

Test(box_limits, descriptors_may_change_places)
{
    int a[2], b[2];
    char numbers[32];
    struct sample_run s;
    struct box_result r;

    cr_assert(pipe(a) == 0 && pipe(b) == 0);
    cr_assert(write(a[1], "a", 1) == 1 && write(b[1], "b", 1) == 1);
    snprintf(numbers, sizeof(numbers), "%d %d", b[0], a[0]);
    sample_prepare(&s, BOX_LIMITS, "read_two", numbers);
    s.spec.fds = (const struct box_fd[]){{a[0], b[0]}, {b[0], a[0]}};
    s.spec.n_fds = 2;
    r = sample_finish(&s);
    cr_assert_str_eq(buf_text(&r.out), "ab");
    box_result_release(&r);
}

Test(box_limits, environment_directory_processor_and_addresses_are_as_asked)
{
    struct sample_run s;
    struct box_result r;

    setenv("LAB_SECRET", "42", 1);
    sample_prepare(&s, BOX_LIMITS, "show_self", NULL);
    s.spec.envp = (const char *const[]){"A=b", "C=", NULL};
    s.spec.cwd = "/usr";
    s.spec.no_aslr = s.spec.pin_cpu = true;
    r = sample_finish(&s);
    cr_assert_str_eq(buf_text(&r.out), "[A=b][C=] /usr cpus=1 aslr=0 group=1");
    box_result_release(&r);
}

Test(box_limits, survivors_and_zombies_are_counted)
{
    struct sample_run s;
    struct box_result r;

    sample_prepare(&s, BOX_LIMITS, "leave_children", NULL);
    r = sample_finish(&s);
    assert_exit(r, 0);
    cr_assert_eq(r.survivors, 3);
    cr_assert_eq(r.zombies, 1);
    cr_assert_eq(count_processes(s.token), 0);
    box_result_release(&r);
}
