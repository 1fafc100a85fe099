# SPDX-License-Identifier: MIT
# chromium - what TAP scripts need to look at a page in headless Chromium. Sourced after lib.sh:
#
#     . tests/kit/chromium.sh
#     browse "$work/page.html#step=3" <<'END'
#     size 400 800
#     key ArrowRight
#     eval document.title
#     complaints
#     END
#     is "the title says what it is" "$(answer 1)" counter_mutex
#     is "nothing is loaded, refused or thrown" "$(answer 2)" none
#
# `answer N` is what the N-th `eval` or `complaints` said. chromium.py lists the commands.
browse() { # FILE or FILE#fragment; commands on standard input
    page=$1
    case $page in /* | file:*) ;; *) page=$root/$page ;; esac
    case $page in file:*) ;; *) page=file://$page ;; esac
    python3 "$root/tests/kit/chromium.py" "$page" >"$work/.answers"
    status=$?
    [ $status = 0 ] || ok "the browser does what it is told" false
}
answer() {
    sed -n "$1p" "$work/.answers"
}
