/* SPDX-License-Identifier: MIT */
/*
 * mapping - memory that processes share. The same bytes may be mapped at different addresses; they
 * get one canonical address, so that locks and accesses meet (place_of() in objects.c).
 */
#include "explore/runtime/world.h"
#include "explore/runtime/wrap.h"

#include <sys/mman.h>
#include <sys/stat.h>

static const struct region *same_bytes(const struct region *r)
{
    for (uint32_t p = 0; p < world->n_processes && r->inode; p++)
        for (uint32_t i = 0; i < world->processes[p].n_regions; i++) {
            const struct region *other = &world->processes[p].regions[i];

            if (other->inode == r->inode && other->device == r->device)
                return other;
        }
    return NULL;
}

/* Is the canonical address in use for other bytes? Two processes may get the same address from the
 * kernel, one after the other. */
static bool is_taken(uint64_t canonical, uint64_t size)
{
    for (uint32_t p = 0; p < world->n_processes; p++)
        for (uint32_t i = 0; i < world->processes[p].n_regions; i++) {
            const struct region *r = &world->processes[p].regions[i];

            if (canonical < r->canonical + (r->high - r->low) && r->canonical < canonical + size)
                return true;
        }
    return false;
}

static void give_canonical(struct region *r)
{
    const struct region *other = same_bytes(r);

    r->canonical = r->low;
    if (other)
        r->canonical = other->canonical + r->offset - other->offset;
    while (!other && is_taken(r->canonical, r->high - r->low))
        r->canonical += 1ull << 47;
}

static void add_region(void *p, size_t size, int fd, off_t offset)
{
    struct process *process = &world->processes[me->process];
    struct region r = {.low = (uint64_t)(uintptr_t)p, .high = (uint64_t)(uintptr_t)p + size};
    struct stat st;

    if (process->n_regions == WORLD_REGIONS)
        unsupported("more than 64 shared mappings");
    if (fd >= 0 && !fstat(fd, &st)) {
        r.device = st.st_dev;
        r.inode = st.st_ino;
        r.offset = (uint64_t)offset;
    }
    give_canonical(&r);
    if (!same_bytes(&r)) /* fresh bytes; what lay here before was given back */
        shadow_forget_shared(r.canonical, r.high - r.low);
    process->regions[process->n_regions++] = r;
}

WRAP(void *, mmap, (void *wish, size_t size, int protection, int flags, int fd, off_t offset))
{
    void *p = __real_mmap(wish, size, protection, flags, fd, offset);

    if (!me || p == MAP_FAILED || !from_student(CALLER))
        return p;
    settle();
    if (flags & MAP_SHARED)
        add_region(p, size, fd, offset);
    return p;
}

WRAP(int, munmap, (void *p, size_t size))
{
    struct process *process = me ? &world->processes[me->process] : NULL;

    if (process && from_student(CALLER))
        settle(); /* what was written is looked at while it is there */
    for (uint32_t i = 0; process && i < process->n_regions; i++)
        if (process->regions[i].low == (uint64_t)(uintptr_t)p) {
            process->regions[i] = process->regions[--process->n_regions];
            break;
        }
    return __real_munmap(p, size);
}
