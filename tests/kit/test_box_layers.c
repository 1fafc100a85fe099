/* SPDX-License-Identifier: MIT */
/* Each layer, switched off, lets exactly its own program through: that is the proof that the layer
 * does something, and that no other one does it in its place. */
#include "box/attempts.h"
#include "box/slot.h"

/* One directory to write to. Returns the owner of what the sample wrote there. */
static uid_t write_into_bind(enum box_level level, unsigned layers_off)
{
    struct buf err = BUF_EMPTY;
    char *top = io_make_temporary("interleave-test", &err), *directory, *file;
    struct sample_run s;
    struct box_result r;
    struct stat st = {0};

    cr_assert(top, "%s", buf_text(&err));
    chmod(top, 0711);
    directory = io_path(top, "work");
    cr_assert(mkdir(directory, 0777) == 0 && chmod(directory, 0777) == 0);
    file = io_path(directory, "result");
    sample_prepare(&s, level, "make_a_file", file);
    s.spec.layers_off = layers_off;
    s.binds[1] = (struct box_bind){directory, directory, true};
    s.spec.n_binds = 2;
    r = sample_finish(&s);
    assert_exit(r, 0);
    box_result_release(&r);
    cr_assert_eq(stat(file, &st), 0);
    io_remove_tree(top, NULL);
    free(file), free(directory), free(top);
    return st.st_uid;
}

Test(box_layers, what_may_be_written_arrives_outside)
{
    for (int level = BOX_REDUCED; level <= (int)best_level(); level++) {
        uid_t owner = write_into_bind(level, 0);

        if (geteuid() == 0)
            cr_expect(owner >= SLOT_FIRST && owner < SLOT_FIRST + SLOT_COUNT, "%u", owner);
        else
            cr_expect_eq(owner, geteuid());
    }
}

/* One layer each: with all on the sample is stopped, with this one off it is through. */
static struct layer_case {
    unsigned layer;
    unsigned others_off; /* layers that would stop it too */
    const char *sample;
    const char *argument;
    enum box_level from;
    enum box_end stopped_as;
} layer_cases[] = {
    {BOX_LAYER_NAMESPACES, 0, "see_processes", NULL, BOX_APPROXIMATE, BOX_EXITED},
    {BOX_LAYER_NAMESPACES, BOX_LAYER_LANDLOCK, "read_outside", "/etc/passwd", BOX_APPROXIMATE,
        BOX_EXITED},
    {BOX_LAYER_SECCOMP, 0, "use_the_network", NULL, BOX_REDUCED, BOX_EXITED},
    {BOX_LAYER_SECCOMP, 0, "use_rare_calls", NULL, BOX_REDUCED, BOX_EXITED},
    {BOX_LAYER_LANDLOCK, 0, "execute_what_it_wrote", NULL, BOX_REDUCED, BOX_EXITED},
    {BOX_LAYER_CGROUP, 0, "hide_memory", "64", BOX_FULL, BOX_MEMORY},
    {BOX_LAYER_RLIMITS, 0, "write_big_file", NULL, BOX_LIMITS, BOX_EXITED},
    {BOX_LAYER_CLOSED, 0, "use_leaked", NULL, BOX_LIMITS, BOX_EXITED},
    {BOX_LAYER_INODES, 0, "make_files", "6000", BOX_APPROXIMATE, BOX_MEMORY},
};

static void run_layer_case(
    const struct layer_case *c, enum box_level level, unsigned off, enum box_end end, int status)
{
    struct sample_run s;
    struct box_result r;
    char number[16];
    int leaked = fcntl(2, F_DUPFD, 70);

    snprintf(number, sizeof(number), "%d", leaked);
    sample_prepare(&s, level, c->sample, c->layer == BOX_LAYER_CLOSED ? number : c->argument);
    s.spec.limits.memory_bytes = 40 * MIB;
    s.spec.limits.file_bytes = c->layer == BOX_LAYER_RLIMITS ? 4 * MIB : 16 * MIB;
    s.spec.layers_off = off;
    r = sample_finish(&s);
    cr_expect(r.end == end && (end != BOX_EXITED || r.status == status),
        "%s at level %s without layers %#x: ended as \"%s\" with status %d, expected \"%s\" with %d; %s",
        c->sample, box_level_name(level), off, box_end_name(r.end), r.status, box_end_name(end),
        status, buf_text(&r.out));
    box_result_release(&r);
    close(leaked);
    unlink("big");
}

Test(box_layers, each_layer_switched_off_lets_its_own_sample_through)
{
    enum box_level best = best_level();

    cr_assert(chdir("/tmp") == 0);
    for (size_t i = 0; i < sizeof(layer_cases) / sizeof(layer_cases[0]); i++) {
        const struct layer_case *c = &layer_cases[i];

        for (int level = c->from; level <= (int)best; level++) {
            run_layer_case(c, level, c->others_off, c->stopped_as, STOPPED);
            run_layer_case(c, level, c->others_off | c->layer, BOX_EXITED, THROUGH);
        }
    }
}

Test(box_layers, each_layer_switched_off_opens_nothing_else)
{
    enum box_level best = best_level();
    const size_t count = sizeof(layer_cases) / sizeof(layer_cases[0]);

    if (best < BOX_APPROXIMATE)
        cr_skip_test("no namespaces here");
    cr_assert(chdir("/tmp") == 0);
    for (size_t off = 0; off < count; off++)
        for (size_t i = 0; i < count; i++) {
            const struct layer_case *c = &layer_cases[i];

            if (c->layer == layer_cases[off].layer || c->from > best ||
                /* Without namespaces there is no /tmp whose files could be counted. */
                (c->layer == BOX_LAYER_INODES && layer_cases[off].layer == BOX_LAYER_NAMESPACES))
                continue;
            run_layer_case(c, best, layer_cases[off].layer, c->stopped_as, STOPPED);
        }
}

/* lab-init's memory is closed twice: it is not dumpable, and it is outside the Landlock domain (or
 * belongs to root). */
Test(box_layers, lab_init_is_sealed)
{
    static const struct layer_case c = {
        BOX_LAYER_SEALED, BOX_LAYER_LANDLOCK, "open_the_supervisor", NULL, BOX_LIMITS, BOX_EXITED};

    if (geteuid() == 0)
        cr_skip_test("root may open everything, and the command is not root");
    cr_assert(chdir("/tmp") == 0);
    for (int level = BOX_LIMITS; level <= (int)best_level(); level++) {
        run_layer_case(&c, level, BOX_LAYER_LANDLOCK, BOX_EXITED, STOPPED);
        run_layer_case(&c, level, BOX_LAYER_LANDLOCK | BOX_LAYER_SEALED, BOX_EXITED, THROUGH);
    }
}

Test(box_layers, root_gives_its_name_to_nobody)
{
    if (geteuid() != 0)
        cr_skip_test("only root has user ids to give");
    for (int level = BOX_REDUCED; level <= (int)best_level(); level++)
        cr_expect_eq(write_into_bind(level, BOX_LAYER_USER), 0, "%s", box_level_name(level));
}
