/* nosys PROGRAM [ARGUMENT...]
 *
 * Runs a program for which every system call newer than Linux 5.0 fails with ENOSYS ("no such call").
 * If it is called by another name, it runs the program of that name in /usr/local/libexec. So `docker exec`
 * can start that program by its name.
 *
 * Docker before 20.10.10 rejects unknown calls with EPERM ("not permitted",
 * https://github.com/moby/moby/issues/42680). The C library of Debian 12 uses an older call only after
 * ENOSYS, so there it cannot start a thread. If two filters reject a call, the filter that was installed
 * last decides the error; this filter is the last one. On newer engines it is harmless. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* pidfd_send_signal. From here on, the numbers are the same on all architectures. */
#define FIRST_NEW_CALL 424
/* Calls of the x32 interface have this bit and other numbers. */
#define X32_CALL 0x40000000
#define PROGRAMS "/usr/local/libexec/"

/* If the kernel rejects the filter, the program may still work without it. */
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
