# SPDX-License-Identifier: MIT
# What lab explore and lab replay get in real life: programs that never end, that do what cannot be
# controlled, that do not compile; schedules that are none. Each time one clear sentence, the right exit
# status, and nothing left running.
. tests/kit/lib.sh
own_kit
cd "$work" || exit 1

left() { pgrep -f "$work/kit/build/cache.*\.probe" -c; }

# input TITLE STATUS WORDS <<PROGRAM: explores the program
input() {
    cat >program.c
    run timeout 120 "$lab" explore program.c
    is "$1: the exit status" $status "$2"
    has "$1: the sentence" "$3" "$out"
    is "$1: nothing is left running" "$(left)" 0
}

input "a loop without end" 1 "ran on and on without coming to an end" <<'END'
int main(void) { for (;;) ; }
END
input "a fork bomb" 3 "more than 128 threads and processes" <<'END'
#include <unistd.h>
int main(void) { for (;;) fork(); }
END
input "gigabytes of output" 1 "without coming to an end" <<'END'
#include <stdio.h>
int main(void) { for (;;) puts("and so on and so on and so on and so on and so on"); }
END
ok "none of it is shown" sh -c "! grep -q 'and so on' '$out'"
input "a crash in a constructor" 3 "ended before main()" <<'END'
__attribute__((constructor)) static void early(void) { *(volatile int *)0 = 1; }
int main(void) { return 0; }
END
input "an exit in a constructor" 3 "ended before main()" <<'END'
#include <unistd.h>
__attribute__((constructor)) static void early(void) { _exit(0); }
int main(void) { return 0; }
END
echo "a line" >line
input "standard input" 0 "every one ends well" <<'END'
#include <stdio.h>
int main(void) { return getchar() == EOF ? 0 : 1; }
END
input "system()" 3 "system() is not supported" <<'END'
#include <stdlib.h>
int main(void) { return system("sleep 1000"); }
END
input "pthread_cancel()" 3 "pthread_cancel() is not supported" <<'END'
#include <pthread.h>
static void *f(void *p) { return p; }
int main(void) { pthread_t a; pthread_create(&a, 0, f, 0); pthread_cancel(a); pthread_join(a, 0); return 0; }
END
input "inline assembly" 0 "uses inline assembly (line 2)" <<'END'
static int x;
int main(void) { __asm__ volatile("incl %0" : "+m"(x)); return x != 1; }
END
input "a lock in assembly" 3 "waiting in its inline assembly" <<'END'
static int lock = 1, x;
static int swap(int *p, int v) { __asm__ volatile("xchgl %0, %1" : "+r"(v), "+m"(*p) : : "memory"); return v; }
int main(void) { while (swap(&lock, 1)) ; return x; }
END
input "assembly in a macro" 0 "as far as explore sees" <<'END'
#define GROW(x) __asm__ volatile("incl %0" : "+m"(x))
static int x;
int main(void) { GROW(x); return x != 1; }
END
run "$lab" explore program.c --json -
ok "what is not seen is no complete search, and the data says why" \
    jq -e '(.complete | not) and (.notes[0] | contains("inline assembly (line 1)"))' "$out"
input "assembly that touches nothing" 0 "the only interleaving was explored: every one ends well" <<'END'
int main(void) { __asm__ volatile("" ::: "memory"); __asm__("pause"); return 0; }
END
hasnt "… and nothing is said of it" "assembly" "$out"
input "relaxed atomics" 0 "(memory orders weaker than" <<'END'
#include <pthread.h>
#include <stdatomic.h>
static atomic_int x;
static void *f(void *p) { atomic_fetch_add_explicit(&x, 1, memory_order_relaxed); return p; }
int main(void) { pthread_t t; pthread_create(&t, 0, f, 0); f(0); pthread_join(t, 0); return x != 2; }
END
run "$lab" explore program.c --json -
ok "… in the data, too" jq -e '.notes | any(contains("weaker than sequential consistency"))' "$out"
input "execlp()" 3 "execlp() is not supported" <<'END'
#include <unistd.h>
int main(void) { return execlp("true", "true", (char *)0); }
END
input "clone()" 3 "clone() is not supported" <<'END'
#define _GNU_SOURCE
#include <sched.h>
static char stack[65536];
static int f(void *p) { return p != 0; }
int main(void) { return clone(f, stack + sizeof stack, CLONE_VM, 0) < 0; }
END
input "mathematics" 0 "every one ends well" <<'END'
#include <math.h>
int main(int argc, char **argv) { (void)argv; return sqrt(argc + 3.0) != 2; }
END
input "a large array on a thread's stack" 0 "every one ends well" <<'END'
#include <pthread.h>
#include <string.h>
static void *f(void *p) { char large[4 << 20]; memset(large, 1, sizeof large); return large[5] ? p : &f; }
int main(void) { pthread_t t; pthread_create(&t, 0, f, 0); pthread_join(t, 0); return 0; }
END
input "loops that are too long" 3 "go round two or three times instead of thousands" <<'END'
#include <pthread.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static long x;
static void *f(void *p) { for (int i = 0; i < 100000; i++) { pthread_mutex_lock(&m); x++; pthread_mutex_unlock(&m); } return p; }
int main(void) { pthread_t t; pthread_create(&t, 0, f, 0); f(0); pthread_join(t, 0); return x != 200000; }
END
input "a race in loops that are too long" 1 "Data race on \`x\`" <<'END'
#include <pthread.h>
static long x;
static void *f(void *p) { for (int i = 0; i < 1000000; i++) x++; return p; }
int main(void) { pthread_t t; pthread_create(&t, 0, f, 0); f(0); pthread_join(t, 0); return x != 2000000; }
END
ok "… is shown by a schedule that can be read" sh -c "[ \$(sed -n 's/.* replay program.c //p' '$out' | wc -c) -lt 80 ]"
input "no main()" 3 "has no main()" <<'END'
int f(void) { return 0; }
END
input "what does not compile" 3 "does not compile: line 1" <<'END'
int main(void) { return 0 }
END
input "what does not link" 3 "does not link" <<'END'
int elsewhere(void);
int main(void) { return elsewhere(); }
END
input "an empty file" 2 "is empty" <<'END'
END
input "a crash" 1 "segmentation fault" <<'END'
int main(void) { return *(volatile int *)0; }
END
input "abort()" 1 "called abort()" <<'END'
#include <stdlib.h>
int main(void) { abort(); }
END
input "an exit status" 1 "Exit status 3" <<'END'
int main(void) { return 3; }
END
input "all threads spin" 1 "again and again" <<'END'
#include <pthread.h>
#include <stdatomic.h>
static atomic_int a, b;
static void *f(void *p) { while (!a) ; b = 1; return p; }
int main(void) { pthread_t t; pthread_create(&t, 0, f, 0); while (!b) ; a = 1; pthread_join(t, 0); return 0; }
END
input "a thread bomb" 3 "more than 128 threads and processes" <<'END'
#include <pthread.h>
static void *f(void *p) { return p; }
int main(void) { pthread_t t; while (pthread_create(&t, 0, f, 0) == 0) pthread_detach(t); pthread_exit(0); }
END

