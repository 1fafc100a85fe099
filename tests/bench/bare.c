/* SPDX-License-Identifier: MIT */
/*
 * bare - does what `lab check` did, and nothing else: the very same compilers, linkers and probes,
 * as LAB_TRACE has noted them, without box, judge, gate, cache and report. It is the yardstick of
 * tests/bench/check.sh.
 *
 *     bare TRACE STUDENT_FILE JOBS      prints: wall time, CPU time (ms)
 *
 * A session of lab's becomes a chain of processes, one after the other; JOBS chains run at once, in
 * the order in which lab began them. Whatever a compiler writes goes to a directory of its own; a
 * linker reads the objects from lab's cache, as it did. explore is not one process but a search
 * that drives one: here the same search is called for the same budget and seed. A probe in which
 * somebody waits for a meeting that cannot be would do so for ever: after a second, which is lab's
 * measure too, it is sent on.
 */
#include "base/board.h"
#include "base/io.h"
#include "explore/explore.h"

#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WORDS_MOST = 256, SESSIONS_MOST = 64, QUIET_MS = 1000 };

struct chain {
    json_int_t session;
    json_t *lines;
};

struct server {
    pid_t pid;
    int control;
};

static const char *const environment[] = {
    "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TMPDIR=/tmp", NULL};

static _Noreturn void give_up(const char *what)
{
    perror(what);
    exit(1);
}

static const char *text_of(const json_t *line, const char *key)
{
    return json_string_value(json_object_get(line, key));
}

static const char **argv_of(const json_t *line)
{
    const json_t *words = json_object_get(line, "argv");
    const char **argv = xcalloc(WORDS_MOST, sizeof *argv);

    for (size_t i = 0; i < json_array_size(words) && i < WORDS_MOST - 1; i++)
        argv[i] = json_string_value(json_array_get(words, i));
    return argv;
}

static void expect_success(pid_t pid, const char *what)
{
    int status;

    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        give_up("fork");
    if (status == 0)
        return;
    fprintf(stderr, "bare: %s ended with status %x\n", what, (unsigned)status);
    exit(1);
}

static void start_quietly(const char **argv)
{
    int null = open("/dev/null", O_RDWR);

    for (int fd = 0; fd < 3; fd++)
        dup2(null, fd);
    execve(argv[0], (char *const *)argv, (char *const *)environment);
    _exit(127);
}

static void compile(const json_t *line)
{
    const char **argv = argv_of(line);
    pid_t pid = fork();

    if (pid == 0)
        start_quietly(argv);
    expect_success(pid, "a compiler");
    free(argv);
}

/* The board's descriptor, and the control line of a program that serves, where the probe looks. */
static pid_t start_probe(const json_t *line, int board_fd, int control)
{
    const char **argv = argv_of(line);
    bool no_aslr = !strcmp(text_of(line, "tool"), "tsan");
    pid_t pid = fork();

    if (pid == 0) {
        if (no_aslr)
            personality(ADDR_NO_RANDOMIZE);
        dup2(fcntl(board_fd, F_DUPFD, 10), BOARD_FD);
        if (control >= 0)
            dup2(fcntl(control, F_DUPFD, 10), BOARD_CONTROL_FD);
        start_quietly(argv);
    }
    free(argv);
    return pid;
}

/* Until there is something to be had from `fd`. */
static void await(int fd, struct board *board)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};

    while (poll(&p, 1, QUIET_MS) == 0)
        board_break_meetings(board);
}

static void serve(struct server *server, const json_t *line, struct board *board, int board_fd)
{
    int ends[2], status;

    if (server->pid == 0) {
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
            give_up("socketpair");
        server->pid = start_probe(line, board_fd, ends[1]);
        close(ends[1]);
        server->control = ends[0];
    }
    if (write(server->control, "r", 1) != 1)
        give_up("a probe that serves");
    await(server->control, board);
    if (read(server->control, &status, sizeof status) < 1)
        give_up("a probe that serves");
}

