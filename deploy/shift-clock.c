/* Shift the wall clock of every process that preloads this library (LD_PRELOAD); used by deploy/test-clocks.sh
 * and benchmarks/chaos.
 *
 * CLOCK_SHIFT   seconds to add to the wall clock
 * CLOCK_FILE    a file with these seconds instead, as an integer of 8 bytes, which may change at any time
 * CLOCK_SINCE   start of the run, in seconds since 1970: files written later get shifted times, older files keep theirs
 *
 * Monotonic clocks are left alone, and so are time-outs measured with them. Deadlines given as wall-clock time are
 * shifted back before the kernel sees them. Debian's faketime 0.9.10 is no alternative: without a faked monotonic clock
 * its clock_nanosleep fails, which breaks time.sleep of Python 3.11 and later; with one, timed waits on locks never
 * end; and it does not wrap stat64. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static time_t since;
static long long fixed;
static volatile const long long *current = &fixed;
#define shift (*current)

__attribute__((constructor)) static void read_environment(void) {
    const char *by = getenv("CLOCK_SHIFT"), *from = getenv("CLOCK_SINCE");
    fixed = by ? atoll(by) : 0;
    since = from ? atoll(from) : 0;
    const char *file = getenv("CLOCK_FILE");
    int opened = file ? open(file, O_RDONLY | O_CLOEXEC) : -1;
    if (opened < 0) return;
    void *mapped = mmap(NULL, sizeof fixed, PROT_READ, MAP_SHARED, opened, 0);
    if (mapped != MAP_FAILED) current = mapped;
    close(opened);
}

/* The C library's own function. */
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int is_wall_clock(clockid_t clock) { return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE; }

static time_t real_time(void) {
    struct timespec at;
    syscall(SYS_clock_gettime, CLOCK_REALTIME, &at);
    return at.tv_sec;
}

/* Reading the clock. */

int clock_gettime(clockid_t clock, struct timespec *at) {
    static __typeof__(&clock_gettime) next;
    if (!next) next = NEXT(clock_gettime);
    int failed = next(clock, at);
    if (!failed && is_wall_clock(clock)) at->tv_sec += shift;
    return failed;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    static __typeof__(&gettimeofday) next;
    if (!next) next = NEXT(gettimeofday);
    int failed = next(at, zone);
    if (!failed) at->tv_sec += shift;
    return failed;
}

time_t time(time_t *kept) {
    time_t at = real_time() + shift;
    if (kept) *kept = at;
    return at;
}

int timespec_get(struct timespec *at, int base) {
    return base == TIME_UTC && clock_gettime(CLOCK_REALTIME, at) == 0 ? base : 0;
}

/* Deadlines. The clock of a condition variable is unknown here, so a deadline near the shifted time is taken as wall-clock
 * time. */

static const struct timespec *shifted_back(const struct timespec *until, struct timespec *buffer) {
    if (!until) return until;
    time_t now = real_time();
    if (llabs(until->tv_sec - now) <= llabs(until->tv_sec - now - shift)) return until;
    if (llabs(until->tv_sec) < llabs(until->tv_sec - now - shift)) return until; /* monotonic */
    *buffer = *until;
    buffer->tv_sec -= shift;
    return buffer;
}

int pthread_cond_timedwait(pthread_cond_t *restrict met, pthread_mutex_t *restrict lock, const struct timespec *restrict until) {
    static __typeof__(&pthread_cond_timedwait) next;
    struct timespec buffer;
    if (!next) next = (__typeof__(next))dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
    if (!next) next = NEXT(pthread_cond_timedwait);
    return next(met, lock, shifted_back(until, &buffer));
}

int pthread_cond_clockwait(pthread_cond_t *met, pthread_mutex_t *lock, clockid_t clock, const struct timespec *until) {
    struct timespec buffer;
    return NEXT(pthread_cond_clockwait)(met, lock, clock, is_wall_clock(clock) ? shifted_back(until, &buffer) : until);
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict lock, const struct timespec *restrict until) {
    struct timespec buffer;
    return NEXT(pthread_mutex_timedlock)(lock, shifted_back(until, &buffer));
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until) {
    struct timespec buffer;
    return NEXT(sem_timedwait)(semaphore, shifted_back(until, &buffer));
}

int sem_clockwait(sem_t *restrict semaphore, clockid_t clock, const struct timespec *restrict until) {
    static __typeof__(&sem_clockwait) next;
    struct timespec buffer;
    if (!next) next = NEXT(sem_clockwait);
    return next(semaphore, clock, is_wall_clock(clock) ? shifted_back(until, &buffer) : until);
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *left) {
    static __typeof__(&clock_nanosleep) next;
    struct timespec buffer;
    if (!next) next = NEXT(clock_nanosleep);
    return next(clock, flags, flags & TIMER_ABSTIME && is_wall_clock(clock) ? shifted_back(until, &buffer) : until, left);
}

int timerfd_settime(int timer, int flags, const struct itimerspec *new, struct itimerspec *old) {
    struct itimerspec buffer = *new;
    if (flags & TFD_TIMER_ABSTIME && (new->it_value.tv_sec || new->it_value.tv_nsec))
        buffer.it_value = *shifted_back(&new->it_value, &buffer.it_value);
    return NEXT(timerfd_settime)(timer, flags, &buffer, old);
}

/* File times. The kernel stamps files with the real clock; times set explicitly (utime) are kept as they are. */

static time_t file_time(time_t at) { return since <= at && at <= real_time() + 1 ? at + shift : at; }

#define STAT(name, kept, arguments, values)                          \
    int name arguments {                                             \
        static __typeof__(&name) next;                               \
        if (!next) next = NEXT(name);                                \
        int failed = next values;                                    \
        if (!failed) {                                               \
            kept->st_atime = file_time(kept->st_atime);              \
            kept->st_mtime = file_time(kept->st_mtime);              \
            kept->st_ctime = file_time(kept->st_ctime);              \
        }                                                            \
        return failed;                                               \
    }

STAT(stat, kept, (const char *restrict path, struct stat *restrict kept), (path, kept))
STAT(lstat, kept, (const char *restrict path, struct stat *restrict kept), (path, kept))
STAT(fstat, kept, (int file, struct stat *kept), (file, kept))
STAT(fstatat, kept, (int folder, const char *restrict path, struct stat *restrict kept, int flags), (folder, path, kept, flags))
STAT(stat64, kept, (const char *restrict path, struct stat64 *restrict kept), (path, kept))
STAT(lstat64, kept, (const char *restrict path, struct stat64 *restrict kept), (path, kept))
STAT(fstat64, kept, (int file, struct stat64 *kept), (file, kept))
STAT(fstatat64, kept, (int folder, const char *restrict path, struct stat64 *restrict kept, int flags), (folder, path, kept, flags))

int statx(int folder, const char *restrict path, int flags, unsigned mask, struct statx *restrict kept) {
    static __typeof__(&statx) next;
    if (!next) next = NEXT(statx);
    int failed = next(folder, path, flags, mask, kept);
    if (!failed) {
        kept->stx_atime.tv_sec = file_time(kept->stx_atime.tv_sec);
        kept->stx_mtime.tv_sec = file_time(kept->stx_mtime.tv_sec);
        kept->stx_ctime.tv_sec = file_time(kept->stx_ctime.tv_sec);
        kept->stx_btime.tv_sec = file_time(kept->stx_btime.tv_sec);
    }
    return failed;
}
