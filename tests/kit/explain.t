#!/bin/sh
# SPDX-License-Identifier: MIT
# The page of an interleaving in a browser: stepping, state, folds, narrow screens, paper, no script, hostile text.
. tests/kit/lib.sh
. tests/kit/chromium.sh

EXPLAIN_HTML=$work
export EXPLAIN_HTML
ok "the pages are made" "$build/tests/test_explain" --filter 'explain/every_story*'

# What is shown of things: "visitors thread 2 0 → 1"
state='Array.from(document.querySelectorAll("#variables li, #locks li")).map((e) => Array.from(e.children).map((c) => c.textContent).join(" ")).join("; ")'
threads='Array.from(document.querySelectorAll("#threads li")).map((e) => Array.from(e.children).map((c) => c.textContent).join(" ")).join("; ")'
now='document.getElementById("now").textContent'

browse "$work/lost_update_global.html" <<END
size 1280 900
eval $now
eval [first, back, forth, last].map((b) => b.disabled ? 0 : 1).join('')
eval $state
key ArrowRight
key j
key j
eval $now
eval $state
eval location.hash
eval document.querySelectorAll('.step.here').length + ' ' + document.querySelector('.step.here .n').textContent
eval document.querySelector('.source .line.here').textContent.trim()
key ArrowRight
key ArrowRight
eval $state
key k
key ArrowLeft
eval $now
eval $state
key n
eval $now
key p
eval $now
key End
eval $now
eval [first, back, forth, last].map((b) => b.disabled ? 0 : 1).join('')
key Home
eval $now
click #forth
eval $now
click .step:nth-child(5) .cell
eval $now
click .happened a
eval $now
eval $threads
click .copy
eval getSelection().toString()
complaints
END
is "it begins before the first step" "$(answer 1)" "Before the first step."
is "… from where the way goes only forward" "$(answer 2)" 0011
is "… with the value that the first look will find" "$(answer 3)" "visitors 0"
is "arrow and j go forward" "$(answer 4)" "Step 3 thread 1 reads visitors: 0"
is "what was only read has nobody who wrote it" "$(answer 5)" "visitors 0"
is "the address follows" "$(answer 6)" "#step=3"
is "the row of the step is marked, and no other" "$(answer 7)" "1 Step 3"
is "the line of the source is marked, with the threads that are there" "$(answer 8)" "129    visitors++;"
is "a write shows what it replaced, and whose it is" "$(answer 9)" "visitors thread 2 0 → 1"
is "k and arrow go back" "$(answer 10)" "Step 3 thread 1 reads visitors: 0"
is "… and the state with them" "$(answer 11)" "visitors 0"
is "n goes to the next step that the sentence speaks of" "$(answer 12)" "Step 5 thread 2 writes visitors: 1"
is "… and p to the one before" "$(answer 13)" "Step 3 thread 1 reads visitors: 0"
is "End goes to the end" "$(answer 14)" "The end."
is "… from where the way goes only back" "$(answer 15)" 1100
is "Home goes to the beginning" "$(answer 16)" "Before the first step."
is "the button does what the key does" "$(answer 17)" "Step 1 main creates thread 1"
is "a click on a row goes there" "$(answer 18)" "Step 5 thread 2 writes visitors: 1"
is "a step in the sentence leads to its row" "$(answer 19)" "Step 3 thread 1 reads visitors: 0"
is "every thread says where it stands" "$(answer 20)" \
    "main waits for thread 1 to end line 19; thread 1 ready line 9; thread 2 ready line 9"
is "the replay line can be copied" "$(answer 21)" "lab replay '<b>tests/kit/explain/lost_update_global.c' x1:1,2"
is "nothing is loaded, refused or thrown" "$(answer 22)" none

browse "$work/two_locks.html#step=4" <<END
eval $state
open file://$work/two_locks.html#end
eval $state
eval $threads
eval document.querySelectorAll('.ring .thread').length + ' ' + document.querySelectorAll('.ring .lock').length
eval document.querySelectorAll('.step.here').length
open file://$work/signal_for_broadcast.html#step=9
eval $state
open file://$work/semaphore_short.html#end
eval $state
open file://$work/pipe_left_open.html#step=3
eval $state
complaints
END
is "a link leads to a step; who holds and who waits is shown" "$(answer 1)" \
    "fork_lock held by thread 1 waits: thread 2; knife held by thread 2 waits: thread 1"
is "… also at the end" "$(answer 2)" "$(answer 1)"
is "… with the words for each thread" "$(answer 3)" \
    "main waits for thread 1 to end line 30; thread 1 waits for knife, which thread 2 holds line 9; thread 2 waits for fork_lock, which thread 1 holds line 18"
