/* SPDX-License-Identifier: MIT */
#include "lab/manifest.h"

#include "lab/tool.h"

#include <libconfig.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* One key of a group: what it is called, what it must be, where it goes. */
enum key_type { KEY_TEXT, KEY_INT, KEY_TEXTS, KEY_GROUP };

struct key {
    const char *name;
    enum key_type type;
    size_t offset;
    bool required;
    int least; /* of a KEY_INT */
    int most;
};

#define AT(member) offsetof(struct manifest, member)

static const struct key top_keys[] = {
    {"version", KEY_INT, SIZE_MAX, true, 1, 1},
    {"title", KEY_TEXT, AT(title), true, 0, 0},
    {"concept", KEY_TEXT, AT(concept), true, 0, 0},
    {"order", KEY_INT, AT(order), true, 1, 9999},
    {"minutes", KEY_INT, AT(minutes), true, 1, 999},
    {"edit", KEY_TEXT, AT(edit), true, 0, 0},
    {"allow", KEY_TEXTS, AT(allow), false, 0, 0},
    {"extra", KEY_TEXTS, AT(extra), false, 0, 0},
    {"libs", KEY_TEXTS, AT(libs), false, 0, 0},
    {"limits", KEY_GROUP, 0, false, 0, 0},
    {"explore", KEY_GROUP, 0, false, 0, 0},
    {"hints", KEY_GROUP, 0, true, 0, 0},
    {"checks", KEY_GROUP, 0, true, 0, 0},
    {0},
};

static const struct key limit_keys[] = {
    {"tasks", KEY_INT, AT(limit_tasks), false, 1, 4096},
    {"wall_ms", KEY_INT, AT(limit_wall_ms), false, 100, 600000},
    {"cpu_ms", KEY_INT, AT(limit_cpu_ms), false, 100, 600000},
    {"memory_mib", KEY_INT, AT(limit_memory_mib), false, 16, 65536},
    {"output_kib", KEY_INT, AT(limit_output_kib), false, 1, 65536},
    {0},
};

static const struct key explore_keys[] = {
    {"schedules", KEY_INT, AT(explore_schedules), false, 1, 10000000},
    {"preemptions", KEY_INT, AT(explore_preemptions), false, 0, 100},
    {"spurious", KEY_INT, AT(explore_spurious), false, 0, 100},
    {"facts", KEY_TEXTS, AT(explore_facts), false, 0, 0},
    {"races", KEY_TEXT, AT(explore_races), false, 0, 0},
    {0},
};

static const struct key check_keys[] = {
    {"test", KEY_TEXT, offsetof(struct check, test), true, 0, 0},
    {"under", KEY_TEXT, offsetof(struct check, under), true, 0, 0},
    {"points", KEY_GROUP, 0, true, 0, 0}, /* a number of either kind, read by hand */
    {"title", KEY_TEXT, offsetof(struct check, title), true, 0, 0},
    {"needs", KEY_TEXT, offsetof(struct check, needs), false, 0, 0},
    {0},
};

static const struct key *find_key(const struct key *keys, const char *name)
{
    for (; keys->name; keys++)
        if (!strcmp(keys->name, name))
            return keys;
    return NULL;
}

static int refuse_key(
    const char *path, const config_setting_t *s, const struct key *keys, struct buf *err)
{
    struct buf allowed = BUF_EMPTY;

    for (const struct key *k = keys; k->name; k++)
        buf_printf(&allowed, "%s%s", k == keys ? "" : ", ", k->name);
    fail(err, "%s:%d: there is no key `%s` here; allowed are %s.", path,
        config_setting_source_line(s), config_setting_name(s), buf_text(&allowed));
    buf_release(&allowed);
    return -1;
}

static int refuse_type(const char *path, const config_setting_t *s, const char *name,
    const char *wanted, struct buf *err)
{
    return fail(err, "%s:%d: `%s` must be %s.", path, config_setting_source_line(s), name, wanted);
}

static int read_texts(const char *path, const config_setting_t *s, char ***ret, struct buf *err)
{
    int count = config_setting_length(s);
    char **texts;

    if (!config_setting_is_list(s) && !config_setting_is_array(s))
        return refuse_type(path, s, config_setting_name(s), "a list of strings", err);
    texts = xcalloc((size_t)count + 1, sizeof(*texts));
    *ret = texts;
    for (int i = 0; i < count; i++) {
        const char *text = config_setting_get_string_elem(s, i);

        if (!text)
            return refuse_type(path, s, config_setting_name(s), "a list of strings", err);
        texts[i] = xstrdup(text);
    }
    return 0;
}

