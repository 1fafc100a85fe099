/* SPDX-License-Identifier: MIT */
/*
 * What is wrong in a program is found, called by its name, and put into a sentence; bad programs
 * end with a clear word, and nothing of them is left running.
 */
#include "explore/programs.h"

#include <dirent.h>
#include <limits.h>

/* In the order of detect.c. */
static const struct {
    const char *name;
    const char *ended; /* the failing outcome, or "ok" when there must be none */
    const char *text;  /* is in its sentence, or in a finding of its */
} cases[] = {
    {"assertion", "assert", "assertion `x == 3` failed"},
    {"abort", "abort", "abort()"},
    {"exit_status", "exit", "exit status 3"},
    {"signal", "signal", "segmentation fault at address 0x8"},
    {"stack_overflow", "signal", "segmentation fault"},
    {"two_locks", "deadlock", "thread 1 waits for a lock `other` that thread 2 holds"},
    {"self_lock", "deadlock", "waits for a lock `lock` that it holds itself"},
    {"lost_wakeup", "deadlock", "nobody heard it"},
    {"livelock", "livelock", "thread 1 looks again and again `flag`"},
    {"spin", "livelock", "thread 2 looks again and again `flag`"},
    {"spin_with_lock", "livelock", "thread 1 looks again and again `ready`"},
    {"silent_race", "race", "thread 1 writes"},
    {"race_of_processes", "race", "process 1 writes"},
    {"main_returns", "leftover", "nothing makes the program wait for thread 1"},
    {"unlock_by_another", "misuse", "unlocked by a thread that does not hold it"},
    {"unlock_unlocked", "misuse", "unlocked that nobody holds"},
    {"destroy_locked", "misuse", "destroyed while a thread holds it"},
    {"wait_without_mutex", "misuse", "without holding the mutex"},
    {"checked_twice", "misuse", "locked again by the thread that holds it"},
    {"unlock_pages", "misuse", "a readers-writer lock is unlocked by a thread that does not hold"},
    {"barrier_unset", "misuse", "a barrier that is not initialised"},
    {"unjoined", "ok", "thread 1 was never joined nor detached"},
    {"joined_twice", "misuse", "was joined before"},
    {"used_after_free", "memory", "used after it was freed"},
    {"sleep_as_order", "assert", "assertion `ready` failed"},
    {"child_deadlock", "deadlock", "process 1 waits for something to read"},
    {"cancel", "unsupported", "pthread_cancel() is not supported"},
    {"system", "unsupported", "system() is not supported"},
    {"signal_handler", "ok", NULL},
    {"eventfd", "ok", "eventfd() is not under the control"},
    {"stdin", "ok", "standard input, which is empty"},
    {"scanf", "ok", "standard input, which is empty"},
    {"endless", "timeout", "without coming to an end"},
    {"endless_in_thread", "timeout", "without coming to an end"},
    {"fork_bomb", "unsupported", "more than 128 threads and processes"},
    {"gigabytes", NULL, NULL},
    {"constructor", NULL, NULL},
    {"many_threads", "unsupported", "more than 128 threads and processes"},
    {"blocks_outside", "timeout", "waits inside the system"},
    {"if_for_while", "assert", "assertion `ready` failed"},
    {"exits_in_thread", "leftover", "the program ended while the main thread was still at work"},
    {"left_idle", "leftover", "the program ended while thread 1 was still at work"},
    {"left_detached", "leftover", "the program ended while thread 1 was still at work"},
    {"last_thread_ends", "ok", NULL},
    {"freed_twice", "memory", "memory is freed that was freed before"},
    {"freed_before_use", "memory", "memory is used after it was freed"},
    {"joins_nobody", "misuse", "does not exist or was joined before"},
    {"cleanup", "ok", NULL},
};

static bool is_said(const struct outcome *o, const char *text)
{
    if (!text || (o->text && strstr(o->text, text)))
        return true;
    for (size_t i = 0; i < o->n_findings; i++)
        if (strstr(o->findings[i].text, text))
            return true;
    return false;
}

static bool is_found(const struct explore_result *r, const char *ended, const char *text)
{
    for (size_t i = 0; i < r->n_outcomes; i++)
        if (!strcmp(r->outcomes[i].ended, ended) && is_said(&r->outcomes[i], text))
            return true;
    return false;
}

