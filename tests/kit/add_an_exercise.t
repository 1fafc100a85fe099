#!/bin/sh
# SPDX-License-Identifier: MIT
# docs/add-an-exercise.md, followed to the letter: every file that it shows is written, and selfcheck says
# no more than that six mistakes and one alternative are still missing.
. tests/kit/lib.sh
own_kit
kit=$work/kit
for part in tests solutions; do # real directories: files are added
    rm "$kit/$part"
    cp -r "$root/$part" "$kit/$part"
done
rm "$kit/build/judge"
mkdir "$kit/build/judge"

# A line that is nothing but `path`, and then a block in fences, is a file.
awk -v kit="$kit" '
    /^`[^` ]+\/[^` ]+`$/ { path = kit "/" substr($0, 2, length($0) - 2); next }
    /^```/ { if (open) { close(path); path = ""; open = 0 } else if (path) open = 1; next }
    open { dir = path; sub(/\/[^\/]*$/, "", dir); if (!(dir in made)) { system("mkdir -p " dir); made[dir] = 1 }
           print > path; next }
    NF && path { path = "" }' docs/add-an-exercise.md
E=1-memory/borrowed_sum
is "the page shows ten files" "$(find "$kit" -path '*borrowed_sum*' -type f | wc -l)" 10

run "$lab" selfcheck --files borrowed_sum
has "selfcheck names what is missing, and what to do" \
    "stub.c is missing: copy the stub there, for \`lab reset\` to bring it back." "$out"
cp "$kit/labs/$E/borrowed_sum.c" "$kit/tests/$E/stub.c"

ok "the judge compiles" cc -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Werror -Iharness -Iharness/judge \
    -o "$kit/build/judge/borrowed_sum" "$kit/tests/$E/judge.c" "$build/libjudge.a" \
    -lcriterion -ljansson
run "$lab" check borrowed_sum
is "the stub is not implemented, five times" "$(grep -c '^NOT_IMPLEMENTED' "$out")" 5
cp "$kit/solutions/$E/borrowed_sum.c" "$kit/labs/$E/"
run "$lab" check borrowed_sum
is "the solution passes, five times" "$(grep -c '^PASS' "$out")" 5
echo '#define MOST 32' >"$kit/tests/$E/sizes.h"
LAB_TRACE=$work/trace "$lab" check borrowed_sum >/dev/null 2>&1
is "a header beside the probe is new: everything runs again" \
    "$(jq -r 'select(.does == "run") | .tool' "$work/trace" | sort -u | tr '\n' ' ')" "asan explore plain tsan "
ok "the stub comes back" "$lab" reset borrowed_sum
ok "the stub is the stub" cmp "$kit/labs/$E/borrowed_sum.c" "$kit/tests/$E/stub.c"

cat >"$kit/tests/$E/more.c" <<'END'
/* SPDX-License-Identifier: MIT */
#include "probe.h"

#include <stdio.h>

SCENARIO(demo)
{
    puts("a scenario of the second file");
}
END
run "$lab" selfcheck --files borrowed_sum
has "a file that nothing needs is named" "more.c has no business there" "$out"
echo "extra = [ \"tests/$E/more.c\" ];" >>"$kit/labs/$E/lab.conf"
run "$lab" selfcheck --files borrowed_sum
hasnt "one that lab.conf links with the probe is as it should be" "more.c" "$out"
run "$lab" demo borrowed_sum
has "its scenarios are the probe's" "a scenario of the second file" "$out"

run "$lab" selfcheck borrowed_sum
has "more mistakes are asked for" "wrong has 2 files; every exercise ships at least 8" "$out"
has "another alternative is asked for" "alternative has 1 files; every exercise ships at least 2" "$out"
has "and everything else is as it should be" "5 files run, 2 things are off" "$out"
sed -i 's/sum_is_right)/sum_is_wrong)/' "$kit/tests/$E/judge.c"
run "$lab" selfcheck --files borrowed_sum
has "a test that the judge does not have is named" "has no LAB_TEST(borrowed_sum, sum_is_right), which" "$out"
done_testing
