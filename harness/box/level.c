/* SPDX-License-Identifier: MIT */
#include "box/level.h"

#include "box/cgroup_place.h"
#include "box/init/landlock.h"
#include "box/launch.h"
#include "box/remedy.h"
#include "box/sandbox.h"
#include "box/seccomp.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
    [BOX_LIMITS] = "none",
    [BOX_REDUCED] = "reduced",
    [BOX_APPROXIMATE] = "approximate",
    [BOX_FULL] = "full",
};

const char *box_level_name(enum box_level level)
{
    return names[level];
}

int box_level_by_name(const char *name)
{
    for (int i = BOX_LIMITS; i <= BOX_FULL; i++)
        if (!strcmp(names[i], name))
            return i;
    return -1;
}

/* Runs the self-test at one level. 0: it holds; -1 with what is in the way. */
static int try_level(enum box_level level, const char *init, struct buf *err)
{
    const bool namespaces = level >= BOX_APPROXIMATE;
    const char *argv[] = {
        namespaces ? SANDBOX_INIT : init, "check", namespaces ? "namespaces" : "files", NULL};
    const struct box_bind bind = {init, init, false};
    struct box_spec spec = {.argv = argv, .level = level, .limits = box_limits_default()};
    struct box_result r = BOX_RESULT_EMPTY;
    int result;

    if (!namespaces) { /* there it must be allowed, inside namespaces it is there anyway */
        spec.binds = &bind;
        spec.n_binds = 1;
    }
    result = box_run(&spec, &r, err);
    if (!result && (r.end != BOX_EXITED || r.status))
        result = fail(err, "The self-test failed: %s%.*s.", box_end_name(r.end),
            (int)strcspn(buf_text(&r.out), "\n"), buf_text(&r.out));
    box_result_release(&r);
    return result;
}

static void add(struct box_level_report *r, const char *name, const char *found, const char *remedy)
{
    r->pieces[r->n_pieces++] = (struct box_piece){
        .name = name, .found = xstrdup(found), .remedy = remedy ? xstrdup(remedy) : NULL};
}

/* What a box says when the kernel does not take the filter. */
static const char filter_words[] = "system call filter";

static void add_namespaces(struct box_level_report *r, const char *why)
{
    const char *remedy = remedy_for_message(why), *at;
    struct buf found = BUF_EMPTY;

    if (!remedy)
        remedy = remedy_for_namespaces(remedy_look());
    at = strstr(why, remedy); /* the sentence ends with it; here it has a line of its own */
    buf_append(&found, why, at > why ? (size_t)(at - why) - 1 : strlen(why));
    if (r->level >= BOX_APPROXIMATE || strstr(why, filter_words))
        add(r, "namespaces", "work", NULL);
    else
        add(r, "namespaces", buf_text(&found), remedy);
    buf_release(&found);
}

static void add_cgroup(struct box_level_report *r)
{
    struct cgroup_place place = CGROUP_PLACE_EMPTY;
    struct buf text = BUF_EMPTY;

    if (cgroup_find_place(&place, &text)) {
        add(r, "cgroup", buf_text(&text), remedy_for_cgroup(remedy_look()));
    } else {
        buf_printf(&text, "version %d, below %s", place.version, place.memory);
        add(r, "cgroup", buf_text(&text), NULL);
    }
    cgroup_place_release(&place);
    buf_release(&text);
}

static void add_landlock(struct box_level_report *r)
{
    int version = landlock_version();
    struct buf text = BUF_EMPTY;

    buf_printf(&text, version ? "version %d" : "not in this kernel, or switched off", version);
    add(r, "Landlock", buf_text(&text),
        version >= 6 ? NULL
                     : "A kernel of 6.12 or newer, started with `lsm=landlock,…`, has all of it.");
    buf_release(&text);
}

static void add_seccomp(struct box_level_report *r, const char *why)
{
    struct buf err = BUF_EMPTY;

    if (!seccomp_filter(&err))
        add(r, "seccomp", buf_text(&err), "apt install libseccomp2");
    else if (strstr(why, filter_words))
        add(r, "seccomp", why,
            "The kernel must be one with CONFIG_SECCOMP_FILTER, and no outer filter may forbid it.");
    else
        add(r, "seccomp", "works", NULL);
    buf_release(&err);
}

int box_probe_level(struct box_level_report *ret, struct buf *err)
{
    const char *init = launch_init(err);
    struct buf why[BOX_FULL + 1] = {BUF_EMPTY, BUF_EMPTY, BUF_EMPTY, BUF_EMPTY};

    *ret = BOX_LEVEL_REPORT_EMPTY;
    if (!init)
        return -1;
    for (int level = BOX_FULL; level > BOX_LIMITS; level--) {
        if (level == BOX_REDUCED && landlock_version() < 6)
            continue;
        if (try_level(level, init, &why[level]))
            continue;
        ret->level = level;
        break;
    }
    add_namespaces(ret, buf_text(&why[BOX_APPROXIMATE]));
    add_cgroup(ret);
    add_seccomp(ret, buf_text(&why[BOX_FULL]));
    add_landlock(ret);
    for (int level = 0; level <= BOX_FULL; level++)
        buf_release(&why[level]);
    return 0;
}

void box_level_report_release(struct box_level_report *r)
{
    for (size_t i = 0; i < r->n_pieces; i++) {
        free(r->pieces[i].found);
        free(r->pieces[i].remedy);
    }
    *r = BOX_LEVEL_REPORT_EMPTY;
}
