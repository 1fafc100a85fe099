/* SPDX-License-Identifier: MIT */
/*
 * zygote - main() of a program under exploration: a server that forks once for each execution.
 *
 * The child is a process group of its own and runs the program's real main() under the plan. The
 * zygote waits for it, with a look at its CPU time now and then; it ends what ran on without a
 * visible operation, kills what is left of the group, and reports. Everything is pinned to one CPU,
 * because a hand-off between two costs ten times as much.
 *
 * Deterministic: one CPU, one malloc arena, address space layout fixed, time and identity virtual.
 */
#include "explore/runtime/fibre.h"
#include "explore/runtime/spying.h"
#include "explore/runtime/watchdog.h"
#include "explore/runtime/world.h"
#include "explore/runtime/wrap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>

enum { TICK_MS = 50, OUTPUT_FD = 240, EXIT_NO_BOARD = 71 };

#define NO_RANDOM_MARK "EXPLORE_FIXED_LAYOUT"

static char **arguments;
static char **environment;
static int n_arguments;

static void *shared_pages(size_t size)
{
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return p == MAP_FAILED ? NULL : p;
}

static bool attach(void)
{
    struct trace_arena *a = mmap(NULL, sizeof(*a), PROT_READ | PROT_WRITE, MAP_SHARED, TRACE_FD, 0);

    if (a == MAP_FAILED)
        return false;
    if (a->magic != TRACE_MAGIC || a->size != sizeof(*a)) {
        munmap(a, sizeof(*a));
        return false;
    }
    close(TRACE_FD);
    arena = a;
    return true;
}

static void wake_lab(_Atomic uint32_t *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static _Noreturn void give_up(const char *why)
{
    snprintf(arena->trouble, sizeof(arena->trouble), "%s", why);
    atomic_store(&arena->ready, 2);
    atomic_fetch_add(&arena->done, 1);
    wake_lab(&arena->done);
    syscall(SYS_exit_group, 3);
    __builtin_unreachable();
}

/* Starts the program again with a fixed address space layout. Where that is forbidden it goes on as
 * it is: addresses then differ between two starts, and schedules of programs that depend on them.
 */
static void fix_layout(void)
{
    int old = personality(0xffffffff);

    if (getenv(NO_RANDOM_MARK) || old == -1 || old & ADDR_NO_RANDOMIZE)
        return;
    if (personality((unsigned long)old | ADDR_NO_RANDOMIZE) == -1)
        return;
    setenv(NO_RANDOM_MARK, "1", 1);
    __real_execve("/proc/self/exe", arguments, environ);
}

static void pin_to_cpu(int cpu)
{
    static int pinned = -1;
    cpu_set_t set;

    if (cpu < 0 || cpu == pinned)
        return;
    pinned = cpu;
    CPU_ZERO(&set);
    CPU_SET((unsigned)cpu, &set);
    sched_setaffinity(0, sizeof(set), &set);
}

/* The program's output is of no use a thousand times over. The real one is kept for replays. */
static void silence(void)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    fcntl(1, F_DUPFD_CLOEXEC, OUTPUT_FD);
    fcntl(2, F_DUPFD_CLOEXEC, OUTPUT_FD + 1);
    for (int i = 0; i < 2; i++)
        pipes_outside(i, OUTPUT_FD + i);
    if (null < 0)
        return;
    dup2(null, 0);
    dup2(null, 1);
    dup2(null, 2);
    close(null);
}

static void tick(int unused)
{
    (void)unused; /* waitpid() returns EINTR: that is all */
}

static void start_ticking(void)
{
    struct sigaction action = {.sa_handler = tick};
    struct itimerval often = {{0, TICK_MS * 1000}, {0, TICK_MS * 1000}};

    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
}