static int read_int(
    const char *path, const config_setting_t *s, const struct key *k, void *into, struct buf *err)
{
    int value = config_setting_get_int(s);

    if (config_setting_type(s) != CONFIG_TYPE_INT)
        return refuse_type(path, s, k->name, "a whole number", err);
    if (value < k->least || value > k->most)
        return fail(err, "%s:%d: `%s` must be between %d and %d.", path,
            config_setting_source_line(s), k->name, k->least, k->most);
    if (k->offset != SIZE_MAX)
        *(int *)((char *)into + k->offset) = value;
    return 0;
}

static int read_key(
    const char *path, const config_setting_t *s, const struct key *k, void *into, struct buf *err)
{
    if (k->type == KEY_INT)
        return read_int(path, s, k, into, err);
    if (k->type == KEY_TEXTS)
        return read_texts(path, s, (char ***)((char *)into + k->offset), err);
    if (k->type == KEY_GROUP)
        return 0;
    if (config_setting_type(s) != CONFIG_TYPE_STRING)
        return refuse_type(path, s, k->name, "a string in quotes", err);
    *(char **)((char *)into + k->offset) = xstrdup(config_setting_get_string(s));
    return 0;
}

static int read_keys(const char *path, const config_setting_t *group, const struct key *keys,
    void *into, struct buf *err)
{
    if (!config_setting_is_group(group))
        return refuse_type(path, group, config_setting_name(group), "a group in braces", err);
    for (int i = 0; i < config_setting_length(group); i++) {
        const config_setting_t *s = config_setting_get_elem(group, (unsigned)i);
        const struct key *k = find_key(keys, config_setting_name(s));

        if (!k)
            return refuse_key(path, s, keys, err);
        if (read_key(path, s, k, into, err))
            return -1;
    }
    for (const struct key *k = keys; k->name; k++)
        if (k->required && !config_setting_get_member(group, k->name))
            return fail(err, "%s:%d: the key `%s` is missing.", path,
                (int)config_setting_source_line(group), k->name);
    return 0;
}

static int read_hints(
    const char *path, const config_setting_t *s, struct manifest *m, struct buf *err)
{
    char **texts = NULL;
    int result = read_texts(path, s, &texts, err);

    if (!result && config_setting_length(s) != MANIFEST_HINTS)
        result = refuse_type(path, s, "hints", "a list of exactly three strings", err);
    for (int i = 0; texts && texts[i]; i++) {
        if (!result)
            m->hints[i] = texts[i];
        else
            free(texts[i]);
    }
    free(texts);
    return result;
}

static int read_points(const char *path, const config_setting_t *s, double *ret, struct buf *err)
{
    const config_setting_t *points = config_setting_get_member(s, "points");
    int type = config_setting_type(points);

    if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_FLOAT)
        return refuse_type(path, points, "points", "a number", err);
    *ret = type == CONFIG_TYPE_INT ? config_setting_get_int(points)
                                   : config_setting_get_float(points);
    return *ret < 0 ? refuse_type(path, points, "points", "zero or more", err) : 0;
}

static int read_check(
    const char *path, const config_setting_t *s, struct manifest *m, struct buf *err)
{
    struct check *c = &m->checks[m->n_checks++];

    if (read_keys(path, s, check_keys, c, err) || read_points(path, s, &c->points, err))
        return -1;
    if (!tool_find(c->under) || !strcmp(c->under, "coverage"))
        return fail(err,
            "%s:%d: there is no tool `%s`; a check runs under plain, asan, tsan, "
            "memcheck, helgrind or explore.",
            path, config_setting_source_line(s), c->under);
    if (manifest_check(m, c->test, c->under) != c)
        return fail(err, "%s:%d: the check %s@%s is there twice.", path,
            config_setting_source_line(s), c->test, c->under);
    return 0;
}

static bool needs_exists(const struct manifest *m, const struct check *c)
{
    for (const struct check *other = m->checks; other < m->checks + m->n_checks; other++) {
        size_t length = strlen(other->test);

        if (other != c && !strncmp(c->needs, other->test, length) && c->needs[length] == '@' &&
            !strcmp(c->needs + length + 1, other->under))
            return other < c; /* only an earlier one, so that there is no circle */
    }
    return false;
}

