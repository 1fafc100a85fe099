# SPDX-License-Identifier: MIT
# Interleave. `make` shows what there is to make; all output goes to build/.

MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

ifeq ($(origin CC),default)
CC      := gcc
endif
BUILD   := build
V       ?= 0
Q       := $(if $(filter 0,$(V)),@)
JOBS    := $(shell nproc)
PROGRAM := $(BUILD)/lab

WARN    := -Wall -Wextra -Wpedantic -Wshadow -Werror
FLAGS   := -std=gnu17 -D_GNU_SOURCE -O2 -g -gdwarf-4 $(WARN) -Iharness -Iharness/probe/include \
           -isystem /usr/include/libxml2 -MMD -MP
LIBS    := -ljansson -lconfig -larchive -lseccomp -ldw -lelf -lxml2 -lpng -lmd -lm

objects  = $(patsubst %,$(BUILD)/obj/%.o,$(basename $(1)))
sources  = $(wildcard harness/$(1)/*.c harness/$(1)/*.S)

# What is linked with what. A new room is a new word here; a new file is found by itself.
ROOMS      := base box explain explore gate report lab
HARNESS_O  := $(filter-out %/lab/main.o,$(call objects,$(foreach r,$(ROOMS),$(call sources,$(r)))))
NATIVE_O   := $(call objects,$(call sources,probe))
EXPLORE_O  := $(filter-out %/native_main.o %/native_process.o %/native_sync.o %/native_threads.o,$(NATIVE_O)) \
              $(call objects,$(call sources,explore/runtime))
JUDGE_O    := $(call objects,$(call sources,judge) harness/base/buf.c harness/base/outcome.c harness/base/verdict.c)
JUDGES     := $(patsubst tests/%/judge.c,$(BUILD)/judge/%,$(wildcard tests/[1-9]*/*/judge.c))
JUDGES     := $(foreach j,$(JUDGES),$(BUILD)/judge/$(notdir $(j)))
KIT_TESTS  := $(patsubst tests/kit/%.c,$(BUILD)/tests/%,$(wildcard tests/kit/test_*.c))
INIT       := $(if $(wildcard harness/box/init/*.c),$(BUILD)/lab-init)
PRODUCTS   := $(PROGRAM) $(INIT) $(BUILD)/libprobe.a $(BUILD)/libexplore.a $(BUILD)/native.wraps \
              $(BUILD)/explore.wraps $(JUDGES)

# A target of USER runs its command as run-<target>, then make ends with that command's status and
# without a line of its own (harness/make_exit.c; without it, make says "Error N" and ends with 2).
USER := bench check class coverage demo doctor explore grade hint installed installed-tests replay reset selfcheck test

##@ For students
check: run-check ## Grade your files in labs/; LAB=counter_mutex grades one
hint: run-hint ## The next of three hints (LAB=counter_mutex)
reset: run-reset ## The stub back, your file kept beside it (LAB=counter_mutex)
demo: run-demo ## Watch the reference solution work (LAB=shared_global)
explore: run-explore ## Search the interleavings of your file (LAB=counter_mutex)
replay: run-replay ## One interleaving again (LAB=counter_mutex SCHEDULE='...', ARGS=--step)
doctor: run-doctor ## What this machine can do, and a remedy for what it cannot

##@ For instructors
grade: run-grade ## Grade one submission, sandboxed (SUBMISSION=directory)
class: run-class ## Grade a whole class (SUBMISSIONS=directory OUT=directory)

gradescope-zip: ## A Gradescope autograder package: build/gradescope.zip (EXERCISES=a,b: only these)
	$(Q)EXERCISES=$(EXERCISES) sh .github/packages/pack.sh gradescope $(BUILD)
autolab-tar: ## An Autolab package: build/autolab.tar with its Makefile
	$(Q)EXERCISES=$(EXERCISES) sh .github/packages/pack.sh autolab $(BUILD)

##@ For developers of the kit
test: run-test ## The project's own tests, selfcheck included
selfcheck: run-selfcheck ## Stubs, solutions, wrong and alternative ones: each as it should be
bench: run-bench ## Speed, as ratios measured in one run
coverage: run-coverage ## gcovr: solutions under the judges, the harness under its tests
format: ## Lay all C files out as .clang-format says
	$(Q)clang-format -i $(C_FILES)
format-check: ## Complain about C files that are laid out otherwise
	$(Q)clang-format --dry-run --Werror $(C_FILES)
packages-test: built ## The kit on bare Debian roots, in Gradescope's and Autolab's packages (root; minutes)
	$(Q)sh tests/packages/packages.sh $(BUILD) readme user gradescope autolab
stubs: ## Save labs/ as the pristine stubs that `lab reset` brings back
	$(Q)for d in labs/[1-9]*/*/; do e=$$(basename $$d); cp $$d$$e.c tests/$${d#labs/}stub.c; done
golden: built ## Take the reports as they are now for right; then look at `git diff`
	$(Q)GOLDEN=update sh tests/kit/reports.t $(BUILD)
clean: ## Remove build/
	$(Q)rm -rf $(BUILD)
help: ## This page
	@awk '/^##@/ { printf "\n%s\n", substr($$0, 5) } /^[a-z-]+:.*## / { split($$0, a, ":"); \
	  sub(/.*## /, ""); printf "  make %-13s %s\n", a[1], $$0 }' Makefile
	@printf '\nBegin with: make check\n'

C_FILES = $(shell git ls-files '*.c' '*.h')

run-installed:
	$(Q)sh harness/install.sh; $(save-status)
run-installed-tests:
	$(Q)sh harness/install.sh tests; $(save-status)
run-check: installed built
	$(Q)$(PROGRAM) check $(LAB) $(ARGS); $(save-status)
run-hint run-reset run-demo run-explore: run-%: built
	$(Q)$(PROGRAM) $* $(call one,$*) $(ARGS); $(save-status)
run-replay: built
	$(Q)$(PROGRAM) replay $(call one,replay) $(ARGS) '$(or $(SCHEDULE),$(error Say which: make replay LAB=$(LAB) SCHEDULE='...', as make explore printed it))'; $(save-status)
run-doctor: built
	$(Q)$(PROGRAM) doctor $(ARGS); $(save-status)
run-grade: installed built
	$(Q)$(PROGRAM) grade $(or $(SUBMISSION),$(error Say which: make grade SUBMISSION=directory)) $(ARGS); $(save-status)
run-class: installed built
	$(Q)$(PROGRAM) class $(or $(SUBMISSIONS),$(error Say which: make class SUBMISSIONS=directory OUT=directory)) --out $(or $(OUT),results) $(ARGS); $(save-status)
run-selfcheck: built
	$(Q)$(PROGRAM) selfcheck $(LAB) $(ARGS); $(save-status)
run-test: installed-tests built
	$(Q)$(MAKE) -s -j$(JOBS) kit-tests && sh tests/run.sh $(BUILD); $(save-status)
run-bench: built
	$(Q)sh tests/bench/bench.sh $(BUILD); $(save-status)
run-coverage: installed built
	$(Q)sh tests/coverage.sh $(BUILD); $(save-status)

save-status = echo $$? >$(BUILD)/status
one         = $(or $(LAB),$(error Say which exercise: make $(1) LAB=counter_mutex))
$(USER): %: run-%
	@$(end-with $(BUILD)/status)exit $$(cat $(BUILD)/status)

# On a bare machine the compiler comes first, before make can load what it compiles.
ifneq ($(filter check class coverage grade test,$(MAKECMDGOALS)),)
ifeq ($(shell command -v $(CC) || [ "$$(id -u)" = 0 ] || command -v sudo >/dev/null || echo nobody may),)
$(shell sh harness/install.sh $(if $(filter test,$(MAKECMDGOALS)),tests) >&2)
endif
endif
ifneq ($(and $(wildcard /usr/include/gnumake.h),$(shell command -v $(CC))),)
-load $(BUILD)/make_exit.so(make_exit_gmk_setup)
endif
$(BUILD)/make_exit.so: harness/make_exit.c
	@mkdir -p $(@D)
	@$(CC) -std=gnu17 -O2 -shared -fPIC -o $@ $<

built: | $(BUILD)
	@[ -x $(PROGRAM) ] || echo 'Building the kit, once. This takes about half a minute.'
	@$(MAKE) -s -j$(JOBS) all
$(BUILD):
	@mkdir -p $@

all: $(PRODUCTS)
kit-tests: $(KIT_TESTS)

$(PROGRAM): $(BUILD)/obj/harness/lab/main.o $(BUILD)/libharness.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(EXTRA_LINK) -o $@ $^ $(LIBS)
$(BUILD)/libharness.a: $(HARNESS_O)
$(NATIVE_O): EXTRA_FLAGS += -ffunction-sections -fdata-sections
$(BUILD)/libprobe.a: $(NATIVE_O)
$(BUILD)/libexplore.a: $(EXPLORE_O)
$(BUILD)/libjudge.a: $(JUDGE_O)
$(BUILD)/%.a:
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar qcs $@ $^

# The linker's list of what goes through the seam, from the one list in seam.h.
$(BUILD)/native.wraps: harness/probe/seam.h | $(BUILD)
	$(Q)printf '#include "probe/seam.h"\n#define W(f) -Wl,--wrap=f\nSEAM_FUNCTIONS(W)\n' | \
	  $(CC) -Iharness -E -P -x c - | grep -o -e '-Wl,--wrap=[a-z0-9_]*' >$@
$(BUILD)/explore.wraps: $(BUILD)/native.wraps $(wildcard harness/explore/runtime/wraps.txt)
	$(Q)cat $^ | grep -v '^#' | sort -u >$@

# By the name that Criterion is linked with, if it is; --no-as-needed, because only Criterion calls it.
LATE := -L$(BUILD)/late -Wl,-rpath,'$$ORIGIN/../late' -Wl,--push-state,--no-as-needed -llate -Wl,--pop-state
$(BUILD)/late/liblate.so: harness/judge/late/libgit2.c
	@mkdir -p $(@D)
	$(call say,LATE,$@)
	$(Q)set -- $$(ldd "$$($(CC) -print-file-name=libcriterion.so)" | awk '/libgit2/ { print $$1, $$3 }'); \
	  $(CC) $(FLAGS) -MF $@.d -shared -fPIC -DREAL_LIBGIT2="\"$$2\"" -Wl,-soname,$${1:-liblate.so} -o $@ $< && \
	  { [ -z "$$1" ] || ln -sf liblate.so $(@D)/$$1; }

$(JUDGES): $(BUILD)/judge/%: $(BUILD)/libjudge.a $(BUILD)/late/liblate.so
	@mkdir -p $(@D)
	$(call say,JUDGE,$*)
	$(Q)$(CC) $(FLAGS) -MF $@.d -Iharness/judge -o $@ $(filter %.c,$^) $< $(LATE) -lcriterion -ljansson $(JUDGE_LIBS)
$(BUILD)/judge/tile_heatmap: JUDGE_LIBS := -lpng
.SECONDEXPANSION:
$(JUDGES): $$(wildcard tests/[1-9]*/$$(@F)/judge.c)

$(BUILD)/lab-init: $(wildcard harness/box/init/*.c)
	$(call say,INIT,$@)
	$(Q)$(CC) $(FLAGS) -MF $@.d -static -o $@ $(filter %.c,$^) -lseccomp

$(KIT_TESTS): $(BUILD)/tests/%: tests/kit/%.c $(BUILD)/libharness.a $(BUILD)/late/liblate.so
	@mkdir -p $(@D)
	$(call say,TEST,$@)
	$(Q)$(CC) $(FLAGS) -MF $@.d -o $@ $< $(BUILD)/libharness.a $(EXTRA_LINK) $(LATE) -lcriterion $(LIBS)

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(FLAGS) -include base/banned.h $(EXTRA_FLAGS) -c -o $@ $<
$(BUILD)/obj/%.o: %.S
	@mkdir -p $(@D)
	$(call say,AS,$<)
	$(Q)$(CC) -Iharness -MMD -MP -c -o $@ $<

# Pages are linked in with .incbin, which leaves no trace in the .d files.
$(BUILD)/obj/harness/report/page.o: $(wildcard harness/report/page/*)
$(BUILD)/obj/harness/explain/html.o: $(wildcard harness/explain/page/*)

say = $(if $(filter 0,$(V)),@true,@printf '  %-6s %s\n' '$(1)' '$(2)')

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
.PHONY: all autolab-tar built clean format format-check golden gradescope-zip help kit-tests packages-test stubs $(USER) $(addprefix run-,$(USER))
