/* nosys PROGRAM [ARGUMENT...]
 *
 * Runs a program for which every system call newer than Linux 5.0 is answered with "no such call".
 * Under any other name it runs the program of that name in /usr/local/libexec, so that whoever starts
 * that program by its name, as `docker exec` does, need not know of this one.
 *
 * Container engines before 20.10.10 answer calls that they do not know with "not permitted"
 * (https://github.com/moby/moby/issues/42680). The C library of Debian 12 falls back from its newer calls
 * only where they do not exist, so under such an engine it cannot even start a thread. Where two filters
 * refuse a call the error of the later one counts, and this one is the later. On newer engines it does no
 * harm: the C library uses the older calls. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* From here on the numbers are the same on all architectures, and the first is pidfd_send_signal's, 424. */
#define FIRST_NEW_CALL 424
/* Calls of the x32 interface have this bit, and other numbers. */
#define X32_CALL 0x40000000
#define PROGRAMS "/usr/local/libexec/"

/* Where no filter may be set, the program may still do without. */
static void refuse_new_calls(void)
{
    struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_CALL, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_NEW_CALL, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {sizeof program / sizeof *program, program};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) {
        perror("nosys");
    }
}

int main(int count, char **arguments)
{
    const char *slash = strrchr(arguments[0], '/');
    const char *name = slash ? slash + 1 : arguments[0];
    char path[256];

    if (strcmp(name, "nosys") != 0) {
        snprintf(path, sizeof path, PROGRAMS "%s", name);
        refuse_new_calls();
        execv(path, arguments);
        perror(path);
        return 127;
    }
    if (count < 2) {
        fprintf(stderr, "usage: nosys PROGRAM [ARGUMENT...]\n");
        return 64;
    }
    refuse_new_calls();
    execvp(arguments[1], arguments + 1);
    perror(arguments[1]);
    return 127;
}
