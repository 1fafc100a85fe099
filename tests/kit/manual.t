# SPDX-License-Identifier: MIT
# The manual page says what the program can do: every command, every option of explore and replay.
. tests/kit/lib.sh
page=$root/docs/lab.1

for command in $("$lab" help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
    ok "the manual page knows the command $command" grep -qw "$command" "$page"
done
for command in check explore replay; do
    for option in $("$lab" $command --help | grep -o -e '--[a-z-]*' | sort -u); do
        case $option in --help | --usage) continue ;; esac
        ok "and the option $option of $command" grep -q -e " -${option#--}\>" "$page"
    done
done
if command -v mandoc >/dev/null; then
    ok "mandoc finds nothing wrong with it" mandoc -T lint -W warning "$page"
fi
if command -v groff >/dev/null; then
    is "groff neither" "$(groff -mdoc -Tutf8 -ww -z "$page" 2>&1)" ""
fi
done_testing
