/* SPDX-License-Identifier: MIT */
/* Names, strings and comments that try to be more than text. */
#include <assert.h>
#include <pthread.h>

static int value; /* <img src=x onerror="hacked = 1"> */

static void *add(void *name)
{
    pthread_setname_np(pthread_self(), name);
    value++; /* [31m red ‮ desrever </code><script>hacked = 1</script> */
    return NULL;
}

int main(void)
{
    pthread_t a, b;

    pthread_create(&a, NULL, add, "<b onclick=x>");
    pthread_create(&b, NULL, add, "</script><i>\x1b[1m");
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert(value == 2 && "</script><script>hacked = 1</script><img src=x>");
}
