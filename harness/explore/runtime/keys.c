/* SPDX-License-Identifier: MIT */
/* keys - thread-specific data, POSIX and C11, with destructors that run under the schedule. */
#include "explore/runtime/world.h"
#include "explore/runtime/wrap.h"

#include <errno.h>
#include <threads.h>

enum { MOST_ROUNDS = 4 };

static void (*destructors[WORLD_KEYS])(void *); /* private to each process, like the keys */
static bool key_used[WORLD_KEYS];

static bool run_destructors(void)
{
    bool some = false;

    for (int key = 0; key < WORLD_KEYS; key++) {
        void *value = me->keys[key];

        if (!value || !destructors[key])
            continue;
        me->keys[key] = NULL;
        destructors[key](value);
        some = true;
    }
    return some;
}

void keys_destroy(void)
{
    for (int i = 0; i < MOST_ROUNDS && run_destructors(); i++)
        ;
}

WRAP(int, pthread_key_create, (pthread_key_t * ret, void (*destructor)(void *)))
{
    if (!me)
        return __real_pthread_key_create(ret, destructor);
    for (unsigned key = 0; key < WORLD_KEYS; key++)
        if (!key_used[key]) {
            key_used[key] = true;
            destructors[key] = destructor;
            for (uint32_t i = 0; i < world->n_tasks; i++)
                world->tasks[i].keys[key] = NULL;
            *ret = key;
            return 0;
        }
    return EAGAIN;
}

WRAP(int, pthread_key_delete, (pthread_key_t key))
{
    if (!me)
        return __real_pthread_key_delete(key);
    if (key >= WORLD_KEYS || !key_used[key])
        return EINVAL;
    key_used[key] = false;
    destructors[key] = NULL;
    return 0;
}

WRAP(void *, pthread_getspecific, (pthread_key_t key))
{
    if (!me)
        return __real_pthread_getspecific(key);
    return key < WORLD_KEYS ? me->keys[key] : NULL;
}

WRAP(int, pthread_setspecific, (pthread_key_t key, const void *value))
{
    if (!me)
        return __real_pthread_setspecific(key, value);
    if (key >= WORLD_KEYS || !key_used[key])
        return EINVAL;
    me->keys[key] = (void *)(uintptr_t)value;
    return 0;
}

WRAP(int, tss_create, (tss_t * ret, tss_dtor_t destructor))
{
    return c11_error(__wrap_pthread_key_create(ret, destructor));
}

WRAP(void, tss_delete, (tss_t key))
{
    __wrap_pthread_key_delete(key);
}

WRAP(void *, tss_get, (tss_t key))
{
    return __wrap_pthread_getspecific(key);
}

WRAP(int, tss_set, (tss_t key, void *value))
{
    return c11_error(__wrap_pthread_setspecific(key, value));
}
