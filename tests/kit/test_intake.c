/* SPDX-License-Identifier: MIT */
#include "base/io.h"
#include "gate/intake.h"
#include "gate/intake_worker.h"

#include <archive.h>
#include <archive_entry.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const struct intake_wanted wanted[] = {
    {"counter_mutex", "2-races", "counter_mutex.c"},
    {"counter", "2-races", "counter.c"},
    {"pool_map", "3-pools", "pool_map.c"},
};

enum { N_WANTED = sizeof wanted / sizeof *wanted };

/* One thing in a submission. */
struct entry {
    const char *path;
    const char *text; /* contents, or where a link leads */
    unsigned type;    /* AE_IFREG if 0 */
    long long size;   /* as the header says; 0: that of the text */
};

static char *scratch;

static void set_up(void)
{
    scratch = io_make_temporary("intake-test", NULL);
}

static void tear_down(void)
{
    io_remove_tree(scratch, NULL);
    free(scratch);
}

TestSuite(intake, .init = set_up, .fini = tear_down, .timeout = 60);

static char *in_scratch(const char *name)
{
    return io_path(scratch, name);
}

/* Lays the entries out as a directory; returns its path. */
static char *make_directory(const struct entry *entries, size_t count)
{
    char *root = in_scratch("submission");

    io_make_directories(root, NULL);
    for (size_t i = 0; i < count; i++) {
        char *path = io_path(root, entries[i].path);
        char *parent = xstrdup(path);

        *strrchr(parent, '/') = '\0';
        cr_assert_eq(io_make_directories(parent, NULL), 0);
        if (entries[i].type == AE_IFLNK)
            cr_assert_eq(symlink(entries[i].text, path), 0);
        else if (entries[i].type == AE_IFIFO)
            cr_assert_eq(mkfifo(path, 0600), 0);
        else
            cr_assert_eq(io_write_file(path, entries[i].text, strlen(entries[i].text), NULL), 0);
        free(path);
        free(parent);
    }
    return root;
}

static void add_entry(struct archive *a, const struct entry *e)
{
    struct archive_entry *entry = archive_entry_new();
    unsigned type = e->type ? e->type : AE_IFREG;

    archive_entry_set_pathname(entry, e->path);
    archive_entry_set_filetype(entry, type);
    archive_entry_set_perm(entry, 0644);
    if (type == AE_IFLNK)
        archive_entry_set_symlink(entry, e->text);
    if (type == AE_IFREG)
        archive_entry_set_size(entry, e->size ? e->size : (long long)strlen(e->text));
    archive_write_header(a, entry);
    if (type == AE_IFREG)
        archive_write_data(a, e->text, strlen(e->text));
    archive_entry_free(entry);
}

/* "zip", "tar", "tar.gz", "tar.xz", "tar.zst" */
static struct archive *begin_archive(const char *kind, const char *path)
{
    struct archive *a = archive_write_new();

    if (strcmp(kind, "zip") == 0)
        archive_write_set_format_zip(a);
    else
        archive_write_set_format_pax_restricted(a);
    if (strcmp(kind, "tar.gz") == 0)
        archive_write_add_filter_gzip(a);
    if (strcmp(kind, "tar.xz") == 0)
        archive_write_add_filter_xz(a);
    if (strcmp(kind, "tar.zst") == 0)
        archive_write_add_filter_zstd(a);
    archive_write_set_bytes_per_block(a, 0); /* what was written is in the file */
    cr_assert_eq(archive_write_open_filename(a, path), ARCHIVE_OK);
    return a;
}

static char *make_archive(const char *kind, const struct entry *entries, size_t count)
{
    char *path = in_scratch("submission.archive");
    struct archive *a = begin_archive(kind, path);

    for (size_t i = 0; i < count; i++)
        add_entry(a, &entries[i]);
    archive_write_close(a);
    archive_write_free(a);
    return path;
}

/* The bytes taken for an exercise, or "". */
static const char *bytes_of(const struct intake *in, const char *exercise)
{
    const struct intake_file *f = intake_find(in, exercise);

    return f ? f->bytes : "";
}

static bool remarks_on(const struct intake *in, bool refused, const char *part)
{
    for (size_t i = 0; i < in->n_remarks; i++)
        if (in->remarks[i].refused == refused && strstr(in->remarks[i].text, part) != NULL)
            return true;
    return false;
}

