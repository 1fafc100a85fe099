/* SPDX-License-Identifier: MIT */
/* Nothing of a box is left: no process, descriptor, mount, cgroup or file, whatever was tried. */
#include "box/cgroup_place.h"
#include "box/samples.h"

#include <semaphore.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <time.h>

static void rest(long ms)
{
    const struct timespec t = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&t, NULL);
}

static int leave_at_once(char **a)
{
    (void)a;
    return 0;
}

/* A daemon by the book: two forks, a session of its own, deaf to signals. */
static int become_daemon(char **a)
{
    (void)a;
    if (fork() == 0) {
        setsid();
        if (fork() == 0) {
            for (int number = 1; number < NSIG; number++)
                signal(number, SIG_IGN);
            for (;;)
                pause();
        }
        _exit(0);
    }
    wait(NULL);
    return 0;
}

/* The argument is a number that names all of them. Nothing is given back. */
static int leave_objects(char **a)
{
    char name[32];

    snprintf(name, sizeof(name), "/left-%s", a[0]);
    return shmget((key_t)strtol(a[0], NULL, 10), 4096, IPC_CREAT | 0666) < 0 ||
           shm_open(name, O_CREAT | O_RDWR, 0600) < 0 ||
           sem_open(name, O_CREAT, 0600, 1) == SEM_FAILED ||
           open("/tmp/left", O_CREAT | O_WRONLY, 0600) < 0;
}

/* Every process lives for a moment and leaves a new one, in a new session. */
static int respawn(char **a)
{
    if (fork() == 0)
        while (a) {
            setsid();
            if (fork())
                _exit(0);
        }
    rest(20);
    return 0;
}

static int leave_hundred_sleepers(char **a)
{
    (void)a;
    for (int i = 0; i < 50; i++)
        if (fork() == 0) {
            if (i % 2)
                setsid();
            pause();
            _exit(0);
        }
    return 0;
}

static int stop_everything(char **a)
{
    (void)a;
    for (int i = 0; i < 5; i++)
        if (fork() == 0) {
            raise(SIGSTOP);
            _exit(0);
        }
    raise(SIGSTOP);
    return 0;
}

/* The parent of all is lab-init: it can be reached at BOX_LIMITS, and cannot in a sandbox. */
static int kill_the_parent(char **a)
{
    (void)a;
    if (fork() == 0) {
        pause();
        _exit(0);
    }
    kill(getppid(), SIGKILL);
    pause();
    return 0;
}

static int signal_everyone(char **a)
{
    (void)a;
    signal(SIGTERM, SIG_IGN);
    kill(-1, SIGTERM);
    kill(-1, SIGCONT);
    return 3;
}

/* Daemons, and a word to the grader that all is set up. */
static int be_many(char **a)
{
    char byte = '!';

    become_daemon(a);
    leave_hundred_sleepers(a);
    if (write(3, &byte, 1) != 1)
        return 1;
    pause();
    return 0;
}

static const struct sample samples[] = {
    {"leave_objects", leave_objects},
    {"leave", leave_at_once},
    {"daemon", become_daemon},
    {"respawn", respawn},
    {"hundred", leave_hundred_sleepers},
    {"stop", stop_everything},
    {"kill_the_parent", kill_the_parent},
    {"signal_everyone", signal_everyone},
    {"be_many", be_many},
    {0},
};
SAMPLES(samples)

static void try_to_survive(enum box_level level, const char *name, int times)
{
    for (int i = 0; i < times; i++) {
        struct sample_run s;
        struct box_result r;

        sample_prepare(&s, level, name, NULL);
        s.spec.limits.wall_ms = 100;
        r = sample_finish(&s);
        cr_assert_eq(count_processes(s.token), 0, "%s left processes at level %s", name,
            box_level_name(level));
        box_result_release(&r);
    }
}

