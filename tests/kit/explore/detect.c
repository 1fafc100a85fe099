/* SPDX-License-Identifier: MIT */
/* Small programs with something wrong in each, or something that explore does not control: one
 * main() for each value of CASE. What is to be found stands in test_explore_detect.c. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t pages = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static atomic_int flag, done;
static int x;
static bool ready;

static void run_two(void *(*one)(void *), void *(*two)(void *))
{
    pthread_t a, b;

    pthread_create(&a, NULL, one, NULL);
    pthread_create(&b, NULL, two, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
}

static void *nothing(void *unused)
{
    return unused;
}

static void *count(void *unused)
{
    x++;
    return unused;
}

#define IS(name) (CASE == CASE_##name)

enum {
    CASE_assertion,
    CASE_abort,
    CASE_exit_status,
    CASE_signal,
    CASE_stack_overflow,
    CASE_two_locks,
    CASE_self_lock,
    CASE_lost_wakeup,
    CASE_livelock,
    CASE_spin,
    CASE_spin_with_lock,
    CASE_silent_race,
    CASE_race_of_processes,
    CASE_main_returns,
    CASE_unlock_by_another,
    CASE_unlock_unlocked,
    CASE_destroy_locked,
    CASE_wait_without_mutex,
    CASE_checked_twice,
    CASE_unlock_pages,
    CASE_barrier_unset,
    CASE_unjoined,
    CASE_joined_twice,
    CASE_used_after_free,
    CASE_sleep_as_order,
    CASE_child_deadlock,
    CASE_cancel,
    CASE_system,
    CASE_signal_handler,
    CASE_eventfd,
    CASE_stdin,
    CASE_scanf,
    CASE_endless,
    CASE_endless_in_thread,
    CASE_fork_bomb,
    CASE_gigabytes,
    CASE_constructor,
    CASE_many_threads,
    CASE_blocks_outside,
    CASE_if_for_while,
    CASE_exits_in_thread,
    CASE_left_idle,
    CASE_left_detached,
    CASE_last_thread_ends,
    CASE_freed_twice,
    CASE_freed_before_use,
    CASE_joins_nobody,
    CASE_cleanup,
};

static void *lock_both(void *unused)
{
    pthread_mutex_lock(&lock);
    pthread_mutex_lock(&other);
    pthread_mutex_unlock(&other);
    pthread_mutex_unlock(&lock);
    return unused;
}

static void *lock_both_ways(void *unused)
{
    pthread_mutex_lock(&other);
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    pthread_mutex_unlock(&other);
    return unused;
}

static void *wait_once(void *unused)
{
    if (!ready) {
        pthread_mutex_lock(&lock);
        pthread_cond_wait(&changed, &lock);
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

static void *make_ready(void *unused)
{
    pthread_mutex_lock(&lock);
    ready = true;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    return unused;
}

static void *wait_with_if(void *unused)
{
    pthread_mutex_lock(&lock);
    if (!ready)
        pthread_cond_wait(&changed, &lock);
    assert(ready);
    pthread_mutex_unlock(&lock);
    return unused;
}

static void *spin(void *unused)
{
    while (!flag)
        ;
    return unused;
}

static void *poll_under_lock(void *unused)
{
    for (bool over = false; !over;) {
        pthread_mutex_lock(&lock);
        over = ready;
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

static void *store_same(void *unused)
{
    x = 5;
    return unused;
}

static void *take(void *unused)
{
    pthread_mutex_lock(&lock);
    done = 1;
    while (!flag)
        ;
    return unused;
}

static void *release_it(void *unused)
{
    while (!done)
        ;
    pthread_mutex_unlock(&lock);
    flag = 1;
    return unused;
}

static void *wait_bare(void *unused)
{
    pthread_cond_wait(&changed, &lock);
    return unused;
}

static void *read_pages(void *unused)
{
    pthread_rwlock_rdlock(&pages);
    return unused;
}

static void *leave_pages(void *unused)
{
    pthread_rwlock_unlock(&pages);
    return unused;
}

static void *say_done(void *unused)
{
    done = 1;
    return unused;
}

static void count_undone(void *mutex)
{
    x++;
    pthread_mutex_unlock(mutex);
}

static void *leave_early(void *early)
{
    pthread_mutex_lock(&lock);
    pthread_cleanup_push(count_undone, &lock);
    pthread_mutex_lock(&other);
    pthread_cleanup_push(count_undone, &other);
    if (early)
        pthread_exit(early);
    pthread_cleanup_pop(0);
    pthread_mutex_unlock(&other);
    pthread_cleanup_pop(1);
    return NULL;
}

static void *free_it(void *block)
{
    free(block);
    return NULL;
}

static void *write_it(void *block)
{
    *(int *)block = 1;
    return NULL;
}

static void *write_late(void *unused)
{
    pthread_mutex_lock(&lock);
    ready = true;
    pthread_mutex_unlock(&lock);
    return unused;
}

static void *endless(void *unused)
{
    for (;;)
        __asm__ volatile("" ::: "memory");
    return unused;
}

static void *leave_all(void *unused)
{
    exit(0);
    return unused;
}

static void on_signal(int number)
{
    (void)number;
}

static void misuse_mutex(void)
{
    pthread_mutexattr_t attributes;
    pthread_mutex_t checked;

    if (IS(unlock_by_another))
        run_two(take, release_it);
    if (IS(unlock_unlocked))
        pthread_mutex_unlock(&lock);
    if (IS(destroy_locked)) {
        pthread_mutex_lock(&lock);
        pthread_mutex_destroy(&lock);
        pthread_mutex_unlock(&lock);
    }
    if (IS(checked_twice)) {
        pthread_mutexattr_init(&attributes);
        pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
        pthread_mutex_init(&checked, &attributes);
        pthread_mutex_lock(&checked);
        pthread_mutex_lock(&checked);
        pthread_mutex_unlock(&checked);
    }
    if (IS(self_lock)) {
        pthread_mutex_lock(&lock);
        pthread_mutex_lock(&lock);
    }
}

static void misuse_others(void)
{
    pthread_t id;

    if (IS(unlock_pages))
        run_two(read_pages, leave_pages);
    if (IS(barrier_unset))
        pthread_barrier_wait(&barrier);
    if (IS(wait_without_mutex))
        run_two(wait_bare, nothing);
    if (IS(unjoined) && !pthread_create(&id, NULL, say_done, NULL))
        while (!done)
            ;
    if (IS(joined_twice) && !pthread_create(&id, NULL, nothing, NULL)) {
        pthread_join(id, NULL);
        pthread_join(id, NULL);
    }
    if (IS(used_after_free)) {
        int *block = malloc(sizeof(*block));

        pthread_create(&id, NULL, free_it, block);
        pthread_join(id, NULL);
        *(volatile int *)block = 1;
    }
}

static void leave_things(void)
{
    pthread_t id;

    if (IS(left_idle))
        pthread_create(&id, NULL, nothing, NULL);
    if ((IS(left_detached) || IS(last_thread_ends)) && !pthread_create(&id, NULL, nothing, NULL))
        pthread_detach(id);
    if (IS(last_thread_ends))
        pthread_exit(NULL);
    if (IS(freed_twice) || IS(freed_before_use)) {
        int *block = malloc(sizeof(*block));

        pthread_create(&id, NULL, IS(freed_twice) ? free_it : write_it, block);
        free(block);
        pthread_join(id, NULL);
    }
    if (IS(joins_nobody))
        pthread_join((pthread_t)&id, NULL);
    for (int i = 0; IS(cleanup) && i < 2; i++) {
        void *result;

        pthread_create(&id, NULL, leave_early, i ? NULL : &id);
        pthread_join(id, &result);
        assert(x == 2 + i && (result == NULL) == i);
    }
}

static void wait_in_vain(void)
{
    pthread_t id;

    if (IS(two_locks))
        run_two(lock_both, lock_both_ways);
    if (IS(lost_wakeup))
        run_two(wait_once, make_ready);
    if (IS(if_for_while))
        run_two(wait_with_if, make_ready);
    if (IS(livelock) || IS(spin))
        run_two(spin, IS(spin) ? spin : nothing);
    if (IS(spin_with_lock))
        run_two(poll_under_lock, nothing);
    if (IS(sleep_as_order)) {
        pthread_create(&id, NULL, write_late, NULL);
        sleep(1); /* long enough, surely */
        pthread_mutex_lock(&lock);
        assert(ready);
        pthread_mutex_unlock(&lock);
        pthread_join(id, NULL);
    }
}