static const char *const kinds[] = {"directory", "zip", "tar", "tar.gz", "tar.xz", "tar.zst"};

/* Reads the same entries as every kind of submission in turn. */
#define EACH_KIND(in, entries)                                                                \
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)                                 \
        for (struct intake in = read_as(kinds[k], entries, sizeof entries / sizeof *entries), \
                           *once = &in;                                                       \
             once != NULL; intake_release(&in), once = NULL)

static struct intake read_as(const char *kind, const struct entry *entries, size_t count)
{
    struct intake in = INTAKE_EMPTY;
    struct buf err = BUF_EMPTY;
    char *path = strcmp(kind, "directory") == 0 ? make_directory(entries, count)
                                                : make_archive(kind, entries, count);

    cr_assert_eq(intake_read(AT_FDCWD, path, wanted, N_WANTED, &in, &err), 0, "%s: %s", kind,
        buf_text(&err));
    io_remove_tree(path, NULL);
    free(path);
    buf_release(&err);
    return in;
}

static void expect_error(const char *path, const char *part)
{
    struct intake in = INTAKE_EMPTY;
    struct buf err = BUF_EMPTY;

    cr_expect_eq(intake_read(AT_FDCWD, path, wanted, N_WANTED, &in, &err), -1);
    cr_expect(strstr(buf_text(&err), part) != NULL, "expected “%s” in: %s", part, buf_text(&err));
    cr_expect_eq(in.n_files, 0);
    intake_release(&in);
    buf_release(&err);
}

Test(intake, the_three_forms_are_found)
{
    static const struct entry entries[] = {
        {"2-races/counter_mutex/counter_mutex.c", "full", 0, 0},
        {"pool_map/pool_map.c", "short", 0, 0},
        {"counter.c", "flat", 0, 0},
        {"README.md", "x", 0, 0},
    };

    EACH_KIND(in, entries)
    {
        cr_expect_eq(in.n_files, 3, "%s", kinds[k]);
        cr_expect_str_eq(bytes_of(&in, "counter_mutex"), "full");
        cr_expect_str_eq(bytes_of(&in, "pool_map"), "short");
        cr_expect_str_eq(bytes_of(&in, "counter"), "flat");
        cr_expect_eq(in.n_remarks, 0);
    }
}

Test(intake, a_whole_repository_may_be_handed_in)
{
    static const struct entry entries[] = {
        {"alice/lab/labs/2-races/counter_mutex/counter_mutex.c", "mine", 0, 0},
        {"alice/lab/labs/2-races/counter_mutex/counter_mutex.h", "header", 0, 0},
        {"alice/lab/solutions/2-races/counter_mutex/counter_mutex.c", "copied", 0, 0},
        {"alice/lab/tests/2-races/counter_mutex/counter_mutex.c", "test", 0, 0},
        {"alice/lab/build/counter_mutex.c", "built", 0, 0},
        {"alice/lab/.git/counter_mutex.c", "hidden", 0, 0},
        {"__MACOSX/counter_mutex.c", "mac", 0, 0},
        {"__MACOSX/alice/._counter_mutex.c", "mac", 0, 0},
    };

    EACH_KIND(in, entries)
    {
        cr_expect_eq(in.n_files, 1, "%s", kinds[k]);
        cr_expect_str_eq(bytes_of(&in, "counter_mutex"), "mine");
        cr_expect_eq(in.n_remarks, 0);
    }
}

Test(intake, the_shallowest_file_wins_and_the_other_is_named)
{
    static const struct entry entries[] = {
        {"old/try/counter_mutex.c", "deep", 0, 0},
        {"new/labs/2-races/counter_mutex/counter_mutex.c", "shallow", 0, 0},
        {"b/pool_map.c", "b", 0, 0},
        {"a/pool_map.c", "a", 0, 0},
        {"counter.c", "flat", 0, 0},
        {"2-races/counter/counter.c", "full", 0, 0},
    };

    EACH_KIND(in, entries)
    {
        cr_expect_str_eq(bytes_of(&in, "counter_mutex"), "shallow", "%s", kinds[k]);
        cr_expect_str_eq(bytes_of(&in, "pool_map"), "a", "%s", kinds[k]);
        cr_expect_str_eq(bytes_of(&in, "counter"), "full", "%s", kinds[k]);
        cr_expect(remarks_on(&in, false, "`old/try/counter_mutex.c` is not used"), "%s", kinds[k]);
        cr_expect(remarks_on(&in, false, "`b/pool_map.c` is not used"), "%s", kinds[k]);
        cr_expect_eq(in.n_remarks, 3);
    }
}

