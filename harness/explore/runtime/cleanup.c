/* SPDX-License-Identifier: MIT */
/*
 * cleanup - pthread_cleanup_push() and pop(). <pthread.h> makes of each pair a setjmp() buffer in
 * the pusher's frame: to run the handlers is to jump to the innermost buffer, whose code calls its
 * handler and then asks here for the next one. The list is kept in the model, because a thread of
 * ours never ends in the C library's sense.
 */
#include "explore/runtime/world.h"
#include "explore/runtime/wrap.h"

#include <setjmp.h>

_Noreturn void cleanup_next(void)
{
    void *innermost = me->cleanup; /* what a jump needs of it comes first */

    if (innermost) {
        me->cleanup = ((__pthread_unwind_buf_t *)innermost)->__pad[0];
        siglongjmp(innermost, 1);
    }
    if (me->id == 0 || me->is_process)
        end_first_thread();
    thread_finish(me->result);
}

WRAP(void, __pthread_register_cancel, (__pthread_unwind_buf_t * buffer))
{
    if (!me) {
        __real___pthread_register_cancel(buffer);
        return;
    }
    buffer->__pad[0] = me->cleanup;
    me->cleanup = buffer;
}

WRAP(void, __pthread_unregister_cancel, (__pthread_unwind_buf_t * buffer))
{
    if (me)
        me->cleanup = buffer->__pad[0];
    else
        __real___pthread_unregister_cancel(buffer);
}

WRAP(void, __pthread_unwind_next, (__pthread_unwind_buf_t * buffer))
{
    if (!me)
        __real___pthread_unwind_next(buffer);
    cleanup_next();
}