static int read_checks(
    const char *path, const config_setting_t *s, struct manifest *m, struct buf *err)
{
    int count = config_setting_length(s);

    if (!config_setting_is_list(s) || count == 0)
        return refuse_type(path, s, "checks", "a list of groups in parentheses", err);
    m->checks = xcalloc((size_t)count, sizeof(*m->checks));
    for (int i = 0; i < count; i++)
        if (read_check(path, config_setting_get_elem(s, (unsigned)i), m, err))
            return -1;
    for (int i = 0; i < count; i++)
        if (m->checks[i].needs && !needs_exists(m, &m->checks[i]))
            return fail(err, "%s:%d: `needs` names no earlier check: %s; write it as test@tool.",
                path, (int)config_setting_source_line(config_setting_get_elem(s, (unsigned)i)),
                m->checks[i].needs);
    return 0;
}

static int read_explore(
    const char *path, const config_setting_t *s, struct manifest *m, struct buf *err)
{
    if (read_keys(path, s, explore_keys, m, err))
        return -1;
    if (m->explore_races && strcmp(m->explore_races, "fail") && strcmp(m->explore_races, "ignore"))
        return refuse_type(
            path, config_setting_get_member(s, "races"), "races", "\"fail\" or \"ignore\"", err);
    return 0;
}

static int read_groups(
    const char *path, const config_setting_t *root, struct manifest *m, struct buf *err)
{
    const config_setting_t *limits = config_setting_get_member(root, "limits");
    const config_setting_t *explore = config_setting_get_member(root, "explore");

    if (limits && read_keys(path, limits, limit_keys, m, err))
        return -1;
    if (explore && read_explore(path, explore, m, err))
        return -1;
    if (read_hints(path, config_setting_get_member(root, "hints"), m, err))
        return -1;
    return read_checks(path, config_setting_get_member(root, "checks"), m, err);
}

int manifest_read(
    const char *path, const char *unit, const char *id, struct manifest *ret, struct buf *err)
{
    struct manifest m = MANIFEST_EMPTY;
    config_t config;
    int result = -1;

    config_init(&config);
    if (!config_read_file(&config, path)) {
        if (config_error_type(&config) == CONFIG_ERR_FILE_IO)
            fail(err, "Cannot read %s.", path);
        else
            fail(err, "%s:%d: %s.", path, config_error_line(&config), config_error_text(&config));
        goto out;
    }
    m.file = xstrdup(path);
    m.unit = xstrdup(unit);
    m.id = xstrdup(id);
    if (read_keys(path, config_root_setting(&config), top_keys, &m, err) ||
        read_groups(path, config_root_setting(&config), &m, err))
        goto out;
    *ret = m;
    m = MANIFEST_EMPTY;
    result = 0;
out:
    manifest_release(&m);
    config_destroy(&config);
    return result;
}

static void free_texts(char **texts)
{
    for (char **t = texts; t && *t; t++)
        free(*t);
    free(texts);
}

void manifest_release(struct manifest *m)
{
    for (size_t i = 0; i < m->n_checks; i++) {
        free(m->checks[i].test);
        free(m->checks[i].under);
        free(m->checks[i].title);
        free(m->checks[i].needs);
    }
    free(m->checks);
    for (int i = 0; i < MANIFEST_HINTS; i++)
        free(m->hints[i]);
    free_texts(m->allow);
    free_texts(m->extra);
    free_texts(m->libs);
    free_texts(m->explore_facts);
    free(m->id);
    free(m->unit);
    free(m->file);
    free(m->title);
    free(m->concept);
    free(m->explore_races);
    free(m->edit);
    *m = MANIFEST_EMPTY;
}

const struct check *manifest_check(const struct manifest *m, const char *test, const char *tool)
{
    for (size_t i = 0; i < m->n_checks; i++)
        if (!strcmp(m->checks[i].test, test) && !strcmp(m->checks[i].under, tool))
            return &m->checks[i];
    return NULL;
}

double manifest_points(const struct manifest *m)
{
    double sum = 0;

    for (size_t i = 0; i < m->n_checks; i++)
        sum += m->checks[i].points;
    return sum;
}

bool manifest_uses(const struct manifest *m, const char *tool)
{
    for (size_t i = 0; i < m->n_checks; i++)
        if (!strcmp(m->checks[i].under, tool))
            return true;
    return false;
}