Test(intake, links_and_fifos_are_refused_by_name_and_never_opened)
{
    static const struct entry entries[] = {
        {"counter_mutex.c", "/etc/passwd", AE_IFLNK, 0},
        {"counter.c", "", AE_IFIFO, 0},
        {"pool_map/pool_map.c", "regular", 0, 0},
        {"linked", "/etc", AE_IFLNK, 0},
    };

    for (size_t k = 0; k < 3; k += 2) { /* a .zip holds no FIFO */
        struct intake in = read_as(kinds[k], entries, 4);

        cr_expect_eq(in.n_files, 1);
        cr_expect(remarks_on(&in, true, "`counter_mutex.c` is a link"));
        cr_expect(remarks_on(&in, true, "`counter.c` is a"));
        cr_expect(remarks_on(&in, true, "`linked` is a link"));
        intake_release(&in);
    }
}

Test(intake, a_link_does_not_hide_the_regular_file_below_it)
{
    static const struct entry entries[] = {
        {"counter_mutex.c", "labs/2-races/counter_mutex/counter_mutex.c", AE_IFLNK, 0},
        {"repo/labs/2-races/counter_mutex/counter_mutex.c", "mine", 0, 0},
    };

    EACH_KIND(in, entries)
    {
        cr_expect_str_eq(bytes_of(&in, "counter_mutex"), "mine", "%s", kinds[k]);
        cr_expect(remarks_on(&in, true, "`counter_mutex.c` is a link"));
    }
}

Test(intake, a_linked_directory_leads_nowhere)
{
    static const struct entry outside[] = {{"counter_mutex/counter_mutex.c", "other", 0, 0}};
    char *submission = make_directory(outside, 1), *other = in_scratch("other");

    rename(submission, other);
    io_make_directories(submission, NULL);
    char *link = io_path(submission, "2-races");
    cr_assert_eq(symlink(other, link), 0);
    struct intake in = INTAKE_EMPTY;
    cr_expect_eq(intake_read(AT_FDCWD, submission, wanted, N_WANTED, &in, NULL), 0);
    cr_expect_eq(in.n_files, 0);
    cr_expect(remarks_on(&in, true, "`2-races` is a link"));
    intake_release(&in);
    free(submission);
    free(other);
    free(link);
}

Test(intake, in_a_class_a_linked_submission_is_refused)
{
    char *link = in_scratch("alice");
    int directory = open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct intake in = INTAKE_EMPTY;
    struct buf err = BUF_EMPTY;

    cr_assert_eq(symlink("/etc", link), 0);
    cr_expect_eq(intake_read(directory, "alice", wanted, N_WANTED, &in, &err), -1);
    cr_expect(strstr(buf_text(&err), "is a link") != NULL, "%s", buf_text(&err));
    cr_expect_eq(intake_read(directory, "../etc", wanted, N_WANTED, &in, &err), -1);
    cr_expect_eq(intake_read(directory, "/etc", wanted, N_WANTED, &in, &err), -1);
    close(directory);
    free(link);
    buf_release(&err);
}

Test(intake, paths_that_leave_the_archive_are_refused_by_name)
{
    static const struct entry entries[] = {
        {"../counter_mutex.c", "evil", 0, 0},
        {"a/../../counter_mutex.c", "evil", 0, 0},
        {"/counter.c", "evil", 0, 0},
        {"pool_map/pool_map.c", "fine", 0, 0},
    };

    for (size_t k = 1; k < sizeof kinds / sizeof *kinds; k++) {
        struct intake in = read_as(kinds[k], entries, 4);

        cr_expect_eq(in.n_files, 1, "%s", kinds[k]);
        cr_expect(remarks_on(&in, true, "`../counter_mutex.c` is not a path inside"));
        cr_expect(remarks_on(&in, true, "`a/../../counter_mutex.c` is not a path inside"));
        cr_expect(remarks_on(&in, true, "`/counter.c` is not a path inside"), "%s", kinds[k]);
        intake_release(&in);
    }
}

