/* SPDX-License-Identifier: MIT */
#include "judge/wire.h"

#include <criterion/criterion.h>
#include <criterion/hooks.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static FILE *line; /* to lab; answers come in on a stream of their own */
static FILE *answers;
static pid_t owner; /* a connection is not shared with a forked process */

static _Noreturn void broken(const char *what)
{
    fprintf(stderr, "judge: %s. Judges are started by `lab check`.\n", what);
    _exit(3);
}

static void connect_to_lab(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *path = getenv("LAB_SOCKET");
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (!path || strlen(path) >= sizeof(address.sun_path) || fd < 0)
        broken("LAB_SOCKET names no socket");
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
        broken("lab does not answer");
    line = fdopen(fd, "w");
    answers = fdopen(dup(fd), "r");
    if (!line || !answers)
        broken("out of memory");
    owner = getpid();
}

static void send_line(json_t *message)
{
    if (json_dumpf(message, line, JSON_COMPACT) || fputc('\n', line) == EOF || fflush(line))
        broken("the line to lab broke");
    json_decref(message);
}

void wire_say(json_t *message)
{
    if (!line || owner != getpid()) {
        connect_to_lab();
        if (criterion_current_test)
            send_line(json_pack("{s:s, s:s}", "say", "test", "name", criterion_current_test->name));
    }
    send_line(message);
}

json_t *wire_ask(json_t *message)
{
    json_t *answer;
    json_error_t error;

    wire_say(message);
    answer = json_loadf(answers, JSON_DISABLE_EOF_CHECK, &error);
    if (!answer)
        broken("lab's answer cannot be read");
    fgetc(answers); /* the newline */
    return answer;
}

ReportHook(POST_TEST)(struct criterion_test_stats *stats)
{
    wire_say(json_pack("{s:s, s:s, s:i, s:i, s:i}", "say", "end", "name", stats->test->name,
        "passed", stats->passed_asserts, "failed", stats->failed_asserts, "status",
        (int)stats->test_status));
}

ReportHook(POST_ALL)(struct criterion_global_stats *stats)
{
    (void)stats;
    wire_say(json_pack("{s:s}", "say", "over"));
}
