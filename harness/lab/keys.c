/* SPDX-License-Identifier: MIT */
#include "lab/keys.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static struct termios before, raw;
static volatile sig_atomic_t is_raw;

static const struct {
    const char *bytes;
    enum key key;
} meanings[] = {
    {"n", KEY_FORWARD}, {" ", KEY_FORWARD}, {"\r", KEY_FORWARD},
    {"\x1b[C", KEY_FORWARD}, /* right, down */
    {"\x1b[B", KEY_FORWARD}, {"\x1bOC", KEY_FORWARD}, {"\x1bOB", KEY_FORWARD}, {"p", KEY_BACK},
    {"b", KEY_BACK}, {"\x7f", KEY_BACK}, {"\x1b[D", KEY_BACK}, /* left, up */
    {"\x1b[A", KEY_BACK}, {"\x1bOD", KEY_BACK}, {"\x1bOA", KEY_BACK}, {"g", KEY_FIRST},
    {"\x1b[H", KEY_FIRST}, {"G", KEY_LAST}, {"\x1b[F", KEY_LAST}, {"q", KEY_QUIT},
    {"\x04", KEY_QUIT}, /* Ctrl-D */
};

static void put_back(void)
{
    if (is_raw)
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

/* Puts the terminal back, lets the signal do what it would have done, and, if that was only a stop,
 * goes on where it was. All of this may be done in a handler. */
static void on_signal(int number)
{
    int error = errno;
    sigset_t set, old;

    put_back();
    signal(number, SIG_DFL);
    sigemptyset(&set);
    sigaddset(&set, number);
    raise(number);
    sigprocmask(SIG_UNBLOCK, &set, &old);
    sigprocmask(SIG_SETMASK, &old, NULL);
    signal(number, on_signal);
    if (is_raw)
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    errno = error;
}

static void watch_signals(void (*handler)(int))
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        signal(numbers[i], handler);
}

int keys_begin(struct buf *err)
{
    if (!isatty(STDIN_FILENO))
        return 0;
    if (tcgetattr(STDIN_FILENO, &before))
        return fail_errno(err, "Cannot ask the terminal for its settings");
    raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_iflag &= ~(tcflag_t)ICRNL;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    watch_signals(on_signal);
    is_raw = 1;
    if (!tcsetattr(STDIN_FILENO, TCSADRAIN, &raw))
        return 0;
    keys_end();
    return fail_errno(err, "Cannot change the terminal's settings");
}

/* What the bytes mean so far; *ret_more: they may be the beginning of something longer. */
static enum key meaning(const char *bytes, size_t length, bool *ret_more)
{
    *ret_more = false;
    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
        if (strncmp(meanings[i].bytes, bytes, length) != 0)
            continue;
        if (!meanings[i].bytes[length])
            return meanings[i].key;
        *ret_more = true;
    }
    return KEY_OTHER;
}

enum key keys_next(void)
{
    char bytes[8];
    bool more = true;
    enum key key = KEY_OTHER;

    for (size_t length = 0; more && length < sizeof(bytes); length++) {
        ssize_t n;

        do
            n = read(STDIN_FILENO, &bytes[length], 1);
        while (n < 0 && errno == EINTR);
        if (n <= 0)
            return KEY_QUIT;
        key = meaning(bytes, length + 1, &more);
    }
    return key;
}

void keys_end(void)
{
    put_back();
    if (is_raw)
        watch_signals(SIG_DFL);
    is_raw = 0;
}
