/* SPDX-License-Identifier: MIT */
#include "gate/policy_names.h"

#include <stddef.h>

const char *const policy_base_names[] = {
    /* <stdio.h> */
    "stdin stdout stderr printf fprintf dprintf sprintf snprintf vprintf vfprintf vdprintf vsprintf "
    "vsnprintf asprintf vasprintf scanf fscanf sscanf vscanf vfscanf vsscanf puts fputs putc fputc "
    "putchar putc_unlocked putchar_unlocked fputc_unlocked fputs_unlocked getc fgetc getchar "
    "getc_unlocked getchar_unlocked fgetc_unlocked fgets ungetc getline getdelim fread fwrite "
    "fread_unlocked fwrite_unlocked fopen fdopen freopen fclose fflush fflush_unlocked fseek fseeko "
    "ftell ftello rewind fgetpos fsetpos feof ferror clearerr fileno setbuf setvbuf setlinebuf "
    "setbuffer flockfile ftrylockfile funlockfile perror remove rename tmpfile mkstemp mkdtemp "
    "open_memstream fmemopen err errx warn warnx verr verrx vwarn vwarnx error",
    /* <stdlib.h> */
    "malloc calloc realloc reallocarray free aligned_alloc posix_memalign memalign abort exit atoi "
    "atol atoll atof strtol strtoll strtoul strtoull strtof strtod strtold strtoimax strtoumax rand "
    "srand rand_r random srandom random_r srandom_r initstate setstate drand48 erand48 lrand48 "
    "nrand48 mrand48 jrand48 srand48 seed48 lcong48 drand48_r erand48_r lrand48_r nrand48_r "
    "srand48_r abs labs llabs imaxabs div ldiv lldiv imaxdiv qsort qsort_r bsearch lsearch lfind "
    "tsearch tfind tdelete twalk hcreate hsearch hdestroy insque remque getenv secure_getenv setenv "
    "unsetenv putenv environ getsubopt getopt getopt_long optarg optind opterr optopt a64l l64a "
    "realpath getloadavg getrandom getentropy arc4random arc4random_buf arc4random_uniform",
    /* <string.h>, <strings.h>, <ctype.h>, <locale.h>, <wchar.h>, <uchar.h> */
    "memcpy memmove memset memcmp memchr memrchr memmem mempcpy memccpy bcopy bzero bcmp "
    "explicit_bzero strcpy strncpy stpcpy stpncpy strcat strncat strlcpy strlcat strcmp strncmp "
    "strcasecmp strncasecmp strcoll strxfrm strchr strrchr strchrnul strstr strcasestr strpbrk "
    "strspn strcspn strtok strtok_r strsep strlen strnlen strdup strndup strerror strerror_r "
    "strerrorname_np strerrordesc_np strsignal sigabbrev_np sigdescr_np index rindex ffs ffsl ffsll "
    "strverscmp swab isalnum isalpha isascii isblank iscntrl isdigit isgraph islower isprint ispunct "
    "isspace isupper isxdigit tolower toupper toascii setlocale localeconv nl_langinfo newlocale "
    "uselocale freelocale duplocale wcs* wmem* isw* tow* wctype wctrans wctob btowc mb* c16rtomb "
    "c32rtomb wcrtomb wctomb getwc fgetwc getwchar fgetws putwc fputwc putwchar fputws ungetwc "
    "fwide wprintf fwprintf swprintf vwprintf vfwprintf vswprintf wscanf fwscanf swscanf wcpcpy",
    /* <time.h>, <sys/time.h>, <sys/resource.h>: reading */
    "time clock clock_gettime clock_getres clock_getcpuclockid pthread_getcpuclockid gettimeofday "
    "timespec_get timespec_getres times getrusage difftime mktime timegm gmtime gmtime_r localtime "
    "localtime_r asctime asctime_r ctime ctime_r strftime strptime tzset tzname timezone daylight "
    "getrlimit",
    /* <setjmp.h>, <signal.h>, <assert.h>, <errno.h> */
    "setjmp longjmp siglongjmp raise signal sigaction sigprocmask sigemptyset sigfillset sigaddset "
    "sigdelset sigismember sigpending sigsuspend sigwait sigwaitinfo sigtimedwait sigaltstack "
    "siginterrupt psignal psiginfo errno",
    /* threads, semaphores, C11 threads */
    "pthread_* sem_init sem_destroy sem_open sem_close sem_unlink sem_wait sem_trywait "
    "sem_timedwait sem_clockwait sem_post sem_getvalue thrd_create thrd_current thrd_equal "
    "thrd_exit thrd_join thrd_detach thrd_yield mtx_* cnd_* tss_* call_once sched_yield sched_getcpu "
    "sched_get_priority_max sched_get_priority_min sched_getaffinity get_nprocs get_nprocs_conf",
    /* processes */
    "fork wait waitpid waitid wait3 wait4 getpid getppid gettid getpgid getpgrp getsid getuid "
    "geteuid getgid getegid getpriority uname sysconf pathconf fpathconf confstr getpagesize "
    "gethostname",
    /* files, pipes, shared memory */
    "open openat creat close read write pread pwrite readv writev preadv pwritev lseek dup dup2 dup3 "
    "fcntl pipe pipe2 socketpair send recv sendmsg recvmsg shutdown poll ppoll select pselect fsync "
    "fdatasync truncate ftruncate posix_fallocate access faccessat stat fstat lstat fstatat unlink "
    "unlinkat link rename renameat mkdir mkdirat rmdir mkfifo mkfifoat chdir getcwd umask chmod "
    "fchmod isatty ttyname opendir fdopendir readdir readdir_r closedir rewinddir dirfd scandir "
    "alphasort basename dirname readlink fnmatch glob globfree flock lockf mmap munmap msync mremap "
    "madvise posix_madvise mlock munlock mincore shm_open shm_unlink mq_open mq_close mq_unlink "
    "mq_send mq_receive mq_timedsend mq_timedreceive mq_getattr mq_setattr ftok htons htonl ntohs "
    "ntohl regcomp regexec regfree regerror ftw nftw",
    NULL,
};

