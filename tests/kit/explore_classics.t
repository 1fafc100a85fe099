# SPDX-License-Identifier: MIT
# The mistakes that every course on threads and processes has, and their correct twins, as anybody would
# hand them to lab explore: the verdict, the sentence, and the same story again on replay. What is to be
# found stands on the second line of each: exit status, words of the sentence.
. tests/kit/lib.sh
own_kit
cd "$work" || exit 1

# What is told of one interleaving, in one line.
story() { sed -n '/^ step /,$p' "$1" | sed '/^see it again/,$d' | tr -s ' \n' ' '; }

for program in "$root"/tests/kit/explore/classics/*.c; do
    name=$(basename "$program")
    cp "$program" .
    expected=$(sed -n '2s,^/\* explore \([0-9]\): .* \*/$,\1,p' "$program")
    words=$(sed -n '2s,^/\* explore [0-9]: \(.*\) \*/$,\1,p' "$program")
    run "$lab" explore "$name"
    is "$name: the status" $status "$expected"
    tr -s ' \n' ' ' <"$out" >told
    has "$name: the sentence" "$words" told
    schedule=$(sed -n "s/^see it again: .* replay $name //p" "$out" | tr -d "'")
    [ -n "$schedule" ] || continue
    story "$out" >before
    run "$lab" replay "$name" "$schedule"
    story "$out" >after
    is "$name: the same again" "$(cat after)" "$(cat before)"
done
done_testing
