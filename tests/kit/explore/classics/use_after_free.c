/* SPDX-License-Identifier: MIT */
/* explore 1: Use after free */
#include <pthread.h>
#include <stdlib.h>

struct job {
    int number, result;
};

static void *work(void *data)
{
    struct job *job = data;
    job->result = 2 * job->number;
    return NULL;
}

int main(void)
{
    struct job *job = malloc(sizeof(*job));
    pthread_t a;
    job->number = 21;
    job->result = 0;
    pthread_create(&a, NULL, work, job);
    free(job);
    pthread_join(a, NULL);
}