Test(intake, what_is_no_text_is_refused)
{
    char *big = xcalloc(1, INTAKE_FILE_BYTES + 2);
    memset(big, 'x', INTAKE_FILE_BYTES + 1);
    const struct entry entries[] = {
        {"counter_mutex.c", big, 0, 0},
        {"counter.c", "\xff\xfei", 0, 0},
        {"pool_map.c", "int x; // f\xfcr\n", 0, 0},
    };

    EACH_KIND(in, entries)
    {
        cr_expect_eq(in.n_files, 1, "%s", kinds[k]);
        cr_expect_str_eq(bytes_of(&in, "pool_map"), "int x; // f\xfcr\n");
        cr_expect(remarks_on(&in, true, "`counter_mutex.c` is larger than 256 KiB"));
        cr_expect(remarks_on(&in, true, "`counter.c` is UTF-16"));
        cr_expect(remarks_on(&in, false, "`pool_map.c` is not UTF-8 (line 1)"));
    }
    free(big);
}

Test(intake, nul_bytes_are_refused)
{
    char *path = in_scratch("counter_mutex.c");
    struct intake in = INTAKE_EMPTY;

    io_write_file(path, "int\0x;", 6, NULL);
    cr_expect_eq(intake_read(AT_FDCWD, scratch, wanted, N_WANTED, &in, NULL), 0);
    cr_expect_eq(in.n_files, 0);
    cr_expect(remarks_on(&in, true, "contains NUL bytes"));
    intake_release(&in);
    free(path);
}

Test(intake, names_that_are_nearly_right_get_a_hint)
{
    static const struct entry entries[] = {
        {"counter_mutex (1).c", "a", 0, 0},
        {"Pool_Map.C.txt", "b", 0, 0},
        {"counter_other.c", "c", 0, 0},
    };

    EACH_KIND(in, entries)
    {
        cr_expect_eq(in.n_files, 0, "%s", kinds[k]);
        cr_expect(remarks_on(&in, true, "`counter_mutex (1).c` looks like counter_mutex.c"));
        cr_expect(remarks_on(&in, true, "`Pool_Map.C.txt` looks like pool_map.c"));
        cr_expect_eq(in.n_remarks, 2);
    }
}

Test(intake, names_in_remarks_are_clean)
{
    static const struct entry entries[] = {
        {"\033[31m\n\xe2\x80\xae/link", "x", AE_IFLNK, 0},
        {"\xc3\xa4/counter.c", "umlaut", 0, 0},
    };

    EACH_KIND(in, entries)
    {
        cr_expect(remarks_on(&in, true, "`\\x1b[31m\\n\\u202e/link` is a link"), "%s", kinds[k]);
        cr_expect_str_eq(bytes_of(&in, "counter"), "umlaut", "%s", kinds[k]);
    }
}

Test(intake, the_path_may_be_the_c_file_itself)
{
    char *path = in_scratch("counter_mutex.c");
    struct intake in = INTAKE_EMPTY;

    io_write_file(path, "alone", 5, NULL);
    cr_expect_eq(intake_read(AT_FDCWD, path, wanted, N_WANTED, &in, NULL), 0);
    cr_expect_str_eq(bytes_of(&in, "counter_mutex"), "alone");
    intake_release(&in);
    free(path);
}

Test(intake, what_is_no_archive_is_an_error_with_a_remedy)
{
    char *path = in_scratch("submission.zip"), *fifo = in_scratch("fifo");

    io_write_file(path, "Rar!\x1a\x07 and so on, which we do not read", 38, NULL);
    expect_error(path, "Hand in a directory, a .zip or a .tar");
    io_write_file(path, "", 0, NULL);
    expect_error(path, "neither a directory nor an archive");
    expect_error("/nonexistent", "cannot be opened");
    mkfifo(fifo, 0600);
    expect_error(fifo, "neither a directory nor an archive");
    free(path);
    free(fifo);
}

Test(intake, damaged_archives_are_an_error_and_never_a_crash)
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

Test(intake, bombs_are_refused_before_they_are_unpacked)
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

Test(intake, a_stream_that_never_ends_is_stopped)
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

Test(intake, too_many_entries_are_an_error)
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

Test(intake, remarks_are_limited_and_the_rest_is_counted)
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

Test(intake, nothing_of_the_reading_is_left)
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

Test(intake, the_reader_of_archives_can_do_nothing_but_read)
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

Test(intake, a_reader_that_lies_dies_or_never_ends_is_an_error)
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
