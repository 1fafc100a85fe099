/* SPDX-License-Identifier: MIT */
#include "gate/intake_worker.h"

#include "base/clean.h"
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    MEMORY_BYTES = 192 << 20, /* xz -9 needs 64 MiB, zstd --ultra 128 MiB */
    CPU_SECONDS = 5,
    WALL_MS = 30000,
    PATH_BYTES = 8192,
    TEXT_BYTES = 2048,
};

/* What goes through the pipe: this, then `path_length` bytes, then `length` bytes. */
struct record {
    char kind; /* 'F' a file, 'R' a remark, 'E' the error that ended it, 'Z' the end */
    bool refused;
    uint32_t index; /* of the wanted file; n_wanted: none */
    uint32_t path_length;
    uint32_t length;
};

/* ---- the child ---- */

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define UNDER_SANITIZER 1
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define UNDER_SANITIZER 1
#endif
#endif
#ifndef UNDER_SANITIZER
#define UNDER_SANITIZER 0
#endif

/* How much address space this process has already. */
static rlim_t address_space(void)
{
    struct buf text = BUF_EMPTY;
    unsigned long pages = 0;

    if (io_read_file("/proc/self/statm", 0, &text, NULL) == 0)
        pages = strtoul(buf_text(&text), NULL, 10);
    buf_release(&text);
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* What is not listed fails with EPERM and kills nobody: the list need not follow every new C
 * library. A machine that refuses the filter still has the limits. */
static void allow_reading_only(void)
{
    static const int allowed[] = {SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(writev),
        SCMP_SYS(lseek), SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(brk), SCMP_SYS(mmap),
        SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(mprotect), SCMP_SYS(futex),
        SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(close), SCMP_SYS(getpid), SCMP_SYS(gettid),
        SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
        SCMP_SYS(sigaltstack), SCMP_SYS(clock_gettime), SCMP_SYS(getrandom), SCMP_SYS(tgkill)};
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));

    if (filter == NULL)
        return;
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
    seccomp_load(filter);
    seccomp_release(filter);
}

static void become_small(int pipe_fd, int fd)
{
    const struct rlimit none = {0, 0}, cpu = {CPU_SECONDS, CPU_SECONDS};
    struct rlimit memory;

    /* File names are UTF-8, wherever we run. */
    setlocale(LC_CTYPE, "C.UTF-8");
    memory.rlim_cur = memory.rlim_max = address_space() + MEMORY_BYTES;
    unsigned low = (unsigned)(pipe_fd < fd ? pipe_fd : fd);
    unsigned high = (unsigned)(pipe_fd < fd ? fd : pipe_fd);
    close_range(high + 1, ~0u, 0);
    if (high > low + 1)
        close_range(low + 1, high - 1, 0);
    if (low > 3)
        close_range(3, low - 1, 0);
    prctl(PR_SET_DUMPABLE, 0);
    setrlimit(RLIMIT_CORE, &none);
    setrlimit(RLIMIT_FSIZE, &none);
    setrlimit(RLIMIT_CPU, &cpu);
    if (!UNDER_SANITIZER)
        setrlimit(RLIMIT_AS, &memory);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    allow_reading_only();
}

static void send_record(int fd, struct record record, const char *path, const char *bytes)
{
    if (io_write_all(fd, &record, sizeof record) < 0 ||
        io_write_all(fd, path, record.path_length) < 0 ||
        io_write_all(fd, bytes, record.length) < 0)
        _exit(1);
}

static uint32_t index_of(const struct intake_sink *sink, const char *exercise)
{
    for (size_t i = 0; i < sink->n_wanted; i++)
        if (exercise != NULL && strcmp(sink->wanted[i].exercise, exercise) == 0)
            return (uint32_t)i;
    return (uint32_t)sink->n_wanted;
}

static void send_result(int fd, struct intake_sink *sink)
{
    struct intake *found = sink->result;
    const struct intake_wanted *wanted = sink->wanted;
    struct intake_sink names = {.wanted = wanted, .n_wanted = sink->n_wanted};

    sink_finish(sink);
    for (size_t i = 0; i < found->n_files; i++) {
        const struct intake_file *f = &found->files[i];

        send_record(fd,
            (struct record){'F', false, index_of(&names, f->exercise), (uint32_t)strlen(f->path),
                (uint32_t)f->length},
            f->path, f->bytes);
    }
    for (size_t i = 0; i < found->n_remarks; i++) {
        const struct intake_remark *r = &found->remarks[i];

        send_record(fd,
            (struct record){
                'R', r->refused, index_of(&names, r->exercise), 0, (uint32_t)strlen(r->text)},
            "", r->text);
    }
    send_record(fd, (struct record){'Z', false, (uint32_t)found->n_remarks_cut, 0, 0}, "", "");
}