static void set_up(void)
{
    static const size_t stacks = (size_t)TRACE_TASKS * WORLD_STACK;
    void *memory;

    fix_layout();
    if (!attach())
        return;
    mallopt(M_ARENA_MAX, 1);
    pin_to_cpu(arena->cpu);
    world = shared_pages(sizeof(*world));
    sem_use_memory(shared_pages(SEM_MEMORY), SEM_MEMORY);
    memory = mmap(NULL, stacks, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (!world || memory == MAP_FAILED)
        give_up("there is not enough memory for the explorer's tables");
    if (from_student((const void *)(uintptr_t)step))
        give_up("the program was linked in the wrong order: the student's objects come first");
    arena->real_threads |= !fibres_possible();
    if (fibres_prepare(memory))
        give_up("the machine refuses to create a thread");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    end_install_handlers();
    silence();
    start_ticking();
}

static void reset_result(void)
{
    memset(&arena->result, 0, sizeof(arena->result));
    arena->result.n_frames = 1; /* frame 0: unknown */
}

static void reset_world(void)
{
    objects_reset();
    shadow_reset();
    sem_reset();
    world->n_tasks = world->n_processes = 0;
    world->n_fibres = 1; /* fibre 0: what a process begins with */
    world->n_clocks = 1; /* row 0: none */
    world->alive = world->steps = world->idle_rounds = world->prefix_at = 0;
    world->running = 0;
    world->now = START_CLOCK;
    world->clock_reads = 0;
    world->steer_done = 0;
    world->sleep = (struct task_set){{0}};
    memset(world->steer_writer, 0, sizeof(world->steer_writer));
    memset(world->version, 0, sizeof(world->version));
    policy_begin();
}

/* Leaves the child as the program would find the world, had it been started by itself. */
static void become_program(void)
{
    struct process *p = &world->processes[world->n_processes++];

    setpgid(0, 0);
    signal(SIGALRM, SIG_DFL);
    if (arena->plan.flags & PLAN_KEEP_OUTPUT) {
        dup2(OUTPUT_FD, 1);
        dup2(OUTPUT_FD + 1, 2);
    }
    memset(p, 0, offsetof(struct process, regions));
    p->state = PROCESS_RUNS;
    p->parent = NO_TASK;
    sem_share(p);
    me = task_new(true);
    me->starter = NO_TASK;
    me->stack_high = (uint64_t)(uintptr_t)environment;
    me->stack_low = me->stack_high - ((uint64_t)8 << 20);
    me->thread = pthread_self();
    me->clock[0] = me->birth[0] = 1;
}

extern int __real_kill(pid_t pid, int number);
extern int __real_main(int argc, char **argv, char **envp);

int main(int argc, char **argv, char **envp) __attribute__((weak));

/* The main() of a probe: it runs the scenario that the board asks for. A program with a main() of
 * its own overrides it. */
int main(int argc, char **argv, char **envp)
{
    (void)argc;
    (void)argv;
    (void)envp;
    if (!scenario_attach(NULL))
        finish(END_UNSUPPORTED, 0, "it has no main()");
    return scenario_run();
}

static _Noreturn void run_program(void)
{
    become_program();
    me->stack_base = (uint64_t)(uintptr_t)__builtin_frame_address(0);
    exit(__real_main(n_arguments, arguments, environment));
}

static void supervise(pid_t child)
{
    struct watchdog dog = {0};
    enum trace_end end = END_NONE;
    int status = 0;

    while (__real_waitpid(child, &status, 0) != child) {
        if (end == END_NONE)
            end = watchdog_look(&dog, child);
        if (end != END_NONE)
            __real_kill(-child, SIGKILL);
    }
    if (arena->result.end == END_NONE && end != END_NONE) {
        arena->result.end = end;
        arena->result.task = world->running;
    }
    if (arena->result.end == END_NONE)
        arena->result.code = status;
}

/* Forked children of the program, whatever became of them. */
static void clear_away(pid_t child)
{
    int status;

    if (world->n_processes <= 1 && __real_waitpid(-1, &status, WNOHANG) == -1)
        return;
    __real_kill(-child, SIGKILL);
    while (__real_waitpid(-1, &status, 0) > 0 || errno == EINTR)
        ;
}

/* _Fork(): there is no other thread whose locks would have to be taken over. */
static void execute(void)
{
    pid_t child;

    pin_to_cpu(arena->cpu);
    reset_result();
    reset_world();
    watch_load(&arena->plan);
    for (int tries = 0; (child = _Fork()) < 0 && machine_may_recover(tries);)
        tries++;
    if (child == 0)
        run_program();
    if (child < 0) {
        machine_refused("a process");
        return;
    }
    supervise(child);
    clear_away(child);
}

/* A `lab` that was killed sends no plan any more; then there is nobody to wait for. */
static void wait_for_plan(uint32_t last)
{
    static long lab;
    const struct timespec look = {1, 0};

    if (!lab)
        lab = syscall(SYS_getppid);
    while (atomic_load(&arena->go) == last) {
        if (syscall(SYS_getppid) != lab)
            syscall(SYS_exit_group, 0);
        syscall(SYS_futex, &arena->go, FUTEX_WAIT, last, &look, NULL, 0);
    }
}

int __wrap_main(int argc, char **argv, char **envp);

int __wrap_main(int argc, char **argv, char **envp)
{
    uint32_t number = 0;

    n_arguments = argc;
    arguments = argv;
    environment = envp;
    set_up();
    if (!arena) {
        fputs("This program was built for `lab explore`, which starts it.\n", stderr);
        return EXIT_NO_BOARD;
    }
    atomic_store(&arena->ready, 1);
    for (;;) {
        wait_for_plan(number);
        number = atomic_load(&arena->go);
        execute();
        atomic_store(&arena->done, number);
        wake_lab(&arena->done);
    }
}
