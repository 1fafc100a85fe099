/* SPDX-License-Identifier: MIT */
#include "box/plan.h"

#include "base/io.h"
#include "box/init/plan.h"
#include "box/procs.h"
#include "box/sandbox.h"
#include "box/seccomp.h"

#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <unistd.h>

enum { INODES = 4096 };

static uint32_t add_strings(struct buf *b, const char *const *list)
{
    uint32_t n = 0;

    for (; list && list[n]; n++)
        buf_append(b, list[n], strlen(list[n]) + 1);
    return n;
}

/* Compilers and Valgrind write where TMPDIR says: where there is no /tmp, to the private directory.
 */
static uint32_t add_environment(struct buf *b, const struct launch *l)
{
    uint32_t n = 0;

    if (!l->directory)
        return add_strings(b, l->spec->envp);
    for (const char *const *e = l->spec->envp; e && *e; e++)
        if (strcmp(*e, "TMPDIR=/tmp"))
            n += add_strings(b, (const char *const[]){*e, NULL});
    buf_printf(b, "TMPDIR=%s", l->directory);
    buf_putc(b, '\0');
    return n + 1;
}

/* Boxes that want one processor each are spread over those that we may use. */
static int choose_cpu(void)
{
    static unsigned turn;
    unsigned wanted = ((unsigned)getpid() + turn++), seen = 0;
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof(set), &set) || !CPU_COUNT(&set))
        return -1;
    wanted %= (unsigned)CPU_COUNT(&set);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &set) && seen++ == wanted)
            return cpu;
    return -1;
}

/* RLIMIT_NPROC counts by user. Where the user is the box's own it is the limit, or, where a cgroup
 * counts too, the second line. Where it is a person, whose desktop counts as well, it is a fence
 * for fork bombs of programs where there is no cgroup, and a near one: among many hundreds of busy
 * processes, who has to kill them gets no processor. There is room for one box per processor beside
 * this one. For root the kernel counts nothing. */
static uint64_t process_limit(const struct launch *l)
{
    const unsigned tasks = l->spec->limits.tasks;
    unsigned others;

    if (!tasks)
        return 0;
    if (l->slot.user || l->layers.new_user)
        return tasks + (l->layers.cgroup ? 16 : l->supervisors);
    if (l->layers.cgroup || l->spec->compiler)
        return 0;
    others = procs_of_user(geteuid());
    return others ? others + tasks * (1 + (uint64_t)get_nprocs()) : 0;
}

static void set_limits(struct plan *p, const struct launch *l)
{
    const struct box_limits *limits = &l->spec->limits;
    /* The sampling of watch.c is what counts CPU time; this is for the case that it cannot. */
    uint64_t cpu_s = limits->cpu_ms ? 2 * (uint64_t)limits->cpu_ms / 1000 + 5 : RLIM_INFINITY;
    uint64_t processes = process_limit(l);
    const struct plan_rlimit all[] = {
        {RLIMIT_CORE, 1, 0},
        {RLIMIT_CPU, 1, cpu_s},
        {RLIMIT_FSIZE, limits->file_bytes != 0, limits->file_bytes},
        {RLIMIT_NOFILE, limits->descriptors != 0, limits->descriptors},
        {RLIMIT_AS, limits->address_space_bytes != 0, limits->address_space_bytes},
        {RLIMIT_NPROC, processes != 0, processes},
        {RLIMIT_MEMLOCK, l->spec->level != BOX_LIMITS, 1 << 20},
        {RLIMIT_MSGQUEUE, l->spec->level != BOX_LIMITS, 1 << 20},
    };

    _Static_assert(sizeof(all) <= sizeof(p->rlimits), "the plan has room");
    if (l->layers.rlimits)
        memcpy(p->rlimits, all, sizeof(all));
}

static const char *working_directory(const struct launch *l)
{
    if (l->spec->cwd)
        return l->spec->cwd;
    if (l->layers.namespaces)
        return "/tmp";
    return l->directory ? l->directory : "";
}

static int write_all(
    int fd, const struct plan *p, const struct buf *strings, const struct buf *filter)
{
    return io_write_all(fd, p, sizeof(*p)) || io_write_all(fd, strings->data, strings->length) ||
           (filter && io_write_all(fd, filter->data, filter->length));
}

int plan_write(const struct launch *l, int fds, struct buf *err)
{
    const struct box_spec *spec = l->spec;
    struct plan p = {.magic = PLAN_MAGIC, .fds = fds, .no_aslr = spec->no_aslr, .cpu = -1};
    const struct buf *filter = l->layers.seccomp ? seccomp_filter(err) : NULL;
    struct list paths = LIST_EMPTY;
    struct buf strings = BUF_EMPTY;
    int fd;

    if (l->layers.seccomp && !filter)
        return -1;
    if (l->layers.landlock)
        sandbox_paths(spec, &l->layers, l->directory, &paths);
    p.n_argv = add_strings(&strings, spec->argv);
    p.n_envp = add_environment(&strings, l);
    p.n_paths = add_strings(&strings, (const char *const *)paths.words);
    list_release(&paths);
    add_strings(&strings, (const char *const[]){working_directory(l), NULL});
    add_strings(&strings, (const char *const[]){spec->files ? spec->files : "", NULL});
    p.bytes = (uint32_t)strings.length;
    p.filter = filter ? (uint32_t)filter->length : 0;
    p.is_namespace = l->layers.namespaces;
    p.uid = l->layers.new_user ? 0 : l->slot.user;
    p.is_open = !l->layers.sealed;
    p.inodes = l->layers.inodes ? INODES : 0;
    if (spec->pin_cpu)
        p.cpu = choose_cpu();
    set_limits(&p, l);
    fd = memfd_create("interleave-plan", MFD_CLOEXEC);
    if (fd < 0 || write_all(fd, &p, &strings, filter)) {
        fail_errno(err, "Cannot write the plan of a box");
        if (fd >= 0)
            close(fd);
        fd = -1;
    }
    buf_release(&strings);
    return fd;
}
