// expect: COMPILE
// why: more mistakes than anybody wants to read
#define A \
    oops; \
    oops; \
    oops; \
    oops; \
    oops; \
    oops; \
    oops; \
    oops;
#define B A A A A A A A A A A A A A A A A
#define C B B B B B B B B B B B B B B B B

C C C C