/* Who is not root can be reached by kill(-1) from a box without a sandbox: that one is left out. */
static const char *const survivors[] = {
    "daemon", "respawn", "hundred", "stop", "kill_the_parent", NULL};

Test(box_end, nothing_survives_without_a_sandbox)
{
    for (const char *const *s = survivors; *s; s++)
        try_to_survive(BOX_LIMITS, *s, 5);
}

Test(box_end, nothing_survives_in_a_sandbox)
{
    for (int level = BOX_REDUCED; level <= (int)best_level(); level++) {
        for (const char *const *s = survivors; *s; s++)
            try_to_survive(level, *s, 3);
        try_to_survive(level, "signal_everyone", 5);
    }
}

Test(box_end, respawning_processes_are_caught_every_time)
{
    try_to_survive(BOX_LIMITS, "respawn", 20);
}

static void assert_end_of(enum box_level level, const char *name, enum box_end end)
{
    struct sample_run s;
    struct box_result r;

    sample_prepare(&s, level, name, NULL);
    s.spec.limits.wall_ms = 200;
    r = sample_finish(&s);
    assert_end(r, end);
    box_result_release(&r);
}

Test(box_end, in_namespaces_the_supervisor_cannot_be_killed)
{
    if (best_level() < BOX_APPROXIMATE)
        cr_skip_test("no namespaces here");
    assert_end_of(BOX_LIMITS, "kill_the_parent", BOX_SIGNALED);
    assert_end_of(best_level(), "kill_the_parent", BOX_WALL);
}

struct traces {
    int descriptors;
    int mounts;
    int temporaries;
    int cgroups;
    int children;
};

static int count_lines(const char *path)
{
    struct buf text = BUF_EMPTY;
    int lines = 0;

    io_read_file(path, 0, &text, NULL);
    for (const char *at = buf_text(&text); *at; at++)
        lines += *at == '\n';
    buf_release(&text);
    return lines;
}

static int count_cgroups(void)
{
    struct cgroup_place place = CGROUP_PLACE_EMPTY;
    char prefix[64];
    int count = 0;

    snprintf(prefix, sizeof(prefix), CGROUP_PREFIX "%d-", (int)getpid());
    if (cgroup_find_place(&place, NULL) == 0)
        count = count_entries(place.memory, prefix) +
                (place.pids ? count_entries(place.pids, prefix) : 0);
    cgroup_place_release(&place);
    return count;
}

/* Ours only: who else runs boxes meanwhile has temporary directories, too. */
static int count_temporaries(void)
{
    char prefix[64];

    snprintf(prefix, sizeof(prefix), "interleave-box-%d.", (int)getpid());
    return count_entries("/tmp", prefix);
}

static struct traces look_for_traces(void)
{
    return (struct traces){
        .descriptors = count_entries("/proc/self/fd", ""),
        .mounts = count_lines("/proc/self/mountinfo"),
        .temporaries = count_temporaries(),
        .cgroups = count_cgroups(),
        .children = waitpid(-1, NULL, WNOHANG) >= 0,
    };
}

static void run_often(enum box_level level, int times)
{
    struct traces before, after;

    try_to_survive(level, "leave", 1); /* what is made once and kept: the filter, the lock file */
    before = look_for_traces();
    for (int i = 0; i < times; i++)
        try_to_survive(level, i % 20 ? "leave" : "daemon", 1);
    after = look_for_traces();
    cr_expect_eq(after.descriptors, before.descriptors);
    cr_expect_eq(after.mounts, before.mounts);
    cr_expect_eq(after.temporaries, 0);
    cr_expect_eq(after.cgroups, 0);
    cr_expect_eq(after.children, 0);
}

Test(box_end, five_hundred_runs_leave_everything_as_it_was)
{
    const int best = (int)best_level();

    for (int level = BOX_LIMITS; level <= best; level++)
        run_often(level, 500 / (best + 1));
}

