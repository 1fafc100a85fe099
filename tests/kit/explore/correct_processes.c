/* SPDX-License-Identifier: MIT */
/* Correct programs of several processes: the explorer must find nothing in any of them. */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int global = 1;

/* A status is told to the parent: what a child says goes to waitpid(). */
static int status_of(pid_t pid)
{
    int status = 0;

    if (waitpid(pid, &status, 0) != pid)
        abort();
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

SCENARIO(copies)
{
    pid_t children[2];

    for (int i = 0; i < 2; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            global += i + 1;
            _exit(global);
        }
    }
    fact_int("first", status_of(children[0]));
    fact_int("second", status_of(children[1]));
    fact_int("ours", global);
}

SCENARIO(through_a_pipe)
{
    int ends[2], value = 0;
    pid_t child;

    if (pipe(ends))
        abort();
    child = fork();
    if (child == 0) {
        close(ends[0]);
        value = 42;
        if (write(ends[1], &value, sizeof(value)) != sizeof(value))
            _exit(1);
        _exit(0);
    }
    close(ends[1]);
    fact_int("read", (long)read(ends[0], &value, sizeof(value)));
    fact_int("end", (long)read(ends[0], &global, sizeof(global)));
    close(ends[0]);
    fact_int("status", status_of(child));
    fact_int("value", value);
}

/* More than fits: the writer waits for the reader. */
SCENARIO(full_pipe)
{
    enum { SIZE = 200000 };
    char *bytes = malloc(SIZE);
    long sum = 0, n;
    int ends[2];
    pid_t child;

    if (pipe(ends))
        abort();
    child = fork();
    if (child == 0) {
        close(ends[0]);
        memset(bytes, 1, SIZE);
        _exit(write(ends[1], bytes, SIZE) == SIZE ? 0 : 1);
    }
    close(ends[1]);
    while ((n = read(ends[0], bytes, SIZE)) > 0)
        sum += n;
    close(ends[0]);
    free(bytes);
    fact_int("sum", sum);
    fact_int("status", status_of(child));
}

struct shared {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    sem_t semaphore;
    int total;
};

static struct shared *share(void)
{
    struct shared *s = mmap(
        NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_t m;
    pthread_condattr_t c;

    pthread_mutexattr_init(&m);
    pthread_mutexattr_setpshared(&m, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&s->lock, &m);
    pthread_condattr_init(&c);
    pthread_condattr_setpshared(&c, PTHREAD_PROCESS_SHARED);
    pthread_cond_init(&s->changed, &c);
    sem_init(&s->semaphore, 1, 1);
    return s;
}

SCENARIO(shared_mutex)
{
    struct shared *s = share();
    pid_t children[2];

    for (int i = 0; i < 2; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            pthread_mutex_lock(&s->lock);
            s->total++;
            pthread_mutex_unlock(&s->lock);
            _exit(0);
        }
    }
    status_of(children[0]);
    status_of(children[1]);
    fact_int("total", s->total);
    munmap(s, sizeof(*s));
}

SCENARIO(shared_semaphore)
{
    struct shared *s = share();
    pid_t child = fork();

    sem_wait(&s->semaphore);
    s->total++;
    sem_post(&s->semaphore);
    if (child == 0)
        _exit(0);
    fact_int("status", status_of(child));
    fact_int("total", s->total);
}

SCENARIO(shared_condition)
{
    struct shared *s = share();
    pid_t child = fork();

    pthread_mutex_lock(&s->lock);
    if (child == 0) {
        s->total = 5;
        pthread_cond_signal(&s->changed);
    }
    while (s->total == 0)
        pthread_cond_wait(&s->changed, &s->lock);
    pthread_mutex_unlock(&s->lock);
    if (child == 0)
        _exit(0);
    fact_int("status", status_of(child));
    fact_int("total", s->total);
}

SCENARIO(crashing_child)
{
    pid_t child = fork();

    if (child == 0)
        *(volatile int *)8 = 1;
    fact_int("status", status_of(child));
}

