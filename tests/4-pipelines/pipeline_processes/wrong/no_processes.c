// expect: every_item_once_in_order@plain WRONG
// why: one loop in the caller does all the work.
#include "pipeline_processes.h"

static unsigned char bytes[2][PIPELINE_RECORD_MAX];

int pipeline_run(const struct pipeline_stage stages[PIPELINE_STAGES],
    const struct pipeline_record *items, size_t count, const struct pipeline_sink *sink,
    struct pipeline_end *ret_end)
{
    *ret_end = (struct pipeline_end){.failed_stage = -1};
    for (size_t n = 0; n < count; n++) {
        const void *item = items[n].data;
        size_t size = items[n].size;

        for (int i = 0; i < PIPELINE_STAGES; i++) {
            ssize_t made = stages[i].work(stages[i].context, item, size, bytes[i % 2]);

            if (made < 0) {
                ret_end->failed_stage = i;
                ret_end->error = (int)-made;
                return 0;
            }
            item = bytes[i % 2];
            size = (size_t)made;
        }
        sink->take(sink->context, item, size);
        ret_end->results++;
    }
    for (int i = 0; i < PIPELINE_STAGES; i++)
        stages[i].done(stages[i].context);
    return 0;
}
