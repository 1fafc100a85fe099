/* SPDX-License-Identifier: MIT */
/*
 * heap - allocation by the student's code. The C library's allocator does the work (one arena, and
 * only the holder of the baton is ever inside); here it is noted who asked, what a new block hides
 * of the old one's history, and who still used what is freed.
 */
#include "explore/runtime/world.h"
#include "explore/runtime/wrap.h"

#include <stdlib.h>
#include <string.h>

/* The C library, too, may get a block that was the student's, and give it to somebody later. */
static void *born(void *p, size_t size, const void *pc)
{
    if (!p || !me)
        return p;
    settle();
    shadow_forget((uint64_t)(uintptr_t)p, size);
    if (from_student(pc))
        heap_add(p, size, pc);
    else
        heap_taken(p);
    return p;
}

/* False when the block is dead already: then it is left alone, and the program goes on. */
static bool dies(void *p, const void *pc)
{
    struct trace_block *b = p && me ? heap_block(p) : NULL;
    struct span s = {.address = (uint64_t)(uintptr_t)p, .writes = true, .pc = pc};
    struct trace_op op;
    bool lives;

    if (!p || !me)
        return true;
    settle();
    s.event = UINT32_MAX;
    s.size = b ? (uint32_t)b->size : 0;
    if (s.size && world->alive > 1 && access_is_visible(s.address, s.size)) {
        op = op_make(OP_FREE, pc);
        op.flags = OPF_MEMORY;
        op.place[0] = place_of(p, s.size, true);
        step(&op);
        s.event = me->event;
    }
    lives = !b || b->freed_at == UINT32_MAX;
    if (!lives)
        shadow_freed_twice(&s);
    else if (b)
        b->freed_at = arena->result.n_events;
    shadow_free(&s);
    spin_progress();
    return lives;
}

WRAP(void *, malloc, (size_t size))
{
    return born(__real_malloc(size), size, CALLER);
}

WRAP(void *, calloc, (size_t count, size_t size))
{
    return born(__real_calloc(count, size), count * size, CALLER);
}

WRAP(void, free, (void *p))
{
    if (dies(p, CALLER))
        __real_free(p);
}

WRAP(void *, realloc, (void *p, size_t size))
{
    if (!dies(p, CALLER))
        p = NULL;
    return born(__real_realloc(p, size), size, CALLER);
}

WRAP(void *, aligned_alloc, (size_t alignment, size_t size))
{
    return born(__real_aligned_alloc(alignment, size), size, CALLER);
}

WRAP(int, posix_memalign, (void **ret, size_t alignment, size_t size))
{
    int error = __real_posix_memalign(ret, alignment, size);

    if (!error)
        born(*ret, size, CALLER);
    return error;
}

WRAP(char *, strdup, (const char *text))
{
    size_t size = strlen(text) + 1;

    if (from_student(CALLER) && me)
        access_plain(text, size, false, CALLER);
    return born(__real_strdup(text), size, CALLER);
}
