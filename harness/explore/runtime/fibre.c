/* SPDX-License-Identifier: MIT */
#include "explore/runtime/fibre.h"

#include "explore/runtime/world.h"
#include "explore/runtime/wrap.h"

#include <asm/prctl.h>
#include <errno.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    READY = 8,     /* lent before the first execution */
    MARGIN = 1024, /* of the lender's stack, above the fibre's */
    FSGSBASE = 2,  /* of AT_HWCAP2: the thread pointer may be set without a system call */
};

struct fibre {
    void *stack_pointer; /* where it goes on */
    char *top;           /* of the part of the stack that is its own */
    pthread_t thread;    /* with glibc the value of the thread pointer */
    _Atomic uint32_t lender_lives;
};

static struct fibre fibres[TRACE_TASKS]; /* of this process */
static char *stacks;

int __real_pthread_create(
    pthread_t *ret, const pthread_attr_t *attr, void *(*start)(void *), void *argument);

char *fibre_stack(unsigned fibre)
{
    return stacks + (size_t)fibre * WORLD_STACK;
}

pthread_attr_t fibre_attributes(unsigned fibre, const pthread_attr_t *wish)
{
    pthread_attr_t attributes;
    size_t size = 0;

    pthread_attr_init(&attributes);
    if (wish)
        pthread_attr_getstacksize(wish, &size);
    if (size > WORLD_STACK && size != (size_t)8 << 20)
        pthread_attr_setstacksize(&attributes, size);
    else
        pthread_attr_setstack(&attributes, fibre_stack(fibre), WORLD_STACK);
    return attributes;
}

/* The kernel clears `lender_lives` when the thread is gone for good, and wakes who waits there. */
static void *lend(void *argument)
{
    struct fibre *f = argument;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);

    f->top = (char *)((here - MARGIN) & ~(uintptr_t)15);
    syscall(SYS_set_tid_address, &f->lender_lives);
    syscall(SYS_exit, 0); /* the thread, not the process */
    return NULL;
}

static int borrow(struct fibre *f, const pthread_attr_t *attributes)
{
    int error;

    atomic_store(&f->lender_lives, 1);
    error = __real_pthread_create(&f->thread, attributes, lend, f);
    while (!error && atomic_load(&f->lender_lives))
        syscall(SYS_futex, &f->lender_lives, FUTEX_WAIT, 1, NULL, NULL, 0);
    return error;
}

static bool is_ready(const struct fibre *f, const pthread_attr_t *wish)
{
    size_t size = 0;

    if (wish)
        pthread_attr_getstacksize(wish, &size);
    return f->top && (size <= WORLD_STACK || size == (size_t)8 << 20);
}

int fibres_prepare(void *memory)
{
    int error = 0;

    stacks = memory;
    fibres[0].thread = pthread_self();
    for (unsigned i = 1; i <= READY && !error && fibres_possible(); i++) {
        pthread_attr_t attributes = fibre_attributes(i, NULL);

        error = borrow(&fibres[i], &attributes);
        pthread_attr_destroy(&attributes);
    }
    return error;
}

#ifdef __x86_64__

/* What a called function preserves, by the System V ABI for x86-64: kept on the stack that is left,
 * in this order. */
struct frame {
    uint32_t mxcsr;
    uint32_t x87_control;
    uint64_t r15, r14, r13, r12, rbx, rbp;
    void (*go_on)(void);
    uint64_t caller; /* of the first function: none */
};

void fibre_swap(void **ret_left, void *entered);

__asm__(".text\n"
        ".globl fibre_swap\n"
        ".type fibre_swap, @function\n"
        "fibre_swap:\n"
        "    pushq %rbp\n"
        "    pushq %rbx\n"
        "    pushq %r12\n"
        "    pushq %r13\n"
        "    pushq %r14\n"
        "    pushq %r15\n"
        "    subq $8, %rsp\n"
        "    stmxcsr (%rsp)\n"
        "    fnstcw 4(%rsp)\n"
        "    movq %rsp, (%rdi)\n"
        "    movq %rsi, %rsp\n"
        "    ldmxcsr (%rsp)\n"
        "    fldcw 4(%rsp)\n"
        "    addq $8, %rsp\n"
        "    popq %r15\n"
        "    popq %r14\n"
        "    popq %r13\n"
        "    popq %r12\n"
        "    popq %rbx\n"
        "    popq %rbp\n"
        "    ret\n"
        ".size fibre_swap, . - fibre_swap\n");

bool fibres_possible(void)
{
    return true;
}

static void set_thread_pointer(pthread_t thread)
{
    static int fast = -1;

    if (fast < 0)
        fast = (getauxval(AT_HWCAP2) & FSGSBASE) != 0;
    if (fast)
        __asm__ volatile("wrfsbase %0" : : "r"(thread) : "memory");
    else
        syscall(SYS_arch_prctl, ARCH_SET_FS, thread);
}

static void *first_frame(char *top, void (*entry)(void))
{
    struct frame *f = (struct frame *)(void *)(top - sizeof(*f));

    memset(f, 0, sizeof(*f));
    __asm__("stmxcsr %0\n\tfnstcw %1" : "=m"(f->mxcsr), "=m"(f->x87_control));
    f->go_on = entry;
    return f;
}

void fibre_switch(unsigned from, unsigned to)
{
    set_thread_pointer(fibres[to].thread);
    fibre_swap(&fibres[from].stack_pointer, fibres[to].stack_pointer);
}

#else

bool fibres_possible(void)
{
    return false;
}

static void *first_frame(char *top, void (*entry)(void))
{
    (void)entry;
    return top;
}

void fibre_switch(unsigned from, unsigned to)
{
    (void)from;
    (void)to;
}

#endif

int fibre_start(
    unsigned fibre, const pthread_attr_t *wish, void (*entry)(void), pthread_t *ret_thread)
{
    struct fibre *f = &fibres[fibre];
    int error = 0;

    if (!is_ready(f, wish)) {
        pthread_attr_t attributes = fibre_attributes(fibre, wish);

        error = borrow(f, &attributes);
        pthread_attr_destroy(&attributes);
    }
    if (error)
        return error;
    f->stack_pointer = first_frame(f->top, entry);
    *ret_thread = f->thread;
    return 0;
}
