// expect: stages_overlap@plain WRONG
// why: one loop in the caller's thread does all the work: a pipeline in name only.
#include "pipeline_threads.h"

#include <errno.h>

int pipeline_run(const struct pipeline_stage stages[PIPELINE_STAGES], size_t capacity,
    const long *items, size_t count, long *results, struct pipeline_end *ret_end)
{
    if (capacity == 0)
        return EINVAL;
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
