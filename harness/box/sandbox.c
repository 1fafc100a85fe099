/* SPDX-License-Identifier: MIT */
#include "box/sandbox.h"

#include "base/io.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Old places that are links into /usr on most machines, and directories on others. */
static const char *const top[] = {"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", NULL};
static const char *const devices[] = {
    "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", NULL};

static const char *find_bubblewrap(struct buf *err)
{
    static const char *const places[] = {"/usr/bin/bwrap", "/usr/local/bin/bwrap"};
    const char *given = getenv("LAB_BWRAP");

    if (given && *given && access(given, X_OK) == 0)
        return given;
    if (given && *given) {
        fail(err, "LAB_BWRAP names %s as bubblewrap, which cannot be run: apt install bubblewrap.",
            given);
        return NULL;
    }
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        if (access(places[i], X_OK) == 0)
            return places[i];
    fail(err, "The sandbox needs bubblewrap, which is not installed: apt install bubblewrap.");
    return NULL;
}

static void add_namespaces(struct list *a, const struct layers *l)
{
    list_add_all(a, WORDS("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts",
                        "--unshare-cgroup-try", "--hostname", "box", "--die-with-parent",
                        "--as-pid-1", "--cap-drop", "ALL"));
    /* --unshare-all would only *try* to get a user namespace. */
    if (l->new_user)
        list_add_all(
            a, WORDS("--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000"));
    else /* lab-init becomes the slot's user, and kills as root */
        list_add_all(a,
            WORDS("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_KILL"));
}

static bool uses_local(const struct box_spec *spec)
{
    bool found = spec->compiler || !strncmp(spec->argv[0], "/usr/local/", 11);

    for (size_t i = 0; i < spec->n_binds; i++)
        found = found || !strncmp(spec->binds[i].inside, "/usr/local/", 11);
    return found;
}

/* bubblewrap makes the directories above a bound file with mode 0700; the command runs as another
 * user and has to pass through them. */
static void add_parents(struct list *a, const char *path)
{
    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        list_add_all(a, WORDS("--perms", "0755", "--dir"));
        list_addf(a, "%.*s", (int)(slash - path), path);
    }
}

static void add_system(struct list *a, const struct box_spec *spec)
{
    list_add_all(a, WORDS("--ro-bind", "/usr", "/usr"));
    if (!uses_local(spec) && io_is_directory("/usr/local"))
        list_add_all(a, WORDS("--tmpfs", "/usr/local", "--remount-ro", "/usr/local"));
    for (const char *const *t = top; *t; t++) {
        char target[PATH_MAX];
        ssize_t n = readlink(*t, target, sizeof(target) - 1);

        target[n > 0 ? n : 0] = '\0';
        if (n > 0)
            list_add_all(a, WORDS("--symlink", target, *t));
        else if (io_is_directory(*t))
            list_add_all(a, WORDS("--ro-bind", *t, *t));
    }
    add_parents(a, "/etc/ld.so.cache");
    list_add_all(a, WORDS("--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"));
    if (spec->compiler)
        list_add_all(a, WORDS("--ro-bind-try", "/etc/alternatives", "/etc/alternatives"));
}

/* A tmpfs has no size by itself, and bubblewrap's own /dev has one that can be written to. */
static void add_own(struct list *a, const struct box_spec *spec)
{
    const char *const sized[] = {"/dev/shm", "/tmp", spec->files, NULL};

    list_add_all(a, WORDS("--proc", "/proc", "--tmpfs", "/dev", "--mqueue", "/dev/mqueue"));
    for (const char *const *d = devices; *d; d++)
        list_add_all(a, WORDS("--dev-bind", *d, *d));
    list_add_all(a, WORDS("--symlink", "/proc/self/fd", "/dev/fd", "--symlink", "/proc/self/fd/0",
                        "/dev/stdin", "--symlink", "/proc/self/fd/1", "/dev/stdout", "--symlink",
                        "/proc/self/fd/2", "/dev/stderr"));
    for (const char *const *s = sized; *s; s++) {
        add_parents(a, *s);
        list_add_all(a, WORDS("--perms", "1777", "--size"));
        list_addf(a, "%zu", spec->limits.tmp_bytes ? spec->limits.tmp_bytes : (size_t)32 << 20);
        list_add_all(a, WORDS("--tmpfs", *s));
    }
}

int sandbox_command(const struct box_spec *spec, const struct layers *l, const char *init,
    struct list *ret, struct buf *err)
{
    const char *bubblewrap = find_bubblewrap(err);

    if (!bubblewrap)
        return -1;
    list_add(ret, bubblewrap);
    add_namespaces(ret, l);
    add_system(ret, spec);
    add_own(ret, spec);
    for (size_t i = 0; i < spec->n_binds; i++) {
        const struct box_bind *b = &spec->binds[i];

        add_parents(ret, b->inside);
        list_add_all(ret, WORDS(b->writable ? "--bind" : "--ro-bind", b->outside, b->inside));
    }
    list_add_all(ret, WORDS("--ro-bind", init, SANDBOX_INIT, "--remount-ro", "/dev", "--remount-ro",
                          "/", "--chdir", "/", "--"));
    return 0;
}

/* Nothing that can be written can be executed, and the other way round. */
void sandbox_paths(
    const struct box_spec *spec, const struct layers *l, const char *directory, struct list *ret)
{
    list_add_all(
        ret, WORDS("x/usr", "r/proc", "r/etc/ld.so.cache", "r/etc/alternatives", "w/dev/shm",
                 "w/dev/mqueue")); /* without which no message queue can be opened, by any name */
    for (const char *const *t = top; *t; t++)
        list_addf(ret, "x%s", *t);
    for (const char *const *d = devices; *d; d++)
        list_addf(ret, "d%s", *d);
    if (l->namespaces)
        list_add_all(ret, WORDS("r/dev", "w/tmp", "x" SANDBOX_INIT));
    if (directory)
        list_addf(ret, "w%s", directory);
    if (spec->files)
        list_addf(ret, "w%s", spec->files);
    for (size_t i = 0; i < spec->n_binds; i++)
        list_addf(ret, "%c%s", spec->binds[i].writable ? 'w' : 'x', spec->binds[i].inside);
}

int sandbox_check_binds(const struct box_spec *spec, struct buf *err)
{
    for (size_t i = 0; i < spec->n_binds; i++)
        if (strcmp(spec->binds[i].outside, spec->binds[i].inside))
            return fail(err, "Without namespaces %s cannot be shown as %s.", spec->binds[i].outside,
                spec->binds[i].inside);
    return 0;
}