static void explore(const json_t *line)
{
    struct explore_options options = explore_options_default();
    struct explore_result result = EXPLORE_RESULT_EMPTY;
    struct box_spec box = {.envp = environment, .limits = box_limits_default(), .pin_cpu = true};
    struct explore_program program = {.path = argv_of(line)[0],
        .scenario = text_of(line, "scenario"),
        .args = text_of(line, "args"),
        .box = &box};
    struct buf err = BUF_EMPTY;

    box.limits.memory_bytes = (size_t)1024 << 20;
    options.seed = (uint64_t)json_integer_value(json_object_get(line, "seed"));
    options.schedules = (long)json_integer_value(json_object_get(line, "schedules"));
    options.preemptions = (int)json_integer_value(json_object_get(line, "preemptions"));
    options.spurious = (int)json_integer_value(json_object_get(line, "spurious"));
    options.keep_going = true;
    if (explore_search(&program, &options, &result, &err)) {
        fprintf(stderr, "bare: %s\n", buf_text(&err));
        exit(1);
    }
    explore_result_release(&result);
}

static void run_once(const json_t *line, struct board *board, int board_fd)
{
    pid_t pid = start_probe(line, board_fd, -1);
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

    await(pidfd, board);
    close(pidfd);
    expect_success(pid, "a probe");
}

static void run(const json_t *line, struct server *server, struct board *board, int board_fd)
{
    bool serves = !strcmp(text_of(line, "tool"), "memcheck") ||
                  !strcmp(text_of(line, "tool"), "helgrind");

    if (!strcmp(text_of(line, "tool"), "explore")) {
        explore(line);
        return;
    }
    if (board_request(board, text_of(line, "scenario"), text_of(line, "args"), 1, NULL))
        give_up("board");
    if (serves)
        serve(server, line, board, board_fd);
    else
        run_once(line, board, board_fd);
}

/* All of a chain, in a process and a directory of its own. */
static _Noreturn void run_chain(const struct chain *chain, const char *student)
{
    char directory[] = "/tmp/bare.XXXXXX";
    struct server server = {0, -1};
    struct buf source = BUF_EMPTY, err = BUF_EMPTY;
    struct board *board;
    int board_fd;
    size_t i;
    json_t *line;

    if (io_read_file(student, 0, &source, &err) || !mkdtemp(directory) || chdir(directory) ||
        io_write_file(io_base_name(student), buf_text(&source), source.length, &err))
        give_up("a directory to work in");
    board = board_create(&board_fd, &err);
    if (!board)
        give_up("board");
    json_array_foreach (chain->lines, i, line) {
        if (!strcmp(text_of(line, "does"), "compile"))
            compile(line);
        else if (!strcmp(text_of(line, "does"), "run"))
            run(line, &server, board, board_fd);
    }
    if (server.pid > 0) {
        close(server.control);
        expect_success(server.pid, "a probe that serves");
    }
    io_remove_tree(directory, NULL);
    exit(0);
}

static size_t read_trace(const char *path, struct chain *chains)
{
    struct buf text = BUF_EMPTY, err = BUF_EMPTY;
    size_t count = 0, i;

    if (io_read_file(path, 0, &text, &err))
        give_up(path);
    for (char *at = text.data, *word; (word = strsep(&at, "\n")) && *word;) {
        json_t *line = json_loads(word, 0, NULL);
        json_int_t session = json_integer_value(json_object_get(line, "session"));

        for (i = 0; i < count && chains[i].session != session; i++)
            ;
        if (i == count && count < SESSIONS_MOST)
            chains[count++] = (struct chain){session, json_array()};
        json_array_append_new(chains[i].lines, line);
    }
    return count;
}

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double cpu_ms(void)
{
    struct rusage u;

    getrusage(RUSAGE_CHILDREN, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
}

static void wait_for_one(void)
{
    int status;

    if (wait(&status) < 0 || status != 0)
        exit(1);
}

int main(int argc, char **argv)
{
    struct chain chains[SESSIONS_MOST];
    double began = now_ms();
    size_t count, running = 0;

    if (argc != 4)
        return 2;
    count = read_trace(argv[1], chains);
    for (size_t i = 0; i < count; i++) {
        if (running == strtoul(argv[3], NULL, 10)) {
            wait_for_one();
            running--;
        }
        if (fork() == 0)
            run_chain(&chains[i], argv[2]);
        running++;
    }
    for (; running > 0; running--)
        wait_for_one();
    printf("%.1f %.1f\n", now_ms() - began, cpu_ms());
    return 0;
}
