/* SPDX-License-Identifier: MIT */
/* Each limit, hit by a program that is made for it; and what a box must not mistake for a hit. */
#include "box/samples.h"

#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

enum { MIB = 1 << 20 };

static void rest(long ms)
{
    const struct timespec t = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&t, NULL);
}

static double cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int leave(char **a)
{
    return (int)strtol(a[0], NULL, 10);
}

static int die(char **a)
{
    raise((int)strtol(a[0], NULL, 10));
    return 0;
}

static int sleep_for_ever(char **a)
{
    (void)a;
    pause();
    return 0;
}

/* Wakes up again and again: not quiet, and nearly always asleep. */
static int doze(char **a)
{
    while (a)
        rest(1);
    return 0;
}

static int spin(char **a)
{
    double seconds = strtod(a[0], NULL);

    while (seconds <= 0 || cpu_seconds() < seconds)
        continue;
    return 0;
}

static void *spin_thread(void *arg)
{
    for (;;)
        continue;
    return arg;
}

static int spin_in_threads(char **a)
{
    pthread_t t;

    (void)a;
    for (int i = 0; i < 4; i++)
        pthread_create(&t, NULL, spin_thread, NULL);
    pause();
    return 0;
}

/* One short-lived child after the other: no process ever has used much. */
static int spin_in_children(char **a)
{
    char *const little[] = {"0.05", NULL};

    (void)a;
    for (;;) {
        pid_t pid = fork();

        if (pid == 0)
            _exit(spin((char **)little));
        waitpid(pid, NULL, 0);
    }
}

static void touch(size_t bytes)
{
    char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED)
        _exit(9);
    memset(p, 1, bytes);
}

static int hoard(char **a)
{
    touch((size_t)strtol(a[0], NULL, 10) * MIB);
    rest(10000);
    return 0;
}

static int hoard_in_children(char **a)
{
    for (int i = 0; i < 20; i++)
        if (fork() == 0)
            return hoard(a);
    pause();
    return 0;
}

/* Memory that is shared since the fork is there once. */
static int share_memory(char **a)
{
    touch((size_t)strtol(a[0], NULL, 10) * MIB);
    for (int i = 0; i < 20; i++)
        if (fork() == 0) {
            rest(300);
            _exit(0);
        }
    while (wait(NULL) > 0)
        continue;
    return 0;
}

static int many_children(char **a)
{
    long count = strtol(a[0], NULL, 10);

    for (long i = 0; i < count; i++)
        if (fork() == 0) {
            pause();
            _exit(0);
        }
    pause();
    return 0;
}

static void *sleep_thread(void *arg)
{
    pause();
    return arg;
}

static int many_threads(char **a)
{
    long count = strtol(a[0], NULL, 10);
    pthread_t t;

    for (long i = 0; i < count; i++)
        pthread_create(&t, NULL, sleep_thread, NULL);
    pause();
    return 0;
}

static int fork_bomb(char **a)
{
    while (a)
        fork();
    return 0;
}

static int print(char **a)
{
    int fd = a[0][0] - '0';
    long kib = strtol(a[0] + 2, NULL, 10);
    char block[1024];

    memset(block, 'x', sizeof(block)); /* one line, however long */
    for (long i = 0; kib < 0 || i < kib; i++)
        if (write(fd, block, sizeof(block)) < 0)
            return 1;
    return 0;
}

static int write_file(char **a)
{
    static char block[MIB];
    int fd = open(a[0], O_WRONLY | O_CREAT | O_TRUNC, 0600);

    unlink(a[0]);
    for (int i = 0; i < 8; i++)
        if (write(fd, block, sizeof(block)) < 0)
            return 1;
    return 0;
}

static int open_many(char **a)
{
    int count = 0;

    (void)a;
    while (open("/dev/null", O_RDONLY) >= 0)
        count++;
    return errno == EMFILE ? count : 255;
}

