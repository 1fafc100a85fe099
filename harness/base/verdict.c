/* SPDX-License-Identifier: MIT */
#include "base/verdict.h"

#include <string.h>

static const struct {
    const char *name;
    const char *meaning;
} table[VERDICT_COUNT] = {
    [VERDICT_NOT_RUN] = {"NOT_RUN", "not started, because a check that it depends on failed"},
    [VERDICT_PASS] = {"PASS", "every promise held, in every run"},
    [VERDICT_WRONG] = {"WRONG", "a result differs from what the contract promises"},
    [VERDICT_RACE] = {"RACE", "two tasks touch the same memory, one of them writes, and nothing "
                              "orders them"},
    [VERDICT_DEADLOCK] = {"DEADLOCK", "every task waits and none can wake another"},
    [VERDICT_TIMEOUT] = {"TIMEOUT", "the time limit ran out while something could still run"},
    [VERDICT_CRASH] = {"CRASH", "the program died by a signal or aborted"},
    [VERDICT_MEMERR] = {"MEMERR", "memory was used in a way that C does not allow"},
    [VERDICT_LEAK] = {"LEAK", "memory, a descriptor or another resource was not given back"},
    [VERDICT_MEMORY] = {"MEMORY", "the memory limit was hit"},
    [VERDICT_PROCESSES] = {"PROCESSES", "the limit on threads and processes was hit"},
    [VERDICT_OUTPUT] = {"OUTPUT", "the program printed more than is kept"},
    [VERDICT_LEFTOVER] = {"LEFTOVER", "tasks or zombies were left when the work was over"},
    [VERDICT_FORGED] = {"FORGED", "the program ended before the work was over"},
    [VERDICT_REJECTED] = {"REJECTED", "the file uses something that this exercise does not allow"},
    [VERDICT_COMPILE] = {"COMPILE", "the file does not compile or link"},
    [VERDICT_NOT_IMPLEMENTED] = {"NOT_IMPLEMENTED", "this part is still to be written"},
    [VERDICT_HARNESS_ERROR] = {"HARNESS_ERROR", "the kit could not grade this; it is not your "
                                                "mistake and costs no points"},
};

const char *verdict_name(enum verdict v)
{
    return (unsigned)v < VERDICT_COUNT ? table[v].name : "HARNESS_ERROR";
}

const char *verdict_meaning(enum verdict v)
{
    return (unsigned)v < VERDICT_COUNT ? table[v].meaning : "";
}

bool verdict_parse(const char *name, enum verdict *ret_verdict)
{
    for (unsigned v = 0; v < VERDICT_COUNT; v++) {
        if (!strcmp(name, table[v].name)) {
            *ret_verdict = (enum verdict)v;
            return true;
        }
    }
    return false;
}
