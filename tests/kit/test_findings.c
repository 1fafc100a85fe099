/* SPDX-License-Identifier: MIT */
/* What tools write becomes findings, each at the place that the student has to look at. */
#include "base/io.h"
#include "base/lines.h"
#include "lab/findings.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Reads a report about `student`, whose addresses are those of this program. */
static void read_about(const char *student, const char *tool, const char *text, struct outcome *o)
{
    struct buf err = BUF_EMPTY;
    char *directory = io_make_temporary("findings", &err);
    char *path = io_path(directory, "report.12");
    const struct findings_source s = {
        .tool = tool_find(tool),
        .directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
        .program = "/proc/self/exe",
        .student = student,
    };

    *o = OUTCOME_EMPTY;
    o->verdict = VERDICT_PASS;
    cr_assert(io_write_file(path, text, strlen(text), &err) == 0);
    cr_assert(findings_read(&s, o, &err) == 0, "%s", buf_text(&err));
    cr_expect(!io_is_file(path), "a report that was read is removed");
    close(s.directory);
    io_remove_tree(directory, NULL);
}

static void read_report(const char *tool, const char *text, struct outcome *o)
{
    read_about("x.c", tool, text, o);
}

Test(findings, helgrind_both_sides_of_a_race)
{
    struct outcome o;

    read_report("helgrind",
        "==12== Possible data race during write of size 4 at 0x10C094 by thread #3\n"
        "==12== Locks held: none\n"
        "==12==    at 0x109273: work (x.c:12)\n"
        "==12==    by 0x484E7D6: mythread_wrapper (hg_intercepts.c:406)\n"
        "==12== \n"
        "==12== This conflicts with a previous write of size 4 by thread #2\n"
        "==12== Locks held: none\n"
        "==12==    at 0x109273: other (x.c:20)\n"
        "==12== \n==12== ERROR SUMMARY: 1 errors\n",
        &o);
    cr_expect_eq(o.verdict, VERDICT_RACE);
    cr_assert_eq(o.n_findings, 1);
    cr_expect_str_eq(o.findings[0].file, "x.c");
    cr_expect_eq(o.findings[0].line, 12);
    cr_expect(strstr(o.findings[0].text, "x.c:20 in other()"), "%s", o.findings[0].text);
}

Test(findings, memcheck_leak)
{
    struct outcome o;

    read_report("memcheck",
        "==12== 40 bytes in 1 blocks are definitely lost in loss record 1 of 1\n"
        "==12==    at 0x48407B4: malloc (in /usr/lib/x.so)\n"
        "==12==    by 0x1091A5: make (x.c:7)\n==12== \n==12== LEAK SUMMARY:\n",
        &o);
    cr_expect_eq(o.verdict, VERDICT_LEAK);
    cr_expect_eq(o.findings[0].line, 7);
}

Test(findings, undefined_behaviour_brings_its_own_place)
{
    struct outcome o;

    read_report("asan", "x.c:9:14: runtime error: signed integer overflow: 2147483647 + 1\n", &o);
    cr_expect_eq(o.verdict, VERDICT_MEMERR);
    cr_expect_str_eq(o.findings[0].file, "x.c");
    cr_expect_eq(o.findings[0].line, 9);
    cr_expect(strstr(o.findings[0].text, "signed integer overflow"));
}

Test(findings, nonsense_is_no_finding_and_a_flood_is_cut)
{
    struct outcome o;
    struct buf flood = BUF_EMPTY;

    read_report("tsan", "hello\n#0 <null>\n    #0 (x+0x)\n\n==1== ==\n", &o);
    cr_expect_eq(o.verdict, VERDICT_PASS);
    for (int i = 0; i < 5000; i++)
        buf_puts(&flood, "WARNING: ThreadSanitizer: data race (pid=1)\n");
    read_report("tsan", buf_text(&flood), &o);
    cr_expect_eq(o.verdict, VERDICT_RACE);
    cr_expect_leq(o.n_findings, 20);
}

/* Code of "the student", for reports with addresses. */
__attribute__((noinline)) static long locked(long x)
{
    return x * 3;
}

__attribute__((noinline)) static long unlocked(long x)
{
    return x + 5;
}

static int note_base(struct dl_phdr_info *info, size_t size, void *base)
{
    (void)size;
    *(uintptr_t *)base = info->dlpi_addr;
    return 1; /* the first one is the program */
}

/* A report has the address behind the instruction, in the program's file. */
static unsigned long in_file(long (*function)(long))
{
    uintptr_t base = 0;

    dl_iterate_phdr(note_base, &base);
    return (unsigned long)((uintptr_t)function - base + 1);
}

static int line_of(long (*function)(long))
{
    struct lines *l = lines_open("/proc/self/exe", NULL);
    struct place p = {0};

    cr_assert(l && lines_find(l, in_file(function) - 1, &p));
    lines_close(l);
    return p.line;
}

/* One side of a race, as ThreadSanitizer reports it. */
struct side {
    bool writes;
    const char *locks;
    long (*function)(long);
};