static _Noreturn void work(
    intake_reader *reader, struct intake_sink *sink, int fd, const char *name, int pipe_fd)
{
    struct buf err = BUF_EMPTY;

    become_small(pipe_fd, fd);
    if (reader(sink, fd, name, &err) < 0)
        send_record(
            pipe_fd, (struct record){'E', true, 0, 0, (uint32_t)err.length}, "", buf_text(&err));
    else
        send_result(pipe_fd, sink);
    _exit(0);
}

/* ---- the parent ---- */

/* All that the child says, at most `most` bytes. False when it said more, or took too long. */
static bool collect(int fd, size_t most, struct buf *ret)
{
    char block[65536];
    long long deadline = io_now_ms() + WALL_MS;

    for (;;) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        long long left = deadline - io_now_ms();

        if (left <= 0 || ret->length > most)
            return false;
        if (poll(&ready, 1, (int)left) <= 0)
            continue;
        ssize_t got = read(fd, block, sizeof block);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0;
        buf_append(ret, block, (size_t)got);
    }
}

static char *copy_bytes(const char *bytes, size_t length)
{
    char *copy = xcalloc(1, length + 1);

    memcpy(copy, bytes, length);
    return copy;
}

static bool accept_file(struct intake_sink *sink, const struct record *r, const char *at)
{
    if (r->index >= sink->n_wanted || memchr(at, '\0', r->path_length) != NULL ||
        sink_why_not(at + r->path_length, r->length) != NULL)
        return false;
    sink_put(sink, r->index, copy_bytes(at, r->path_length),
        copy_bytes(at + r->path_length, r->length), r->length);
    return true;
}

static void accept_remark(struct intake_sink *sink, const struct record *r, const char *at)
{
    struct buf text = BUF_EMPTY;

    clean_line(&text, at, r->length, TEXT_BYTES);
    intake_add_remark(sink->result, r->refused,
        r->index < sink->n_wanted ? sink->wanted[r->index].exercise : NULL, buf_detach(&text));
}

/* 'Z' when all is well, 'E' with the child's sentence in `err`, 0 when the records are garbled. */
static char accept_records(struct intake_sink *sink, const struct buf *said, struct buf *err)
{
    const char *at = buf_text(said), *end = at + said->length;
    struct record r;

    while ((size_t)(end - at) >= sizeof r) {
        memcpy(&r, at, sizeof r);
        at += sizeof r;
        if (r.path_length > PATH_BYTES || r.length > INTAKE_FILE_BYTES ||
            (size_t)(end - at) < (size_t)r.path_length + r.length)
            return 0;
        if (r.kind == 'F' && !accept_file(sink, &r, at))
            return 0;
        if (r.kind == 'R')
            accept_remark(sink, &r, at);
        if (r.kind == 'E') {
            buf_clear(err);
            clean_line(err, at, r.length, TEXT_BYTES);
        }
        if (r.kind == 'Z')
            sink->result->n_remarks_cut += r.index;
        if (r.kind == 'E' || r.kind == 'Z')
            return r.kind;
        at += r.path_length + r.length;
    }
    return 0;
}

/* The child ended without a word. Most likely what it read was made for that. */
static int explain(int status, const char *name, struct buf *err)
{
    if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
        return fail(err,
            "The archive `%s` takes too long to read, as if it were made to. It was not read.",
            name);
    return fail(err,
        "The archive `%s` could not be read: it is damaged, or needs more than %d MiB to unpack.",
        name, MEMORY_BYTES >> 20);
}

int intake_work(
    intake_reader *reader, struct intake_sink *sink, int fd, const char *name, struct buf *err)
{
    size_t most = (sink->n_wanted + 1) * (INTAKE_FILE_BYTES + PATH_BYTES) +
                  (INTAKE_REMARKS + 2) * (TEXT_BYTES + sizeof(struct record));
    struct buf said = BUF_EMPTY, sentence = BUF_EMPTY;
    int ends[2], status = 0, result = -1;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return fail_errno(err, "no pipe for reading the archive `%s`", name);
    pid_t child = fork();
    if (child < 0) {
        close(ends[0]);
        close(ends[1]);
        return fail_errno(err, "no process for reading the archive `%s`", name);
    }
    if (child == 0)
        work(reader, sink, fd, name, ends[1]);
    close(ends[1]);
    bool whole = collect(ends[0], most, &said);
    if (!whole)
        kill(child, SIGKILL);
    close(ends[0]);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    char last = whole ? accept_records(sink, &said, &sentence) : 0;
    if (last == 'Z')
        result = 0;
    else if (last == 'E')
        fail(err, "%s", buf_text(&sentence));
    else
        explain(status, name, err);
    buf_release(&said);
    buf_release(&sentence);
    return result;
}