static void show(const struct explore_result *r)
{
    for (size_t i = 0; i < r->n_outcomes; i++) {
        const struct outcome *o = &r->outcomes[i];

        printf("  %s: %s\n", o->ended, o->text ? o->text : "");
        for (size_t k = 0; k < o->n_findings; k++)
            printf("    %s: %s\n", o->findings[k].kind, o->findings[k].text);
    }
}

static struct explore_options options(void)
{
    struct explore_options o = explore_options_default();

    o.schedules = 100;
    o.spurious = 1;
    o.keep_going = true;
    o.minimise = false;
    return o;
}

static char *definition_of(size_t i)
{
    return xasprintf("-DCASE=%zu", i);
}

static void look_for(size_t i)
{
    struct explore_options o = options();
    char *definition = definition_of(i);
    struct explore_result r = explore_program("detect", definition, &o);
    bool found = is_found(&r, cases[i].ended, cases[i].text);

    if (!found)
        show(&r);
    cr_expect(found, "%s: %s with \"%s\" is not found (%s)", cases[i].name, cases[i].ended,
        cases[i].text ? cases[i].text : "", r.claim);
    cr_expect(strcmp(cases[i].ended, "ok") != 0 || r.first_failure == 0, "%s fails", cases[i].name);
    explore_result_release(&r);
    free(definition);
}

Test(explore_detect, what_is_wrong_is_called_by_its_name)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (cases[i].ended)
            look_for(i);
}

static size_t case_of(const char *name)
{
    size_t i = 0;

    while (strcmp(cases[i].name, name) != 0)
        i++;
    return i;
}

Test(explore_detect, a_crash_before_main_is_an_error_with_a_sentence)
{
    char *definition = definition_of(case_of("constructor"));
    struct explore_options o = options();
    struct explore_result r = EXPLORE_RESULT_EMPTY;
    char *path = build_program("detect", definition);
    struct explore_program p = {.path = path};
    struct buf err = BUF_EMPTY;

    cr_expect_eq(explore_search(&p, &o, &r, &err), -1);
    cr_expect(strstr(buf_text(&err), "ended before main()") != NULL, "%s", buf_text(&err));
    buf_release(&err);
    free(path);
    free(definition);
}

/* Whichever of the two accesses comes last: main's is the one without the lock. */
static size_t count_misplaced(const struct outcome *o, size_t *races)
{
    size_t misplaced = 0;

    for (size_t i = 0; i < o->n_findings; i++) {
        if (strcmp(o->findings[i].kind, "race") != 0)
            continue;
        ++*races;
        misplaced += strncmp(o->findings[i].text, "the main thread ", 16) != 0;
    }
    return misplaced;
}

Test(explore_detect, a_race_is_where_the_lock_is_missing)
{
    for (size_t i = 0; i < 2; i++) {
        struct explore_options o = options();
        char *definition = definition_of(i);
        struct explore_result r = explore_program("unlocked", definition, &o);
        size_t races = 0, misplaced = 0;

        for (size_t k = 0; k < r.n_outcomes; k++)
            misplaced += count_misplaced(&r.outcomes[k], &races);
        if (misplaced)
            show(&r);
        cr_expect(races > 0, "case %zu: no race is found", i);
        cr_expect_eq(misplaced, 0, "case %zu: %zu of %zu", i, misplaced, races);
        explore_result_release(&r);
        free(definition);
    }
}

/* Processes whose executable is this file. */
static int running(const char *path)
{
    char *whole = realpath(path, NULL);
    DIR *proc = opendir("/proc");
    int n = 0;

    for (struct dirent *e; (e = readdir(proc));) {
        char *link = xasprintf("/proc/%s/exe", e->d_name), target[PATH_MAX] = "";

        if (readlink(link, target, sizeof(target) - 1) > 0 && !strcmp(target, whole))
            n++;
        free(link);
    }
    closedir(proc);
    free(whole);
    return n;
}

Test(explore_detect, nothing_is_left_running)
{
    static const char *const bad[] = {
        "fork_bomb", "endless_in_thread", "gigabytes", "child_deadlock", "blocks_outside"};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char *definition = definition_of(case_of(bad[i]));
        char *path = build_program("detect", definition);
        struct explore_options o = options();
        struct explore_result r = EXPLORE_RESULT_EMPTY;

        o.keep_going = false;
        explore_built(path, NULL, NULL, &o, &r);
        cr_expect(r.first_failure > 0, "%s is not noticed", bad[i]);
        cr_expect_eq(running(path), 0, "%s: %d processes are left", bad[i], running(path));
        explore_result_release(&r);
        free(path);
        free(definition);
    }
}
