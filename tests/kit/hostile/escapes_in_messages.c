// expect: COMPILE
// why: a message that would clear the screen, colour it, and run a script
#error "[2J[31m <script>alert(1)</script> ]]> ‮ &amp; done"
