/* SPDX-License-Identifier: MIT */
/* What a sandbox promises: each promise is a program that tries to break it. */
#include "box/attempts.h"

/* What the samples are told, so that they know what to look for. */
static struct outside {
    char pid[16];
    char abstract[64];
    char key[16];
    char file[PATH_MAX];
    int listener;
    int segment;
} outside;

static void outside_make(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    key_t key = 0x494c0000 + getpid() % 65536;
    socklen_t length;

    snprintf(outside.pid, sizeof(outside.pid), "%d", (int)getpid());
    snprintf(outside.key, sizeof(outside.key), "%d", (int)key);
    snprintf(outside.abstract, sizeof(outside.abstract), "interleave-test-%d", (int)getpid());
    cr_assert(realpath(__FILE__, outside.file));
    memcpy(address.sun_path + 1, outside.abstract, strlen(outside.abstract));
    length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(outside.abstract));
    outside.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    outside.segment = shmget(key, 4096, IPC_CREAT | 0666);
    cr_assert(outside.segment >= 0 && outside.listener >= 0);
    cr_assert(!bind(outside.listener, (struct sockaddr *)&address, length) &&
              !listen(outside.listener, 8));
}

static void outside_remove(void)
{
    shmctl(outside.segment, IPC_RMID, NULL);
    close(outside.listener);
}

/* Attempts that a level has to stop: BOX_REDUCED stops less. */
static const struct attempt {
    const char *sample;
    const char *argument;
    enum box_level from;
} attempts[] = {
    {"read_outside", outside.file, BOX_APPROXIMATE},
    {"write_outside", "/proc/self/exe", BOX_REDUCED},
    {"change_mounts", NULL, BOX_REDUCED},
    {"become_someone", NULL, BOX_REDUCED},
    {"make_namespaces", NULL, BOX_REDUCED},
    {"use_the_network", NULL, BOX_REDUCED},
    {"connect_abstract", outside.abstract, BOX_REDUCED},
    {"signal_outside", outside.pid, BOX_REDUCED},
    {"trace_others", outside.pid, BOX_REDUCED},
    {"use_rare_calls", NULL, BOX_REDUCED},
    {"share_system_v", outside.key, BOX_APPROXIMATE},
    {"see_processes", NULL, BOX_APPROXIMATE},
    {"execute_what_it_wrote", NULL, BOX_REDUCED},
    {"fill", "40", BOX_APPROXIMATE},
};

static void try_attempts(enum box_level level)
{
    for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
        struct sample_run s;
        struct box_result r;

        if (level < attempts[i].from)
            continue;
        sample_prepare(&s, level, attempts[i].sample, attempts[i].argument);
        r = sample_finish(&s);
        cr_expect(r.end == BOX_EXITED && r.status == STOPPED,
            "%s at level %s: ended as \"%s\" with status %d: %s%s", attempts[i].sample,
            box_level_name(level), box_end_name(r.end), r.status, buf_text(&r.out),
            buf_text(&r.err));
        box_result_release(&r);
    }
}

Test(box_sandbox, each_level_stops_what_it_promises_to_stop)
{
    enum box_level best = best_level();

    outside_make();
    for (int level = BOX_REDUCED; level <= (int)best; level++)
        try_attempts(level);
    outside_remove();
}

Test(box_sandbox, without_a_sandbox_the_same_attempts_get_through)
{
    struct sample_run s;
    struct box_result r;

    outside_make();
    for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
        const char *name = attempts[i].sample;

        /* Those that would do harm, or need rights that the test may lack, are not tried. */
        if (!strcmp(name, "write_outside") || !strcmp(name, "change_mounts") ||
            !strcmp(name, "trace_others") || !strcmp(name, "fill"))
            continue;
        sample_prepare(&s, BOX_LIMITS, name, attempts[i].argument);
        s.spec.cwd = "/tmp";
        r = sample_finish(&s);
        cr_expect(r.end == BOX_EXITED && r.status == THROUGH,
            "%s: the attempt itself is broken (%s, %d)", name, box_end_name(r.end), r.status);
        box_result_release(&r);
        unlink("/tmp/copy");
    }
    outside_remove();
}

Test(box_sandbox, calls_of_another_architecture_kill)
{
    for (int level = BOX_REDUCED; level <= (int)best_level(); level++) {
        struct sample_run s;
        struct box_result r;

        sample_prepare(&s, level, "call_as_32_bits", NULL);
        r = sample_finish(&s);
        cr_assert(r.end == BOX_SIGNALED && r.status == SIGSYS);
        box_result_release(&r);
    }
}

Test(box_sandbox, honest_programs_notice_nothing)
{
    for (int level = BOX_REDUCED; level <= (int)best_level(); level++) {
        struct sample_run s;
        struct box_result r;

        sample_prepare(&s, level, "be_honest", NULL);
        r = sample_finish(&s);
        assert_exit(r, 0);
        box_result_release(&r);
    }
}

Test(box_sandbox, inside_everything_is_as_in_every_other_box)
{
    struct sample_run s;
    struct box_result r;

    if (best_level() < BOX_APPROXIMATE)
        cr_skip_test("no namespaces here");
    setenv("LAB_SECRET", "42", 1);
    sample_prepare(&s, best_level(), "show_self", NULL);
    r = sample_finish(&s);
    cr_assert_str_eq(buf_text(&r.out), "box /tmp pid=2 parent=1 root=0");
    box_result_release(&r);
}