static int list_descriptors(char **a)
{
    (void)a;
    for (int fd = 0; fd < 256; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            printf("%d ", fd);
    return 0;
}

static int read_two(char **a)
{
    int first = (int)strtol(a[0], NULL, 10), second = (int)strtol(strchr(a[0], ' '), NULL, 10);
    char x = '?', y = '?', z;

    if (read(first, &x, 1) != 1 || read(second, &y, 1) != 1)
        return 1;
    printf("%c%c%s", x, y, read(0, &z, 1) == 0 ? "" : " stdin");
    return 0;
}

static int show_self(char **a)
{
    extern char **environ;
    char *directory = getcwd(NULL, 0);
    cpu_set_t set;

    (void)a;
    sched_getaffinity(0, sizeof(set), &set);
    for (char **e = environ; *e; e++)
        printf("[%s]", *e);
    printf(" %s cpus=%d aslr=%d group=%d", directory, CPU_COUNT(&set),
        !(personality(0xffffffff) & ADDR_NO_RANDOMIZE), getpgrp() == getpid());
    return 0;
}

static int leave_children(char **a)
{
    (void)a;
    for (int i = 0; i < 3; i++)
        if (fork() == 0) {
            setsid();
            pause();
        }
    if (fork() == 0)
        _exit(0);
    rest(50); /* so that the last one is a zombie */
    return 0;
}

/* Answers every byte after a sleep. */
static int serve(char **a)
{
    long ms = strtol(a[0], NULL, 10);
    char byte;

    while (read(3, &byte, 1) == 1) {
        rest(ms);
        if (write(3, &byte, 1) != 1)
            return 1;
    }
    return 0;
}

static const struct sample samples[] = {
    {"leave", leave},
    {"die", die},
    {"sleep", sleep_for_ever},
    {"doze", doze},
    {"spin", spin},
    {"spin_in_threads", spin_in_threads},
    {"spin_in_children", spin_in_children},
    {"hoard", hoard},
    {"hoard_in_children", hoard_in_children},
    {"share_memory", share_memory},
    {"many_children", many_children},
    {"many_threads", many_threads},
    {"fork_bomb", fork_bomb},
    {"print", print},
    {"write_file", write_file},
    {"open_many", open_many},
    {"list_descriptors", list_descriptors},
    {"read_two", read_two},
    {"show_self", show_self},
    {"leave_children", leave_children},
    {"serve", serve},
    {0},
};
SAMPLES(samples)

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
    {"spin", "0.4", BOX_EXITED, 0, {.wall_ms = 200}}, /* it was not late: it never slept */
    {"spin", "0", BOX_WALL, 0, {.wall_ms = 30, .cpu_ms = 60000}}, /* the ceiling */
    {"spin_in_threads", NULL, BOX_CPU, 0, {.cpu_ms = 300}},
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

static bool say_yes(void *arg)
{
    ++*(int *)arg;
    return true;
}

static bool say_no(void *arg)
{
    ++*(int *)arg;
    return false;
}

Test(box_limits, a_box_that_sleeps_is_quiet)
{
    struct sample_run s;
    struct box_result r;
    int asked = 0;

    sample_prepare(&s, BOX_LIMITS, "many_threads", "10");
    s.spec.limits.quiet_ms = 150;
    s.spec.on_quiet = say_yes;
    s.spec.quiet_arg = &asked;
    r = sample_finish(&s);
    assert_end(r, BOX_QUIET);
    cr_assert_eq(asked, 1);
    cr_assert_lt(r.wall_ms, 2000);
    box_result_release(&r);
}

Test(box_limits, the_answer_no_lets_a_quiet_box_go_on)
{
    struct sample_run s;
    struct box_result r;
    int asked = 0;

    sample_prepare(&s, BOX_LIMITS, "sleep", NULL);
    s.spec.limits.quiet_ms = 100;
    s.spec.limits.wall_ms = 700;
    s.spec.on_quiet = say_no;
    s.spec.quiet_arg = &asked;
    r = sample_finish(&s);
    assert_end(r, BOX_WALL);
    cr_assert_geq(asked, 2);
    box_result_release(&r);
}

Test(box_limits, who_wakes_up_now_and_then_is_not_quiet)
{
    struct sample_run s;
    struct box_result r;
    int asked = 0;

    sample_prepare(&s, BOX_LIMITS, "doze", NULL);
    s.spec.limits.quiet_ms = 100;
    s.spec.limits.wall_ms = 500;
    s.spec.on_quiet = say_yes;
    s.spec.quiet_arg = &asked;
    r = sample_finish(&s);
    assert_end(r, BOX_WALL);
    cr_assert_eq(asked, 0);
    box_result_release(&r);
}

/* Three rounds of 300 ms each against a wall limit of 500. */
static enum box_pump serve_rounds(bool rearm, struct box_result *r)
{
    struct sample_run s;
    struct buf err = BUF_EMPTY;
    enum box_pump last = BOX_PUMP_FAILED;
    struct box *b;
    int ends[2];

    cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    sample_prepare(&s, BOX_LIMITS, "serve", "300");
    s.spec.fds = (const struct box_fd[]){{ends[1], 3}};
    s.spec.n_fds = 1;
    s.spec.limits.wall_ms = 500;
    b = box_start(&s.spec, &err);
    cr_assert(b, "%s", buf_text(&err));
    close(ends[1]);
    for (int round = 0; round < 3; round++) {
        char byte = 'r';

        if (rearm)
            box_rearm(b);
        cr_assert_eq(send(ends[0], &byte, 1, MSG_NOSIGNAL), 1);
        last = box_pump(b, ends[0], -1);
        if (last != BOX_PUMP_FD || read(ends[0], &byte, 1) != 1)
            break;
    }
    cr_assert_eq(box_finish(b, r, &err), 0, "%s", buf_text(&err));
    close(ends[0]);
    return last;
}

Test(box_limits, a_server_has_the_whole_limits_for_each_request)
{
    struct box_result r;

    cr_assert_eq(serve_rounds(true, &r), BOX_PUMP_FD);
    assert_end(r, BOX_KILLED);
    box_result_release(&r);
    cr_assert_eq(serve_rounds(false, &r), BOX_PUMP_ENDED);
    assert_end(r, BOX_WALL);
    box_result_release(&r);
}

Test(box_limits, a_server_that_dies_says_how)
{
    struct sample_run s;
    struct box_result r = BOX_RESULT_EMPTY;
    struct buf err = BUF_EMPTY;
    struct box *b;
    int ends[2];

    cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    sample_prepare(&s, BOX_LIMITS, "die", "6");
    s.spec.fds = (const struct box_fd[]){{ends[1], 3}};
    s.spec.n_fds = 1;
    b = box_start(&s.spec, &err);
    close(ends[1]);
    cr_assert_eq(box_pump(b, ends[0], -1), BOX_PUMP_ENDED);
    cr_assert_eq(box_finish(b, &r, &err), 0);
    assert_end(r, BOX_SIGNALED);
    cr_assert_eq(r.status, SIGABRT);
    box_result_release(&r);
}

Test(box_limits, waiting_has_a_time_limit_of_its_own)
{
    struct sample_run s;
    struct box_result r = BOX_RESULT_EMPTY;
    struct buf err = BUF_EMPTY;
    long long start;
    struct box *b;

    sample_prepare(&s, BOX_LIMITS, "sleep", NULL);
    b = box_start(&s.spec, &err);
    start = io_now_ms();
    cr_assert_eq(box_pump(b, -1, 100), BOX_PUMP_TIMEOUT);
    cr_assert_geq(io_now_ms() - start, 100);
    cr_assert_eq(box_finish(b, &r, &err), 0);
    assert_end(r, BOX_KILLED);
    box_result_release(&r);
}

Test(box_limits, a_command_that_is_not_there_is_our_error_and_no_end)
{
    struct box_result r = BOX_RESULT_EMPTY;
    struct buf err = BUF_EMPTY;
    const struct box_spec spec = {
        .argv = (const char *const[]){"/no/such/program", NULL}, .limits = box_limits_default()};

    cr_assert_eq(box_run(&spec, &r, &err), -1);
    cr_assert_str_eq(buf_text(&err),
        "The box failed: the command cannot be started: No such file or directory.");
    buf_release(&err);
}