static void read_race(const struct side *last, const struct side *before, struct outcome *o)
{
    char *text = xasprintf("WARNING: ThreadSanitizer: data race (pid=12)\n"
                           "  %s of size 8 at 0x5555 by main thread%s:\n"
                           "    #0 <null> <null> (probe+0x%lx) (BuildId: 21e5)\n\n"
                           "  Previous %s of size 8 at 0x5555 by thread T1%s:\n"
                           "    #0 <null> <null> (probe+0x%lx) (BuildId: 21e5)\n\n"
                           "  Mutex M0 (0x5555) created at:\n"
                           "    #0 <null> <null> (probe+0x%lx)\n\n"
                           "SUMMARY: ThreadSanitizer: data race (probe+0x11)\n",
        last->writes ? "Write" : "Read", last->locks, in_file(last->function),
        before->writes ? "write" : "read", before->locks, in_file(before->function),
        in_file(locked));

    read_about("test_findings.c", "tsan", text, o);
    cr_expect_eq(o->verdict, VERDICT_RACE);
    cr_assert_eq(o->n_findings, 1);
    cr_expect_str_eq(o->findings[0].file, "test_findings.c");
    free(text);
}

static void expect_place(const struct outcome *o, int line, const char *said)
{
    cr_expect_eq(o->findings[0].line, line, "line %d in place of %d for %s", o->findings[0].line,
        line, said);
    cr_expect(strstr(o->text, said), "\"%s\" is not in: %s", said, o->text);
}

/* The access that lacks the lock is the mistake, whichever of the two the detector met last. */
Test(findings, a_race_is_where_the_lock_is_missing)
{
    static const struct {
        struct side right, wrong;
        const char *held, *lacked;
    } cases[] = {
        {{true, " (mutexes: write M0)", locked}, {false, "", unlocked}, "a lock", "no lock"},
        {{true, " (mutexes: write M0, write M1)", locked}, {true, " (mutexes: write M1)", unlocked},
            "2 locks", "a lock"},
        {{false, " (mutexes: read M0)", locked}, {true, " (mutexes: read M0)", unlocked}, "a lock",
            "a lock for reading only"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *said = xasprintf("(test_findings.c:%d holds %s, test_findings.c:%d holds %s)",
            line_of(unlocked), cases[i].lacked, line_of(locked), cases[i].held);
        struct outcome o;

        read_race(&cases[i].right, &cases[i].wrong, &o);
        expect_place(&o, line_of(unlocked), said);
        outcome_release(&o);
        read_race(&cases[i].wrong, &cases[i].right, &o);
        expect_place(&o, line_of(unlocked), said);
        outcome_release(&o);
        free(said);
    }
}

Test(findings, a_race_without_any_lock_is_where_it_was_met_and_speaks_of_none)
{
    const struct side last = {true, "", locked}, before = {false, "", unlocked};
    char *said = xasprintf(
        "(test_findings.c:%d and test_findings.c:%d)", line_of(locked), line_of(unlocked));
    struct outcome o;

    read_race(&last, &before, &o);
    expect_place(&o, line_of(locked), said);
    cr_expect(!strstr(o.findings[0].text, "lock,"), "%s", o.findings[0].text);
    outcome_release(&o);
    free(said);
}

Test(findings, each_side_of_a_race_says_what_it_held)
{
    const struct side last = {true, " (mutexes: write M0)", locked}, before = {false, "", unlocked};
    char *said = xasprintf("two threads use the same memory without any order\n"
                           "  a thread writes, holding a lock, at\n"
                           "    test_findings.c:%d in locked()\n"
                           "  and before, a thread reads, holding no lock, at\n"
                           "    test_findings.c:%d in unlocked()",
        line_of(locked), line_of(unlocked));
    struct outcome o;

    read_race(&last, &before, &o);
    cr_expect_str_eq(o.findings[0].text, said);
    outcome_release(&o);
    free(said);
}

Test(findings, helgrind_says_who_held_no_lock)
{
    struct outcome o;

    read_report("helgrind",
        "==12== Possible data race during write of size 8 at 0x10C094 by thread #3\n"
        "==12== Locks held: 2, at addresses 0x10C080 0x10C0C0\n"
        "==12==    at 0x109273: add (x.c:12)\n"
        "==12== \n"
        "==12== This conflicts with a previous read of size 8 by thread #2\n"
        "==12== Locks held: none\n"
        "==12==    at 0x109273: look (x.c:20)\n"
        "==12== \n"
        "==12== ----------------------------------------------------------------\n"
        "==12== \n"
        "==12==  Lock at 0x10C080 was first observed\n"
        "==12==    at 0x484976E: init (x.c:5)\n",
        &o);
    cr_assert_eq(o.n_findings, 1);
    cr_expect_eq(o.findings[0].line, 20);
    cr_expect(strstr(o.text, "(x.c:20 holds no lock, x.c:12 holds 2 locks)"), "%s", o.text);
    outcome_release(&o);
}
