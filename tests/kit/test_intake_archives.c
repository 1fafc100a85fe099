/* SPDX-License-Identifier: MIT */
/* Archives that are no archives, damaged, endless, or bombs; and the process that reads them. */
#include "gate/submissions.h"

TestSuite(intake_archives, .init = set_up, .fini = tear_down, .timeout = 60);

Test(intake_archives, what_is_no_archive_is_an_error_with_a_remedy)
{
    char *path = in_scratch("submission.zip"), *fifo = in_scratch("fifo");

    io_write_file(path, "Rar!\x1a\x07 and so on, which we do not read", 38, NULL);
    expect_error(path, "Hand in a directory, a .zip or a .tar");
    io_write_file(path, "", 0, NULL);
    expect_error(path, "no archive that we know");
    expect_error("/nonexistent", "cannot be opened");
    mkfifo(fifo, 0600);
    expect_error(fifo, "neither a directory nor an archive");
    free(path);
    free(fifo);
}

Test(intake_archives, damaged_archives_are_an_error_and_never_a_crash)
{
    static const struct entry entries[] = {
        {"2-races/counter_mutex/counter_mutex.c", "int counter; /* some text to pack */", 0, 0},
        {"counter.c", "more text, more text, more text, more text", 0, 0},
    };

    srand(7);
    for (size_t k = 1; k < sizeof kinds / sizeof *kinds; k++) {
        char *path = make_archive(kinds[k], entries, 2);
        struct buf whole = BUF_EMPTY;

        io_read_file(path, 0, &whole, NULL);
        for (int i = 0; i < 40; i++) {
            struct intake in = INTAKE_EMPTY;
            struct buf damaged = BUF_EMPTY, err = BUF_EMPTY;
            size_t length = i % 2 ? whole.length : whole.length * (size_t)i / 40;

            buf_append(&damaged, whole.data, length);
            for (int flips = i; flips > 0 && length > 0; flips--)
                damaged.data[(size_t)rand() % length] ^= (char)(1 << rand() % 8);
            io_write_file(path, buf_text(&damaged), damaged.length, NULL);
            int result = intake_read(AT_FDCWD, path, wanted, N_WANTED, &in, &err);
            cr_expect((result == 0) == (err.length == 0));
            intake_release(&in);
            buf_release(&damaged);
            buf_release(&err);
        }
        buf_release(&whole);
        free(path);
    }
}

/* Zeros, as many as asked for, behind one header. */
static char *make_bomb(const char *kind, const char *name, long long claimed, long long real)
{
    static char zeros[1 << 20];
    char *path = in_scratch("bomb");
    struct archive *a = begin_archive(kind, path);
    struct archive_entry *entry = archive_entry_new();

    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_size(entry, claimed);
    archive_write_header(a, entry);
    for (long long left = real; left > 0; left -= (long long)sizeof zeros)
        archive_write_data(a, zeros, sizeof zeros);
    archive_entry_free(entry);
    if (claimed > real)
        archive_write_fail(a); /* or it would make the claim true */
    archive_write_free(a);
    return path;
}

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

Test(intake_archives, bombs_are_refused_before_they_are_unpacked)
{
    static const struct {
        const char *kind, *name;
        long long claimed, real;
    } bombs[] = {
        {"tar.zst", "movie.bin", 300ll << 20, 300ll << 20},
        {"tar.zst", "counter_mutex.c", 64ll << 20, 64ll << 20},
        {"tar", "counter_mutex.c", 1ll << 50, 1 << 20},
        {"tar", "x", 5ll << 40, 0},
        {"zip", "counter_mutex.c", 64ll << 20, 64ll << 20},
    };

    for (size_t i = 0; i < sizeof bombs / sizeof *bombs; i++) {
        char *path = make_bomb(bombs[i].kind, bombs[i].name, bombs[i].claimed, bombs[i].real);
        double start = seconds();

        expect_error(path, "far more than it should");
        cr_expect_lt(seconds() - start, 2.0);
        free(path);
    }
    struct rusage use;
    getrusage(RUSAGE_CHILDREN, &use);
    cr_expect_lt(use.ru_maxrss, 50 * 1024, "the reader used %ld KiB", use.ru_maxrss);
}

Test(intake_archives, a_stream_that_never_ends_is_stopped)
{
    /* A tar whose headers are small and whose filler is endless: what was streamed counts too. */
    char *path = in_scratch("filler");
    struct archive *a = archive_write_new();
    static char zeros[1 << 20];

    archive_write_set_format_raw(a);
    archive_write_add_filter_zstd(a);
    archive_write_open_filename(a, path);
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_write_header(a, entry);
    for (int i = 0; i < 1500; i++)
        archive_write_data(a, zeros, sizeof zeros);
    archive_entry_free(entry);
    archive_write_close(a);
    archive_write_free(a);

    struct intake in = INTAKE_EMPTY;
    double start = seconds();
    intake_read(AT_FDCWD, path, wanted, N_WANTED, &in, NULL);
    cr_expect_eq(in.n_files, 0);
    cr_expect_lt(seconds() - start, 8.0);
    intake_release(&in);
    free(path);
}

