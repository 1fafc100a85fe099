/* SPDX-License-Identifier: MIT */
#include "box/plan.h"

#include "base/io.h"
#include "box/init/plan.h"

#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

static uint32_t add_strings(struct buf *b, const char *const *list)
{
    uint32_t n = 0;

    for (; list && list[n]; n++)
        buf_append(b, list[n], strlen(list[n]) + 1);
    return n;
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

static void set_limits(struct plan *p, const struct box_spec *spec)
{
    const struct box_limits *l = &spec->limits;
    /* The sampling of box.c is what counts CPU time; this is for the case that it cannot. */
    uint64_t cpu_s = l->cpu_ms ? 2 * (uint64_t)l->cpu_ms / 1000 + 5 : RLIM_INFINITY;
    const struct plan_rlimit limits[] = {
        {RLIMIT_CORE, 1, 0},
        {RLIMIT_CPU, 1, cpu_s},
        {RLIMIT_FSIZE, l->file_bytes != 0, l->file_bytes},
        {RLIMIT_NOFILE, l->descriptors != 0, l->descriptors},
        {RLIMIT_AS, l->address_space_bytes != 0, l->address_space_bytes},
        {RLIMIT_MEMLOCK, spec->level != BOX_LIMITS, 1 << 20},
    };

    memcpy(p->rlimits, limits, sizeof(limits));
}

int plan_write(const struct box_spec *spec, int fds, const struct buf *filter, struct buf *err)
{
    struct plan p = {.magic = PLAN_MAGIC, .fds = fds, .no_aslr = spec->no_aslr, .cpu = -1};
    struct buf strings = BUF_EMPTY;
    int fd = memfd_create("interleave-plan", MFD_CLOEXEC);

    if (fd < 0)
        return fail_errno(err, "Cannot make a memory file for a box");
    p.n_argv = add_strings(&strings, spec->argv);
    p.n_envp = add_strings(&strings, spec->envp);
    buf_append(&strings, spec->cwd ? spec->cwd : "", spec->cwd ? strlen(spec->cwd) + 1 : 1);
    p.bytes = (uint32_t)strings.length;
    p.filter = (uint32_t)filter->length;
    p.is_namespace = spec->level >= BOX_APPROXIMATE;
    if (spec->pin_cpu)
        p.cpu = choose_cpu();
    set_limits(&p, spec);
    if (io_write_all(fd, &p, sizeof(p)) || io_write_all(fd, strings.data, strings.length) ||
        (filter->length && io_write_all(fd, filter->data, filter->length))) {
        fail_errno(err, "Cannot write the plan of a box");
        close(fd);
        fd = -1;
    }
    buf_release(&strings);
    return fd;
}
