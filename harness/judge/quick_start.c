/* SPDX-License-Identifier: MIT */
/*
 * A judge starts once for each exercise and tool, and Criterion starts it again for each test.
 * Every time Criterion initialises libgit2, which it has for showing the difference of two long
 * texts; and libgit2, ready for the network, reads all certificates of the machine. That was more
 * than half of a judge's time (13 ms, now 6). So libgit2 is initialised when the first difference
 * is shown.
 *
 * The program's definitions come before those of shared libraries: that is how the linker works.
 * With a Criterion that does without libgit2 they are never called.
 */
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int git_libgit2_init(void);
int git_libgit2_shutdown(void);
int git_diff_buffers(const void *old_buffer, size_t old_length, const char *old_path,
    const void *new_buffer, size_t new_length, const char *new_path, const void *options,
    void *on_file, void *on_binary, void *on_hunk, void *on_line, void *payload);

/* The library's own function behind ours. */
static void *theirs(const char *name)
{
    void *function = dlsym(RTLD_NEXT, name);

    if (function == NULL)
        abort(); /* who calls us has linked it */
    return function;
}

int git_libgit2_init(void)
{
    return 1;
}

int git_libgit2_shutdown(void)
{
    return 0;
}

int git_diff_buffers(const void *old_buffer, size_t old_length, const char *old_path,
    const void *new_buffer, size_t new_length, const char *new_path, const void *options,
    void *on_file, void *on_binary, void *on_hunk, void *on_line, void *payload)
{
    int (*init)(void) = (int (*)(void))(uintptr_t)theirs("git_libgit2_init");
    int (*diff)(const void *, size_t, const char *, const void *, size_t, const char *,
        const void *, void *, void *, void *, void *,
        void *) = (__typeof__(&git_diff_buffers))(uintptr_t)theirs("git_diff_buffers");

    init();
    return diff(old_buffer, old_length, old_path, new_buffer, new_length, new_path, options,
        on_file, on_binary, on_hunk, on_line, payload);
}