const char *const policy_compiler_names[] = {
    /* gcc and clang */
    "_GLOBAL_OFFSET_TABLE_ __stack_chk_fail __stack_chk_guard __tls_get_addr __gcc_personality_v0 "
    "_Unwind_Resume __memcmpeq __builtin_* __sync_* __atomic_* __morestack",
    /* arithmetic that the machine does not have: libgcc, compiler-rt */
    "__mulsc3 __muldc3 __mulxc3 __multc3 __divsc3 __divdc3 __divxc3 __divtc3 __powisf2 __powidf2 "
    "__powixf2 __powitf2 __multi3 __divti3 __modti3 __divmodti4 __udivti3 __umodti3 __udivmodti4 "
    "__mulvsi3 __mulvdi3 __mulvti3 __addvsi3 __addvdi3 __addvti3 __subvsi3 __subvdi3 __subvti3 "
    "__negvsi2 __negvdi2 __ashlti3 __ashrti3 __lshrti3 __muloti4 __mulodi4 __absvdi2 __fix* __float* "
    "__trunc* __extend* __addtf3 __subtf3 __multf3 __divtf3 __negtf2 __eqtf2 __netf2 __lttf2 "
    "__letf2 __gttf2 __getf2 __unordtf2 __clzti2 __ctzti2 __ffsti2 __popcountdi2 __popcountti2 "
    "__parityti2 __bswapsi2 __bswapdi2 __bid_* __dpd_* __cpu_model __cpu_indicator_init",
    /* what the headers of glibc turn into */
    "__errno_location __ctype_b_loc __ctype_tolower_loc __ctype_toupper_loc "
    "__ctype_get_mb_cur_max __assert_fail __assert_perror_fail __assert __isoc99_* __isoc23_* "
    "__sigsetjmp _setjmp __longjmp_chk __libc_current_sigrtmin __libc_current_sigrtmax "
    "__libc_single_threaded __cmsg_nxthdr __overflow __uflow __underflow __fpclassify __fpclassifyf "
    "__fpclassifyl __isnan __isnanf __isnanl __isinf __isinff __isinfl __finite __finitef __finitel "
    "__signbit __signbitf __signbitl __issignaling* __iseqsig* __iscanonicall __xpg_basename "
    "__xpg_strerror_r __sched_cpualloc __sched_cpufree __sched_cpucount __strdup __strndup "
    "__strtok_r __rawmemchr __mempcpy __stpcpy __environ __fxstat __lxstat __xstat __fxstatat "
    "__pthread_register_cancel __pthread_unregister_cancel __pthread_unwind_next "
    "__pthread_register_cancel_defer __pthread_unregister_cancel_restore __pthread_key_create",
    /* -D_FORTIFY_SOURCE */
    "__memcpy_chk __memmove_chk __memset_chk __mempcpy_chk __strcpy_chk __strncpy_chk __strcat_chk "
    "__strncat_chk __stpcpy_chk __stpncpy_chk __printf_chk __fprintf_chk __sprintf_chk "
    "__snprintf_chk __vprintf_chk __vfprintf_chk __vsprintf_chk __vsnprintf_chk __dprintf_chk "
    "__asprintf_chk __vasprintf_chk __fgets_chk __fread_chk __read_chk __pread_chk __recv_chk "
    "__poll_chk __ppoll_chk __realpath_chk __getcwd_chk __readlink_chk __fdelt_chk __fdelt_warn "
    "__explicit_bzero_chk __open_2 __openat_2 __mq_open_2 __chk_fail __fortify_fail",
    NULL,
};

const char policy_math_names[] =
    "acos asin atan atan2 cos sin tan sincos acosh asinh atanh cosh sinh tanh exp exp2 exp10 expm1 "
    "frexp ldexp log log10 log1p log2 logb ilogb modf scalb scalbn scalbln cbrt fabs hypot pow sqrt "
    "erf erfc lgamma tgamma gamma ceil floor nearbyint rint lrint llrint round lround llround "
    "roundeven trunc fmod remainder remquo drem copysign nan nextafter nexttoward fdim fmax fmin fma "
    "significand isnan isinf finite j0 j1 jn y0 y1 yn signgam lgamma_r cabs cacos cacosh carg casin "
    "casinh catan catanh ccos ccosh cexp cimag clog clog10 conj cpow cproj creal csin csinh csqrt "
    "ctan ctanh fegetround fesetround feclearexcept feraiseexcept fetestexcept fegetenv fesetenv "
    "feholdexcept feupdateenv fegetexceptflag fesetexceptflag feenableexcept fedisableexcept";

const char policy_young_names[] =
    "strlcpy strlcat wcslcpy wcslcat arc4random arc4random_buf arc4random_uniform mbrtoc8 c8rtomb "
    "fsopen fsmount fspick move_mount open_tree mount_setattr pidfd_getpid pidfd_spawn pidfd_spawnp "
    "posix_spawnattr_setcgroup_np posix_spawnattr_getcgroup_np sched_setattr sched_getattr "
    "process_mrelease getcpu timespec_getres stdc_* free_sized free_aligned_sized memalignment "
    "call_once memset_explicit strfromd tcgetwinsize tcsetwinsize execveat closefrom close_range";