is "a circle has its picture" "$(answer 4)" "2 2"
is "at the end every thread that waits is marked" "$(answer 5)" 3
is "a condition shows who waits on it, a mutex who has it" "$(answer 6)" \
    "is_open false; lock held by main; opened wait: thread 1 thread 2"
is "a semaphore shows its value" "$(answer 7)" "items 0 waits: thread 2"
is "a pipe shows what is in it" "$(answer 8)" "pipe 1 1 byte"
is "and no page complains" "$(answer 9)" none

browse "$work/spin_for_ever.html#step=7" <<END
key ArrowRight
eval $now
key ArrowLeft
eval $now
click summary
open file://$work/spin_for_ever.html#step=7
key ArrowRight
eval $now
open file://$work/lost_update_heap.html
open file://$work/spin_for_ever.html#step=20
eval $now
eval document.querySelector('details').open
complaints
END
is "stepping passes over a fold" "$(answer 1)" "Step 47 thread 2 loads turn: 2"
is "… in both directions" "$(answer 2)" "Step 7 thread 2 loads turn: 2"
is "… and goes through it when it is open" "$(answer 3)" "Step 8 thread 2 loads turn: 2"
is "a link into a fold opens it" "$(answer 4) $(answer 5)" "Step 20 thread 2 loads turn: 2 true"
is "all of it without a complaint" "$(answer 6)" none

# Sideways scrolling is what must not be.
for page in "$work"/*.html; do
    echo "open file://$page#end"
    for width in 400 700 1280; do
        printf 'size %d 800\neval document.documentElement.scrollWidth\n' $width
    done
done >"$work/commands"
echo complaints >>"$work/commands"
browse "$work/two_locks.html" <"$work/commands"
is "no page is wider than the screen, at 400, 700 and 1280 pixels" "$(head -n -1 "$work/.answers" | sort -n | uniq | tr '\n' ' ')" "400 700 1280 "
is "… and none complains" "$(tail -n 1 "$work/.answers")" none

browse "$work/lost_update_global.html#step=3" <<END
size 400 800
eval getComputedStyle(document.querySelector('.heads')).display
eval getComputedStyle(document.querySelector('.switch .who')).display
eval Math.round(document.querySelector('.controls').getBoundingClientRect().bottom) <= 800
eval Array.from(document.querySelectorAll('.buttons button')).every((b) => b.offsetWidth >= 40 && b.offsetHeight >= 40)
size 1280 900
media screen prefers-color-scheme=dark
eval getComputedStyle(document.body).backgroundColor
media screen prefers-reduced-motion=reduce
eval getComputedStyle(document.querySelector('.cell')).transitionDuration
media print
eval getComputedStyle(document.querySelector('.controls')).display
eval Array.from(document.querySelectorAll('.step .cell')).every((c) => getComputedStyle(c).opacity === '1')
media screen
script off
eval document.querySelectorAll('.list .step').length
eval getComputedStyle(document.querySelector('.controls')).display
eval document.querySelectorAll('.source .line').length
END
is "on a narrow screen there are no columns" "$(answer 1)" none
is "… but names in the rows" "$(answer 2)" block
is "… and the buttons are at hand" "$(answer 3)" true
is "… and large enough for a finger" "$(answer 4)" true
is "it is dark where everything is" "$(answer 5)" "rgb(22, 24, 28)"
is "nothing moves for whoever wants no motion" "$(answer 6)" 0s
is "paper has no buttons" "$(answer 7)" none
is "… and nothing is pale on it" "$(answer 8)" true
is "without the script all steps are there" "$(answer 9)" 10
is "… and no buttons that do nothing" "$(answer 10)" none
is "… and the source" "$(answer 11)" 23

browse "$work/hostile.html#step=5" <<END
eval typeof hacked
eval document.querySelectorAll('img, i:not(.line i), b[onclick], .told script, main script').length
eval $now
eval document.querySelector('.claim').textContent
eval document.title
eval document.querySelectorAll('script').length
eval JSON.stringify(document.documentElement.outerHTML).includes('\\\\u202e desrever')
complaints
END
is "text from the program does nothing" "$(answer 1)" undefined
is "… and makes no elements" "$(answer 2)" 0
is "… but is shown as it is" "$(answer 3)" 'Step 5 </script><i>\x1b… writes value: 1'
is "… in the claim, too" "$(answer 4)" 'all 1 <i>interleavings</i> explored & </script> done'
is "… and in the title" "$(answer 5)" 'hostile <script>: lost-update'
is "there are the page's own two scripts, data and code" "$(answer 6)" 2
is "what would turn the line around is made visible" "$(answer 7)" true
is "and nothing is loaded, refused or thrown" "$(answer 8)" none

done_testing
