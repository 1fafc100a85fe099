/* SPDX-License-Identifier: MIT */
/*
 * wrap - the functions that the linker sends to the runtime (`--wrap=f`), beyond those of the seam
 * (probe/seam.h) that every tool takes: what only a schedule explorer has to control, or to look
 * at.
 *
 *     WRAP(int, sched_yield, (void)) { … __real_sched_yield() … }
 *
 * The linker reads their names from wraps.txt. --wrap is global: calls from within the static C
 * library to these names come here as well, hence from_student() where that matters.
 */
#ifndef RUNTIME_WRAP_H
#define RUNTIME_WRAP_H

#define WRAP(type, name, arguments) WRAP_BANNED(type, __real_##name, __wrap_##name, arguments)

/* For functions whose own names the kit forbids itself (base/banned.h). */
#define WRAP_BANNED(type, real, wrapped, arguments) \
    extern type real arguments;                     \
    type wrapped arguments;                         \
    type wrapped arguments

#endif
