/* SPDX-License-Identifier: MIT */
#include "lab/proof.h"

#include "base/io.h"
#include "lab/build.h"
#include "lab/cache.h"
#include "lab/run.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static const struct exhibit {
    const char *tool;
    const char *program;
    enum verdict planted;
} exhibits[] = {
    {"plain", "plain.c", VERDICT_CRASH},
    {"asan", "memory.c", VERDICT_MEMERR},
    {"memcheck", "memory.c", VERDICT_MEMERR},
    {"tsan", "race.c", VERDICT_RACE},
    {"helgrind", "race.c", VERDICT_RACE},
    {"explore", "race.c", VERDICT_RACE},
};

static const struct exhibit *exhibit_of(const struct tool *t)
{
    for (size_t i = 0; i < sizeof(exhibits) / sizeof(exhibits[0]); i++)
        if (!strcmp(exhibits[i].tool, t->name))
            return &exhibits[i];
    return NULL;
}

static int hold_to(struct runner *r, const struct tool *t, const char *scenario,
    enum verdict expected, struct buf *err)
{
    struct outcome_list list = {0};
    int result = runner_run(r, scenario, "", &list, err);
    enum verdict worst = VERDICT_PASS;

    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].verdict != VERDICT_PASS)
            worst = list.items[i].verdict;
    if (!result && worst != expected)
        result = fail(err,
            "The tool %s does not work on this machine: its %s program should be %s "
            "and was %s%s%s. Reinstall %s; `lab doctor` says more.",
            t->name, scenario, verdict_name(expected), verdict_name(worst),
            list.count && list.items[0].text ? ": " : "",
            list.count && list.items[0].text ? list.items[0].text : "", t->package);
    outcome_list_release(&list);
    return result;
}

static int run_exhibit(const struct kit *kit, const struct tool *t, const struct exhibit *e,
    const char *program, enum box_level level, struct buf *err)
{
    const struct manifest nothing = MANIFEST_EMPTY;
    const struct runner_spec spec = {.kit = kit,
        .exercise = &nothing,
        .tool = t,
        .program = program,
        .student = e->program,
        .level = level,
        .seed = 1};
    struct runner r;
    int result = runner_open(&r, &spec, err);

    if (!result)
        result = hold_to(&r, t, "planted", e->planted, err);
    if (!result)
        result = hold_to(&r, t, "clean", VERDICT_PASS, err);
    runner_close(&r);
    return result;
}

static int prove(const struct kit *kit, const struct tool *t, const struct exhibit *e,
    enum box_level level, struct buf *err)
{
    char *source = io_path(kit->root, "harness/lab/proofs/empty.c");
    char *probe = xasprintf("%s/harness/lab/proofs/%s", kit->root, e->program);
    const struct build_request request = {
        .kit = kit, .tool = t, .source = source, .probe = probe, .level = level};
    struct build_result built = BUILD_RESULT_EMPTY;
    int result = build_probe(&request, &built, err);

    if (!result && built.verdict != VERDICT_PASS)
        result = fail(err,
            "The tool %s cannot build a program on this machine: apt install %s. The "
            "compiler said: %.*s",
            t->name, t->package, (int)strcspn(built.log ? built.log : "", "\n"),
            built.log ? built.log : "nothing");
    if (!result)
        result = run_exhibit(kit, t, e, built.probe, level, err);
    build_result_release(&built);
    free(source);
    free(probe);
    return result;
}

/* The name under which a proof is remembered: all that it depends on. */
static char *proof_path(const struct kit *kit, const struct tool *t, enum box_level level)
{
    static const char *const products[] = {"lab", "libprobe.a", "libexplore.a"};
    struct cache_key k = CACHE_KEY_EMPTY;
    struct buf identity = BUF_EMPTY;
    char *cache = io_path(kit->build, "cache"), *path;

    tool_identity(t, &identity);
    cache_key_text(&k, "proof of", t->name);
    cache_key_text(&k, "identity", buf_text(&identity));
    cache_key_text(&k, "level", level == BOX_LIMITS ? "limits" : "sandbox");
    cache_key_file(&k, "/proc/sys/kernel/random/boot_id", NULL);
    for (size_t i = 0; i < sizeof(products) / sizeof(products[0]); i++) {
        char *product = io_path(kit->build, products[i]);

        cache_key_stat(&k, product);
        free(product);
    }
    path = cache_path(cache, &k, ".proof");
    buf_release(&identity);
    free(cache);
    return path;
}

/* One proof at a time: sessions that start together wait for the first one's. */
static int lock_proof(const char *path, struct buf *err)
{
    char *directory = xstrdup(path), *lock = xasprintf("%s.lock", path);
    int fd = -1;

    *strrchr(directory, '/') = '\0';
    if (!io_make_directories(directory, err)) {
        fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (fd < 0)
            fail_errno(err, "Cannot write %s", lock);
        else
            flock(fd, LOCK_EX);
    }
    free(directory);
    free(lock);
    return fd;
}

int proof_of_tool(
    const struct kit *kit, const struct tool *t, enum box_level level, bool fresh, struct buf *err)
{
    const struct exhibit *e = exhibit_of(t);
    char *path;
    int lock, result = 0;

    if (!e)
        return 0;
    path = proof_path(kit, t, level);
    if (!fresh && io_is_file(path))
        goto out;
    lock = lock_proof(path, err);
    result = lock < 0 ? -1 : 0;
    if (!result && (fresh || !io_is_file(path))) {
        result = prove(kit, t, e, level, err);
        if (!result)
            result = io_write_file(path, "proved\n", 7, err);
    }
    if (lock >= 0)
        close(lock);
out:
    free(path);
    return result;
}
