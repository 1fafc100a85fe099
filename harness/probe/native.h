/* SPDX-License-Identifier: MIT */
/*
 * native - what the files of the native side of the seam share: the declarations of the real
 * functions, and WAITING(), which notes on the board what a call waits for while it lasts.
 */
#ifndef PROBE_NATIVE_H
#define PROBE_NATIVE_H

#include "probe/seam.h"
#include "probe/spy.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#define DECLARE_REAL(function) extern __typeof__(function) __real_##function, __wrap_##function;
SEAM_FUNCTIONS(DECLARE_REAL)

/* The value of `call`, with the caller shown on the board as waiting for `object` meanwhile. */
#define WAITING(state, object, call)                                                \
    __extension__({                                                                 \
        spy_waits(state, (int64_t)(intptr_t)(object), __builtin_return_address(0)); \
        __typeof__(call) value_ = (call);                                           \
        int errno_ = errno;                                                         \
        spy_runs();                                                                 \
        errno = errno_;                                                             \
        value_;                                                                     \
    })

#endif
