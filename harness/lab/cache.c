/* SPDX-License-Identifier: MIT */
#include "lab/cache.h"

#include "base/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sha256.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void add(struct cache_key *k, const char *label, const void *bytes, size_t length)
{
    buf_printf(&k->text, "%s %zu\n", label, length);
    buf_append(&k->text, bytes, length);
    buf_putc(&k->text, '\n');
}

void cache_key_text(struct cache_key *k, const char *label, const char *text)
{
    add(k, label, text, strlen(text));
}

void cache_key_number(struct cache_key *k, const char *label, uint64_t number)
{
    add(k, label, &number, sizeof(number));
}

void cache_key_list(struct cache_key *k, const char *label, const char *const *texts)
{
    for (; texts && *texts; texts++)
        cache_key_text(k, label, *texts);
}

int cache_key_file(struct cache_key *k, const char *path, struct buf *err)
{
    struct buf contents = BUF_EMPTY;
    int result = io_read_file(path, 0, &contents, err);

    if (!result)
        add(k, io_base_name(path), buf_text(&contents), contents.length);
    buf_release(&contents);
    return result;
}

void cache_key_stat(struct cache_key *k, const char *path)
{
    struct stat st = {0};
    char text[128];

    (void)!stat(path, &st);
    snprintf(text, sizeof(text), "%lld %lld.%09ld", (long long)st.st_size,
        (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
    cache_key_text(k, path, text);
}

int cache_key_directory(
    struct cache_key *k, const char *directory, const char *suffix, struct buf *err)
{
    struct dirent **entries = NULL;
    int count = scandir(directory, &entries, NULL, alphasort);
    int result = count < 0 ? fail_errno(err, "Cannot read the directory %s", directory) : 0;

    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        size_t length = strlen(name), tail = strlen(suffix);

        if (!result && length > tail && !strcmp(name + length - tail, suffix)) {
            char *path = io_path(directory, name);

            result = cache_key_file(k, path, err);
            free(path);
        }
        free(entries[i]);
    }
    free(entries);
    return result;
}

int cache_key_source(struct cache_key *k, const char *path, struct buf *err)
{
    char *directory = xstrdup(path);
    int result = cache_key_file(k, path, err);

    for (int up = 0; !result && up < 2 && strrchr(directory, '/') > directory; up++) {
        *strrchr(directory, '/') = '\0';
        result = cache_key_directory(k, directory, ".h", err);
    }
    free(directory);
    return result;
}

char *cache_path(const char *directory, struct cache_key *k, const char *suffix)
{
    char hex[SHA256_DIGEST_STRING_LENGTH];
    char *path;

    SHA256Data((const uint8_t *)buf_text(&k->text), k->text.length, hex);
    path = xasprintf("%s/%.2s/%.40s%s", directory, hex, hex + 2, suffix);
    buf_release(&k->text);
    return path;
}

uint64_t cache_number(struct cache_key *k)
{
    uint8_t digest[SHA256_DIGEST_LENGTH];
    uint64_t number;
    SHA2_CTX context;

    SHA256Init(&context);
    SHA256Update(&context, (const uint8_t *)buf_text(&k->text), k->text.length);
    SHA256Final(digest, &context);
    buf_release(&k->text);
    memcpy(&number, digest, sizeof(number));
    return number;
}

/* A product was written by the user of a box, in a directory of its own: it must be a plain file,
 * and from now on it is ours alone. */
static int take_over(const char *product, struct buf *err)
{
    struct stat st;
    int fd = open(product, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), result = 0;

    if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode))
        result = fail(err, "The compiler left no regular file %s.", product);
    else if (fchmod(fd, st.st_mode & 0755) || (geteuid() == 0 && fchown(fd, 0, 0)))
        result = fail_errno(err, "Cannot take %s over", product);
    if (fd >= 0)
        close(fd);
    return result;
}

int cache_put(const char *product, const char *path, struct buf *err)
{
    char *directory = xstrdup(path);
    int result;

    if (take_over(product, err)) {
        free(directory);
        return -1;
    }
    *strrchr(directory, '/') = '\0';
    result = io_make_directories(directory, err);
    free(directory);
    if (result)
        return -1;
    if (rename(product, path))
        return fail_errno(err, "Cannot put %s into the cache", path);
    return 0;
}