Test(box_end, objects_with_names_do_not_outlive_their_namespace)
{
    char number[16], name[64];

    snprintf(number, sizeof(number), "%d", 0x4c000000 + (int)getpid());
    for (int level = BOX_APPROXIMATE; level <= (int)best_level(); level++) {
        struct sample_run s;
        struct box_result r;

        sample_prepare(&s, level, "leave_objects", number);
        r = sample_finish(&s);
        assert_exit(r, 0);
        box_result_release(&r);
        cr_expect(shmget((key_t)strtol(number, NULL, 10), 0, 0) < 0);
        snprintf(name, sizeof(name), "/dev/shm/left-%s", number);
        cr_expect(access(name, F_OK));
        snprintf(name, sizeof(name), "/dev/shm/sem.left-%s", number);
        cr_expect(access(name, F_OK));
        cr_expect(access("/tmp/left", F_OK));
    }
}

/* A grader of its own, killed when the sample is in full swing. */
static void kill_the_grader(enum box_level level)
{
    struct sample_run s;
    long long until = io_now_ms() + 5000;
    char byte;
    int ends[2];
    pid_t grader;

    cr_assert(pipe2(ends, O_CLOEXEC) == 0);
    sample_prepare(&s, level, "be_many", NULL);
    s.spec.fds = (const struct box_fd[]){{ends[1], 3}};
    s.spec.n_fds = 1;
    grader = fork();
    if (grader == 0) {
        struct box_result r = BOX_RESULT_EMPTY;

        close(ends[0]);
        box_run(&s.spec, &r, NULL);
        _exit(0);
    }
    close(ends[1]);
    cr_assert_eq(read(ends[0], &byte, 1), 1, "the sample did not start");
    cr_assert_geq(count_processes(s.token), 50);
    kill(grader, SIGKILL);
    waitpid(grader, NULL, 0);
    while (count_processes(s.token) && io_now_ms() < until)
        rest(5);
    cr_assert_eq(count_processes(s.token), 0, "left at level %s", box_level_name(level));
    close(ends[0]);
}

Test(box_end, a_grader_that_is_killed_leaves_nothing_running)
{
    for (int level = BOX_LIMITS; level <= (int)best_level(); level++)
        kill_the_grader(level);
}

Test(box_end, two_boxes_at_once_do_not_disturb_each_other)
{
    struct sample_run first, second;
    struct box_result r = BOX_RESULT_EMPTY;
    struct buf err = BUF_EMPTY;
    enum box_level level = best_level();
    struct box *a, *b;
    char byte;
    int ends[2];

    cr_assert(pipe2(ends, O_CLOEXEC) == 0);
    sample_prepare(&first, level, "be_many", NULL);
    first.spec.fds = (const struct box_fd[]){{ends[1], 3}};
    first.spec.n_fds = 1;
    a = box_start(&first.spec, &err);
    cr_assert(a, "%s", buf_text(&err));
    cr_assert_eq(read(ends[0], &byte, 1), 1);

    /* Signals to everyone, and its end, are the second one's own affair. */
    sample_prepare(&second, level, level == BOX_LIMITS ? "leave" : "signal_everyone", NULL);
    b = box_start(&second.spec, &err);
    cr_assert(b, "%s", buf_text(&err));
    cr_assert_eq(box_pump(b, -1, -1), BOX_PUMP_ENDED);
    cr_assert_eq(box_finish(b, &r, &err), 0, "%s", buf_text(&err));
    assert_exit(r, level == BOX_LIMITS ? 0 : 3);
    box_result_release(&r);

    cr_assert_geq(count_processes(first.token), 50);
    cr_assert_eq(box_finish(a, &r, &err), 0, "%s", buf_text(&err));
    assert_end(r, BOX_KILLED);
    cr_assert_geq(r.survivors, 50);
    cr_assert_eq(count_processes(first.token), 0);
    box_result_release(&r);
    close(ends[0]), close(ends[1]);
}
