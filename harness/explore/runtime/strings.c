/* SPDX-License-Identifier: MIT */
/*
 * strings - the C library's memory and string functions touch the student's memory without a
 * callback: their ranges are accesses like any other. clang ≥ 16 calls __tsan_mem… itself.
 */
#include "explore/runtime/world.h"
#include "explore/runtime/wrap.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define READS(p, size)  look(p, size, false, CALLER)
#define WRITES(p, size) look(p, size, true, CALLER)

/* The C library sets up thread-local storage with memcpy(): `me` must not be touched before that.
 */
static void look(const void *p, size_t size, bool writes, const void *pc)
{
    if (from_student(pc) && me)
        access_plain(p, size, writes, pc);
}

WRAP(size_t, strlen, (const char *s))
{
    size_t n = __real_strlen(s);

    READS(s, n + 1);
    return n;
}

WRAP(void *, memcpy, (void *restrict to, const void *restrict from, size_t n))
{
    READS(from, n);
    WRITES(to, n);
    return __real_memcpy(to, from, n);
}

WRAP(void *, memmove, (void *to, const void *from, size_t n))
{
    READS(from, n);
    WRITES(to, n);
    return __real_memmove(to, from, n);
}

WRAP(void *, memset, (void *to, int byte, size_t n))
{
    WRITES(to, n);
    return __real_memset(to, byte, n);
}

WRAP(int, memcmp, (const void *a, const void *b, size_t n))
{
    READS(a, n);
    READS(b, n);
    return __real_memcmp(a, b, n);
}

WRAP_BANNED(char *, __real_strcpy, __wrap_strcpy, (char *restrict to, const char *restrict from))
{
    size_t n = __real_strlen(from) + 1;

    READS(from, n);
    WRITES(to, n);
    return __real_strcpy(to, from);
}

WRAP(char *, strncpy, (char *restrict to, const char *restrict from, size_t n))
{
    size_t length = strnlen(from, n);

    READS(from, length < n ? length + 1 : n);
    WRITES(to, n);
    return __real_strncpy(to, from, n);
}

WRAP_BANNED(char *, __real_strcat, __wrap_strcat, (char *restrict to, const char *restrict from))
{
    size_t old = __real_strlen(to), n = __real_strlen(from) + 1;

    READS(to, old + 1);
    READS(from, n);
    WRITES(to + old, n);
    return __real_strcat(to, from);
}

WRAP(int, strcmp, (const char *a, const char *b))
{
    READS(a, __real_strlen(a) + 1);
    READS(b, __real_strlen(b) + 1);
    return __real_strcmp(a, b);
}

WRAP(int, strncmp, (const char *a, const char *b, size_t n))
{
    READS(a, strnlen(a, n));
    READS(b, strnlen(b, n));
    return __real_strncmp(a, b, n);
}

void *__tsan_memcpy(void *to, const void *from, size_t n);
void *__tsan_memmove(void *to, const void *from, size_t n);
void *__tsan_memset(void *to, int byte, size_t n);

void *__tsan_memcpy(void *to, const void *from, size_t n)
{
    READS(from, n);
    WRITES(to, n);
    return __real_memcpy(to, from, n);
}

void *__tsan_memmove(void *to, const void *from, size_t n)
{
    READS(from, n);
    WRITES(to, n);
    return __real_memmove(to, from, n);
}

void *__tsan_memset(void *to, int byte, size_t n)
{
    WRITES(to, n);
    return __real_memset(to, byte, n);
}

/* How much is written is known before it is. */
static int print(char *to, size_t size, const char *format, va_list ap, const void *pc)
{
    va_list again;
    size_t length;

    va_copy(again, ap);
    length = (size_t)vsnprintf(NULL, 0, format, again) + 1;
    va_end(again);
    look(to, length < size ? length : size, true, pc);
    return vsnprintf(to, size, format, ap);
}

int __wrap_snprintf(char *restrict to, size_t size, const char *restrict format, ...)
    __attribute__((format(printf, 3, 4)));
int __wrap_sprintf(char *restrict to, const char *restrict format, ...)
    __attribute__((format(printf, 2, 3)));

int __wrap_snprintf(char *restrict to, size_t size, const char *restrict format, ...)
{
    va_list ap;
    int n;

    va_start(ap, format);
    n = print(to, size, format, ap, CALLER);
    va_end(ap);
    return n;
}

int __wrap_sprintf(char *restrict to, const char *restrict format, ...)
{
    va_list ap;
    int n;

    va_start(ap, format);
    n = print(to, INT_MAX, format, ap, CALLER);
    va_end(ap);
    return n;
}
