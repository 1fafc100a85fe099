// expect: PASS
// why: a named semaphore, closed and removed
#include "sample.h"

#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <unistd.h>

static _Atomic int done;

/* Once: ThreadSanitizer does not see that sem_close() gives memory back, and takes whoever gets the
 * same addresses next for a racer. */
static void deed(struct counter *counter)
{
    (void)counter;
    char name[64];

    if (done++)
        return;

    snprintf(name, sizeof name, "/lab.%d.%lx", getpid(), (unsigned long)pthread_self());
    sem_t *semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, 1);
    if (semaphore == SEM_FAILED)
        return;
    sem_wait(semaphore);
    sem_post(semaphore);
    sem_close(semaphore);
    sem_unlink(name);
}
