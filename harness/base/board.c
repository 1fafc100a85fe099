/* SPDX-License-Identifier: MIT */
#include "base/board.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct board *board_create(int *ret_fd, struct buf *err)
{
    int fd = memfd_create("board", MFD_CLOEXEC);
    struct board *b;

    if (fd < 0) {
        fail_errno(err, "Cannot make the shared memory for a run");
        return NULL;
    }
    if (ftruncate(fd, sizeof(*b))) {
        fail_errno(err, "Cannot make the shared memory for a run");
        close(fd);
        return NULL;
    }
    b = mmap(NULL, sizeof(*b), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (b == MAP_FAILED) {
        fail_errno(err, "Cannot map the shared memory for a run");
        close(fd);
        return NULL;
    }
    b->magic = BOARD_MAGIC;
    b->size = sizeof(*b);
    *ret_fd = fd;
    return b;
}

int board_request(
    struct board *b, const char *scenario, const char *args, uint64_t challenge, struct buf *err)
{
    if (strlen(scenario) >= BOARD_SCENARIO || strlen(args) >= BOARD_ARGS)
        return fail(
            err, "The request for scenario %.40s is longer than %d bytes.", scenario, BOARD_ARGS);
    /* The transcript's bytes need no wiping: `used` says how many count. */
    memset(b, 0, offsetof(struct board, transcript));
    b->magic = BOARD_MAGIC;
    b->size = sizeof(*b);
    b->challenge = challenge;
    memcpy(b->scenario, scenario, strlen(scenario) + 1);
    memcpy(b->args, args, strlen(args) + 1);
    return 0;
}

void board_destroy(struct board *b, int fd)
{
    if (b)
        munmap(b, sizeof(*b));
    if (fd >= 0)
        close(fd);
}

enum board_stage board_stage(const struct board *b)
{
    int32_t stage = atomic_load(&b->stage);

    if (stage == BOARD_COMPLETE && atomic_load(&b->end_mark) != b->challenge)
        return BOARD_STARTED; /* somebody claims an end that the runtime did not write */
    if (stage < BOARD_EMPTY || stage > BOARD_BROKEN)
        return BOARD_STARTED;
    return (enum board_stage)stage;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Undoes the probe's escaping; what is no text is left as "%xx" for people to see. */
static void unescape(const char *text, size_t length, struct buf *ret)
{
    for (size_t i = 0; i < length; i++) {
        int high = i + 2 < length && text[i] == '%' ? hex_digit(text[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
        int byte = high * 16 + low;

        if (high >= 0 && low >= 0 && (byte == '%' || byte == '\n')) {
            buf_putc(ret, (char)byte);
            i += 2;
        } else {
            buf_putc(ret, text[i]);
        }
    }
}

static int add_fact(json_t *facts, const char *line, size_t length)
{
    const char *space = memchr(line, ' ', length);
    struct buf name = BUF_EMPTY, value = BUF_EMPTY;
    const char *before;
    json_t *text;
    int result = -1;

    if (!space || space == line)
        return -1;
    buf_append(&name, line, (size_t)(space - line));
    before = json_string_value(json_object_get(facts, buf_text(&name)));
    if (before)
        buf_printf(&value, "%s ", before);
    unescape(space + 1, length - (size_t)(space - line) - 1, &value);
    text = json_stringn(buf_text(&value), value.length);
    if (text)
        result = json_object_set_new(facts, buf_text(&name), text);
    buf_release(&name);
    buf_release(&value);
    return result;
}

json_t *board_facts(const struct board *b, struct buf *err)
{
    size_t used = atomic_load(&b->used);
    const char *at, *end;
    char *copy; /* the probe may still write: parse what stands still */
    json_t *facts;

    if (used > BOARD_TRANSCRIPT) {
        fail(err, "The program reported more facts than the %d KiB that are kept.",
            BOARD_TRANSCRIPT / 1024);
        return NULL;
    }
    copy = xcalloc(1, used + 1);
    memcpy(copy, b->transcript, used);
    facts = json_object();
    for (at = copy; at < copy + used; at = end + 1) {
        end = memchr(at, '\n', (size_t)(copy + used - at));
        if (!end || add_fact(facts, at, (size_t)(end - at))) {
            fail(err, "The transcript of the program is garbled.");
            json_decref(facts);
            facts = NULL;
            break;
        }
    }
    free(copy);
    return facts;
}

bool board_all_wait(const struct board *b, bool (*is_alive)(void *arg, int pid), void *arg)
{
    uint32_t used = atomic_load(&b->n_tasks);
    bool some = false;

    for (uint32_t i = 0; i < used && i < BOARD_TASKS; i++) {
        int32_t state = atomic_load(&b->tasks[i].state);

        if (state == TASK_FREE || state == TASK_ENDED)
            continue;
        if (state != TASK_RUNNING && state != TASK_IN_SLEEP)
            some = true;
        else if (is_alive(arg, atomic_load(&b->tasks[i].pid)))
            return false;
    }
    return some;
}

bool board_break_meetings(struct board *b)
{
    bool broke = false;

    for (size_t i = 0; i < BOARD_MEETINGS; i++) {
        struct board_meeting *m = &b->meetings[i];
        uint32_t waiting = 0;

        if (!atomic_load(&m->name_hash) || !atomic_load(&m->inside))
            continue;
        if (!atomic_compare_exchange_strong(&m->done, &waiting, 2))
            continue;
        syscall(SYS_futex, &m->done, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
        broke = true;
    }
    return broke;
}