Test(intake_archives, too_many_entries_are_an_error)
{
    char *path = in_scratch("many.tar");
    struct archive *a = begin_archive("tar.gz", path);

    for (int i = 0; i <= INTAKE_ENTRIES; i++) {
        char *name = xasprintf("%d.c", i);
        add_entry(a, &(struct entry){name, "", 0, 0});
        free(name);
    }
    archive_write_close(a);
    archive_write_free(a);
    expect_error(path, "more than 20000 entries");
    free(path);
}

Test(intake_archives, remarks_are_limited_and_the_rest_is_counted)
{
    struct entry entries[INTAKE_REMARKS + 7];

    for (int i = 0; i < INTAKE_REMARKS + 7; i++)
        entries[i] = (struct entry){xasprintf("link%d", i), "/etc", AE_IFLNK, 0};
    EACH_KIND(in, entries)
    {
        cr_expect_eq(in.n_remarks, INTAKE_REMARKS);
        cr_expect_eq(in.n_remarks_cut, 7, "%s", kinds[k]);
    }
}

Test(intake_archives, nothing_of_the_reading_is_left)
{
    static const struct entry entries[] = {{"counter.c", "x", 0, 0}};
    char *path = make_archive("tar.xz", entries, 1);
    int before = dup(0);

    close(before);
    for (int i = 0; i < 20; i++) {
        struct intake in = INTAKE_EMPTY;
        cr_expect_eq(intake_read(AT_FDCWD, path, wanted, N_WANTED, &in, NULL), 0);
        intake_release(&in);
    }
    int after = dup(0);
    close(after);
    cr_expect_eq(after, before, "descriptors are left open");
    cr_expect_eq(waitpid(-1, NULL, WNOHANG), -1, "children are left");
    free(path);
}

/* What a reading library that was taken over would try. Says what worked. */
static int curious_reader(struct intake_sink *sink, int fd, const char *name, struct buf *err)
{
    struct buf worked = BUF_EMPTY;
    volatile char *memory = malloc(400 << 20);

    (void)sink, (void)fd, (void)name;
    if (open("/etc/passwd", O_RDONLY) >= 0)
        buf_puts(&worked, " open");
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, (int[2]){0}) == 0)
        buf_puts(&worked, " socketpair");
    if (memory != NULL)
        buf_puts(&worked, " memory");
    if (kill(getppid(), 0) == 0)
        buf_puts(&worked, " kill");
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    if (child > 0)
        buf_puts(&worked, " fork");
    return fail(err, "worked:%s", buf_text(&worked));
}

Test(intake_archives, the_reader_of_archives_can_do_nothing_but_read)
{
    struct intake in = INTAKE_EMPTY;
    struct intake_sink sink;
    struct buf err = BUF_EMPTY;

    sink_init(&sink, wanted, N_WANTED, &in);
    cr_expect_eq(intake_work(curious_reader, &sink, 0, "x", &err), -1);
    cr_expect_str_eq(buf_text(&err), "worked:");
    sink_finish(&sink);
    intake_release(&in);
    buf_release(&err);
}

/* Takes over the child that reads, and says through its pipe what is not true. */
static int lying_reader(struct intake_sink *sink, int fd, const char *name, struct buf *err)
{
    (void)fd, (void)name, (void)err;
    sink_put(sink, 0, xstrdup("counter_mutex.c"), xcalloc(1, 10), 10); /* NUL bytes */
    return 0;
}

static int dying_reader(struct intake_sink *sink, int fd, const char *name, struct buf *err)
{
    (void)sink, (void)fd, (void)name, (void)err;
    abort();
}

static int endless_reader(struct intake_sink *sink, int fd, const char *name, struct buf *err)
{
    (void)sink, (void)fd, (void)name, (void)err;
    for (volatile bool on = true; on;)
        ;
    return 0;
}

Test(intake_archives, a_reader_that_lies_dies_or_never_ends_is_an_error)
{
    static const struct {
        intake_reader *reader;
        const char *part;
    } rows[] = {
        {lying_reader, "could not be read"},
        {dying_reader, "could not be read"},
        {endless_reader, "takes too long"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct intake in = INTAKE_EMPTY;
        struct intake_sink sink;
        struct buf err = BUF_EMPTY;

        sink_init(&sink, wanted, N_WANTED, &in);
        cr_expect_eq(intake_work(rows[i].reader, &sink, 0, "x", &err), -1);
        cr_expect(strstr(buf_text(&err), rows[i].part) != NULL, "%s", buf_text(&err));
        sink_finish(&sink);
        cr_expect_eq(in.n_files, 0);
        intake_release(&in);
        buf_release(&err);
    }
}