static void have_processes(void)
{
    int *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int ends[2];
    char c;

    if (IS(race_of_processes)) {
        if (fork() == 0) {
            ++*shared;
            _exit(0);
        }
        ++*shared;
        wait(NULL);
    }
    if (IS(child_deadlock) && !pipe(ends)) {
        if (fork() == 0)
            _exit(read(ends[0], &c, 1) == 1); /* its own writing end is open: no end of file */
        close(ends[1]);
        wait(NULL);
    }
    if (IS(fork_bomb))
        for (;;)
            fork();
}

static int deeper(int n)
{
    volatile char room[4096];

    room[0] = (char)n;
    return n < 0 ? 0 : deeper(n + 1) + room[0];
}

static void end_badly(void)
{
    pthread_t id;

    if (IS(assertion))
        run_two(count, count), assert(x == 3);
    if (IS(abort))
        abort();
    if (IS(exit_status))
        exit(3);
    if (IS(signal))
        *(volatile int *)8 = 1;
    if (IS(stack_overflow))
        deeper(0);
    if (IS(silent_race))
        run_two(store_same, store_same);
    if (IS(main_returns))
        pthread_create(&id, NULL, count, NULL);
    if (IS(exits_in_thread))
        run_two(leave_all, make_ready);
}

static void call_outside(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    pthread_t id;
    char text[8];
    int number = 0;

    if (IS(cancel) && !pthread_create(&id, NULL, spin, NULL))
        pthread_cancel(id);
    if (IS(system))
        number = system("true");
    if (IS(signal_handler)) {
        sigaction(SIGUSR1, &action, NULL);
        raise(SIGUSR1);
    }
    if (IS(eventfd))
        close(eventfd(0, 0));
    if (IS(stdin))
        number = (int)read(0, text, sizeof(text));
    if (IS(scanf))
        number = scanf("%d", &number);
    if (IS(blocks_outside))
        pause();
}

static void go_on_for_ever(void)
{
    pthread_t ids[200];

    if (IS(endless))
        endless(NULL);
    if (IS(endless_in_thread))
        run_two(endless, count);
    if (IS(gigabytes))
        for (long i = 0; i < 1l << 26; i++)
            puts("again and again and again and again and again and again and again");
    for (int i = 0; IS(many_threads) && i < 200; i++)
        if (pthread_create(&ids[i], NULL, nothing, NULL))
            exit(7);
}

__attribute__((constructor)) static void before_main(void)
{
    if (IS(constructor))
        *(volatile int *)8 = 1;
}

int main(void)
{
    end_badly();
    wait_in_vain();
    misuse_mutex();
    misuse_others();
    leave_things();
    have_processes();
    call_outside();
    go_on_for_ever();
    return 0;
}
