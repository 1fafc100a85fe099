#!/bin/sh
# SPDX-License-Identifier: MIT
# What the sandbox says about itself: the level, what is missing and what to do about it; and that its
# own failures are never a verdict and never a silent lower level.
. tests/kit/lib.sh
own_kit
submission=$work/submission
mkdir "$submission"
cp solutions/2-races/counter_mutex/counter_mutex.c "$submission"
level() { jq -r '.[] | select(.what == "sandbox") | .found' "$1"; }
grade() { "$lab" grade "$submission" --exercises counter_mutex "$@"; }

# Layers are switched off by the tests and by nobody else: no option and no variable leads there.
is "only the box knows of layers that are off" \
    "$(grep -rl layers_off harness | sort | tr '\n' ' ')" "harness/box/box.h harness/box/layers.c "

run "$lab" doctor --json
doctor=$out.json
cp "$out" "$doctor"
here=$(level "$doctor")
ok "doctor names the level ($here)" test "$here" != ""
ok "each line that is not good has a remedy" jq -e \
    'all(.[]; .good or .what == "sandbox" or ((.remedy // "") != ""))' "$doctor"

# One file of a submission at each level that can be had here, and the level is in the result.
run grade --format json --fresh
cp "$out" "$work/result.json"
is "the level is stored in the result" "$(jq -r .sandbox "$work/result.json")" "$here"
is "without a sandbox only when asked for" \
    "$(grade --box none --format json 2>/dev/null | jq -r .sandbox)" none
run grade --box best
is "a level that does not exist is refused" "$status" 3

# bubblewrap missing, too old, broken: with the level asked for there is no mark, but a sentence.
LAB_BWRAP=/nowhere/bwrap run grade --box approximate
is "without bubblewrap there are no marks at its levels" "$status" 3
has "and the sentence says what to install" "apt install bubblewrap" "$out"
printf '#!/bin/sh\necho "bwrap: Unknown option --disable-userns" >&2\nexit 1\n' >"$work/old"
chmod +x "$work/old"
LAB_BWRAP=$work/old run grade --box approximate
is "an old bubblewrap gives no marks" "$status" 3
has "and the sentence says which version is needed" "bubblewrap 0.8 or newer" "$out"
LAB_BWRAP=$work/old run "$lab" doctor
has "doctor says the same" "bubblewrap 0.8 or newer" "$out"

# The same in the middle: the level was there when grading began, and then it was not.
cat >"$work/once" <<END
#!/bin/sh
[ -e "$work/used" ] && { echo "bwrap: setting up uid map: Permission denied" >&2; exit 1; }
: >"$work/used"
exec $(command -v bwrap) "\$@"
END
chmod +x "$work/once"
LAB_BWRAP=$work/once run grade --format json --fresh
is "a box that fails is nobody's verdict" \
    "$(jq -r '[.exercises[].checks[].verdict] | unique | join(" ")' "$out")" HARNESS_ERROR
is "the result says that it is not complete" "$(jq -r .complete "$out")" false
is "and so does the exit status" "$status" 3
has "the first row says what went wrong" "setting up uid map: Permission denied" "$out"

# A lower level is said and stored, never silent.
LAB_BWRAP=/nowhere/bwrap "$lab" grade "$submission" --exercises counter_mutex --format json \
    >"$out" 2>"$work/said"
lower=$(jq -r .sandbox "$out")
case $lower in
reduced) has "a lower level is printed" "level of this machine is \`reduced\`" "$work/said" ;;
*) has "without any level there are no marks" "is the least that marks may be given at" "$work/said" ;;
esac

# The machine's refusals, each made by taking the thing away, where only we can see that it is gone.
alone() { unshare --mount sh -c "$1" sh "$lab" "$submission"; }
if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
    cat >"$work/hold.c" <<'END'
#include <fcntl.h>
#include <seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>
/* hold slots COMMAND…: every user id is taken; hold filters COMMAND…: no further filter is let in */
int main(int argc, char **argv)
{
    struct flock all = {.l_type = F_WRLCK};
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
    int fd = -1, bad = argc < 3;

    if (!bad && !strcmp(argv[1], "slots"))
        bad = (fd = open("/run/interleave-slots", O_RDWR | O_CREAT, 0600)) < 0 ||
              fcntl(fd, F_OFD_SETLK, &all);
    else if (!bad)
        bad = seccomp_rule_add(f, SCMP_ACT_ERRNO(22), SCMP_SYS(prctl), 1,
                  SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP)) ||
              seccomp_load(f);
    return bad ? 99 : execvp(argv[2], argv + 2);
}
END
    cc -D_GNU_SOURCE -o "$work/hold" "$work/hold.c" -lseccomp
    export HOLD="$work/hold"

    run alone 'mount -t tmpfs none /run && exec "$HOLD" slots "$1" grade "$2" --exercises counter_mutex'
    is "without a free user id nothing is graded" "$status" 3
    has "and the sentence says so" "user ids for boxes are in use" "$out"

    run "$HOLD" filters "$lab" grade "$submission" --exercises counter_mutex
    is "where the kernel takes no filter nothing is graded" "$status" 3
    has "and the sentence says so" "refused the system call filter" "$out"
    run "$HOLD" filters "$lab" doctor
    has "doctor knows the remedy" "CONFIG_SECCOMP_FILTER" "$out"

    run alone 'mount -t tmpfs none /proc && exec "$1" grade "$2" --exercises counter_mutex'
    is "without /proc nothing is graded" "$status" 3
    has "and the sentence names it" "/proc" "$out"

    mkdir "$work/full"
    export TMPDIR="$work/full"
    run alone 'mount -t tmpfs -o size=16k none "$TMPDIR" && head -c 16384 /dev/zero >"$TMPDIR/x"
        exec "$1" grade "$2" --exercises counter_mutex'
    is "on a full disk nothing is graded" "$status" 3
    has "and the sentence says so" "No space left" "$out"
    unset TMPDIR
fi

# Where namespaces are forbidden, and no cgroup may be written to: as an ordinary user meets it.
if [ "$(id -u)" != 0 ] && sh tests/kit/hostile/without_namespaces.sh true 2>/dev/null; then
    run sh tests/kit/hostile/without_namespaces.sh "$lab" grade "$submission" --box approximate
    is "without namespaces there are no marks at their levels" "$status" 3
    has "and the sentence has a remedy" "namespaces:" "$out"
    run "$lab" grade "$submission" --box full
    has "without a cgroup there is no full level" "cgroup:" "$out"
fi
done_testing