# Wrong words.
run "$lab" explore
is "no file is wrong usage" $status 2
run "$lab" explore missing.c
is "a missing file is wrong usage" $status 2
has "it is named" "missing.c is missing" "$out"
run "$lab" explore counter_mutx
is "so is an unknown exercise" $status 2
has "the nearest name is offered" "Did you mean counter_mutex?" "$out"
printf 'int main() { return 0; }\n' >program.cpp
run "$lab" explore program.cpp
is "so is another language" $status 2
has "it is said what can be explored" "a file whose name ends in .c" "$out"
mkdir directory.c
run "$lab" explore directory.c
is "and a directory" $status 2
printf 'int caf\351;\n' >latin.c
run "$lab" explore latin.c
has "a file that is not UTF-8 is called so" "UTF-8" "$out"
for words in "--strategy best" "--schedules 0" "--schedules 1e9" "--preemptions -1" "--seconds x" "--seed -3" \
    "--races maybe" "--spurious x" "--jobs 0" "--trace pdf x" "--trace html" "--args a=1" "other.c"; do
    run "$lab" explore program.c $words
    is "wrong usage: $words" $status 2
done
run "$lab" explore counter_mutex --scenario nonsense
is "an unknown scenario cannot be explored" $status 3

# Schedules.
cp "$root/tests/kit/screens/lost_update.c" .
while IFS='|' read -r text words; do
    run "$lab" replay lost_update.c "$text"
    is "a schedule that is none: '$text'" $status 2
    has "it is said why: '$text'" "$words" "$out"
done <<'END'
garbage|This is not a schedule
|This is not a schedule
x1|This is not a schedule
x1:0*99999999999|column 6
x1:0,|column 5
x1:0*|column 5
x1:0,@1234|column 5
x1:0;1|column 5
x1:200|column
x1:1@zz|column
x9:0,1|of another version
count threads=2 x1:1|begins with x1:
END
run "$lab" replay lost_update.c
is "no schedule is wrong usage" $status 2
run "$lab" replay lost_update.c x1:1 --step --gdb
is "both --step and --gdb are, too" $status 2
run "$lab" replay missing.c x1:1
is "a missing file is wrong usage for replay" $status 2
run "$lab" replay lost_update.c x1:1,2,99
is "a schedule with a thread too many cannot be followed" $status 3
printf 'int main(void) { return 0 }\n' >program.c
run "$lab" replay program.c x1:1
is "what does not compile cannot be replayed" $status 3

# Interrupted: the right status, nothing left running. The search begins when the program runs.
printf 'int main(void) { for (;;) ; }\n' >program.c
for signal in INT TERM KILL; do
    rm -f "$work/kit/build/cache"/*/*.probe
    env --default-signal=INT setsid "$lab" explore program.c >"$out" 2>&1 &
    pid=$!
    while [ "$(left)" = 0 ] && kill -0 "$pid" 2>/dev/null; do :; done
    kill -"$signal" "$pid"
    wait "$pid" 2>/dev/null
    status=$?
    [ "$signal" = KILL ] || is "SIG$signal is status 130" $status 130
    while [ "$signal" = KILL ] && [ "$(left)" != 0 ]; do :; done
    is "SIG$signal leaves nothing running" "$(left)" 0
done
done_testing