SCENARIO(killed_child)
{
    int ends[2];
    pid_t child;
    char c;

    if (pipe(ends))
        abort();
    child = fork();
    if (child == 0) {
        close(ends[1]);
        _exit(read(ends[0], &c, 1) == 0 ? 3 : 4); /* nobody ever writes */
    }
    close(ends[0]);
    kill(child, SIGKILL);
    fact_int("status", status_of(child));
    close(ends[1]);
}

SCENARIO(looking_after_a_child)
{
    pid_t child = fork();
    int status;

    if (child == 0)
        _exit(9);
    while (waitpid(child, &status, WNOHANG) == 0)
        ;
    fact_int("status", WEXITSTATUS(status));
    fact_bool("gone", waitpid(child, &status, 0) == -1 && errno == ECHILD);
}

static void *echo(void *descriptor)
{
    int fd = *(int *)descriptor;
    char c;

    while (read(fd, &c, 1) == 1)
        if (write(fd, &c, 1) != 1)
            abort();
    return NULL;
}

SCENARIO(socket_pair_of_threads)
{
    pthread_t id;
    int ends[2];
    char c = 'x';

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
        abort();
    pthread_create(&id, NULL, echo, &ends[1]);
    if (write(ends[0], &c, 1) != 1 || read(ends[0], &c, 1) != 1)
        abort();
    shutdown(ends[0], SHUT_WR);
    close(ends[0]);
    pthread_join(id, NULL);
    close(ends[1]);
    fact_int("c", c);
}

SCENARIO(polling)
{
    int ends[2];
    pid_t child;
    struct pollfd p;

    if (pipe(ends))
        abort();
    child = fork();
    if (child == 0)
        _exit(write(ends[1], "!", 1) == 1 ? 0 : 1);
    p = (struct pollfd){.fd = ends[0], .events = POLLIN};
    fact_int("ready", poll(&p, 1, -1));
    fact_int("status", status_of(child));
    close(ends[0]);
    close(ends[1]);
}

/* Three stages: each reads, adds one, passes on; the end of file travels through. */
static void stage(int in, int out)
{
    char c;

    while (read(in, &c, 1) == 1) {
        c++;
        if (write(out, &c, 1) != 1)
            abort();
    }
    close(in);
    close(out);
    _exit(0);
}

SCENARIO(pipeline)
{
    int a[2], b[2], sum = 0;
    pid_t child;
    char c = 1;

    if (pipe(a) || pipe(b))
        abort();
    child = fork();
    if (child == 0) {
        close(a[1]);
        close(b[0]);
        stage(a[0], b[1]);
    }
    close(a[0]);
    close(b[1]);
    for (int i = 0; i < 2; i++)
        if (write(a[1], &c, 1) != 1)
            abort();
    close(a[1]);
    while (read(b[0], &c, 1) == 1)
        sum += c;
    close(b[0]);
    fact_int("sum", sum);
    fact_int("status", status_of(child));
}

static void *add_here(void *amount)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

    pthread_mutex_lock(&lock);
    global += (int)(long)amount;
    pthread_mutex_unlock(&lock);
    return NULL;
}

static int with_threads(void)
{
    pthread_t ids[2];

    for (long i = 0; i < 2; i++)
        pthread_create(&ids[i], NULL, add_here, (void *)(i + 1));
    for (int i = 0; i < 2; i++)
        pthread_join(ids[i], NULL);
    return global;
}

static void *fork_here(void *unused)
{
    pid_t child = fork();

    if (child == 0)
        _exit(with_threads());
    if (status_of(child) != 4)
        abort();
    return unused;
}

/* A child of a thread goes on with that thread's stack, and has threads of its own. */
SCENARIO(threads_of_a_child)
{
    pthread_t id;

    pthread_create(&id, NULL, fork_here, NULL);
    pthread_join(id, NULL);
    fact_int("ours", with_threads());
}

static void *give_up(void *unused)
{
    abort();
    return unused;
}

/* Before it has done anything that could be seen. */
SCENARIO(crashing_thread_of_a_child)
{
    pid_t child = fork();
    pthread_t id;

    if (child == 0) {
        pthread_create(&id, NULL, give_up, NULL);
        pthread_join(id, NULL);
        _exit(0);
    }
    fact_int("status", status_of(child));
}
