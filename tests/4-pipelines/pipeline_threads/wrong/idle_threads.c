// expect: stages_overlap@plain WRONG
// why: three threads are created to please the count, and the caller does the work by itself.
#include "pipeline_threads.h"

#include <errno.h>
#include <pthread.h>

static void *do_nothing(void *argument)
{
    return argument;
}

int pipeline_run(const struct pipeline_stage stages[PIPELINE_STAGES], size_t capacity,
    const long *items, size_t count, long *results, struct pipeline_end *ret_end)
{
    if (capacity == 0)
        return EINVAL;
    for (int i = 0; i < PIPELINE_STAGES; i++) {
        pthread_t id;

        pthread_create(&id, NULL, do_nothing, NULL);
        pthread_join(id, NULL);
    }
    *ret_end = (struct pipeline_end){.failed_stage = -1};
    for (size_t n = 0; n < count; n++) {
        long item = items[n];

        for (int i = 0; i < PIPELINE_STAGES; i++) {
            int error = stages[i].work(stages[i].context, item, &item);

            if (error != 0) {
                ret_end->failed_stage = i;
                ret_end->error = error;
                return 0;
            }
        }
        results[ret_end->results++] = item;
    }
    for (int i = 0; i < PIPELINE_STAGES; i++)
        stages[i].done(stages[i].context);
    return 0;
}
