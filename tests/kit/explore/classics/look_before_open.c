/* SPDX-License-Identifier: MIT */
/* explore 1: == 1` does not hold */
#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static int created[2];

static void *make(void *p)
{
    long i = (long)p;
    if (access("look_before_open.lock", F_OK) != 0) {
        int fd = open("look_before_open.lock", O_CREAT | O_WRONLY, 0600);
        close(fd);
        created[i] = 1;
    }
    return 0;
}

int main(void)
{
    pthread_t a, b;
    unlink("look_before_open.lock");
    pthread_create(&a, 0, make, (void *)0);
    pthread_create(&b, 0, make, (void *)1);
    pthread_join(a, 0);
    pthread_join(b, 0);
    unlink("look_before_open.lock");
    assert(created[0] + created[1] == 1);
    return 0;
}
