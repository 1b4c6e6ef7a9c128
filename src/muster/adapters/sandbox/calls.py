"""System calls that a walled worker is denied, by what they would gain it; numbers as the kernel's headers have them.

Landlock judges the opening of files. It does not judge who may read them, whose they are or what time they bear, nor
memory and queues that have no path, so that these calls are denied here: by them a hostile model could lay a private
key open for everybody on the machine, or hold up the control plane that runs under the same user.
"""

from __future__ import annotations

from typing import Final

NETWORK: Final = """
    socket 41 198, socketpair 53 199, connect 42 203, bind 49 200, io_uring_setup 425 425
"""
"""No connection, in or out."""

PROCESSES: Final = """
    fork 57 -, vfork 58 -, execve 59 221, execveat 322 281, ptrace 101 117, process_vm_readv 310 270,
    process_vm_writev 311 271, kcmp 312 272, pidfd_getfd 438 438, pidfd_open 434 434, pidfd_send_signal 424 424,
    kill 62 129, tkill 200 130, rt_sigqueueinfo 129 138, rt_tgsigqueueinfo 297 240, setpriority 141 140,
    ioprio_set 251 30, sched_setparam 142 118, sched_setattr 314 274, sched_setscheduler 144 119,
    sched_setaffinity 203 122, migrate_pages 256 238, move_pages 279 239, process_madvise 440 440,
    process_mrelease 448 448
"""
"""No new process, and none of others touched, signalled, spied on or slowed down."""

FILES: Final = """
    chmod 90 -, fchmod 91 52, fchmodat 268 53, fchmodat2 452 452, chown 92 -, fchown 93 55, lchown 94 -,
    fchownat 260 54, utime 132 -, utimes 235 -, futimesat 261 -, utimensat 280 88, setxattr 188 5, lsetxattr 189 6,
    fsetxattr 190 7, setxattrat 463 463, removexattr 197 14, lremovexattr 198 15, fremovexattr 199 16,
    removexattrat 466 466, file_setattr 469 469, truncate 76 45, open_by_handle_at 304 265, inotify_init 253 -,
    inotify_init1 294 26, fanotify_init 300 262, setns 308 268, unshare 272 97, mount 165 40, umount2 166 39,
    pivot_root 155 41, chroot 161 51, open_tree 428 428, open_tree_attr 467 467, move_mount 429 429, fsopen 430 430,
    fsconfig 431 431, fsmount 432 432, fspick 433 433, mount_setattr 442 442
"""
"""No change to whose a file is, who may read it, or what is mounted where."""

MEMORY: Final = """
    shmget 29 194, shmat 30 196, shmctl 31 195, semget 64 190, semop 65 193, semctl 66 191, semtimedop 220 192,
    msgget 68 186, msgsnd 69 189, msgrcv 70 188, msgctl 71 187, mq_open 240 180, mq_unlink 241 181,
    memfd_create 319 279, memfd_secret 447 447, add_key 248 217, request_key 249 218, keyctl 250 219, bpf 321 280,
    perf_event_open 298 241, userfaultfd 323 282
"""
"""No memory, queue or key ring without a path, which would outlive or pass the walls."""

MACHINE: Final = """
    sethostname 170 161, setdomainname 171 162, reboot 169 142, syslog 103 116, clock_settime 227 112,
    clock_adjtime 305 266, adjtimex 159 171, settimeofday 164 170, kexec_load 246 104, kexec_file_load 320 294,
    swapon 167 224, swapoff 168 225, init_module 175 105, finit_module 313 273, delete_module 176 106, acct 163 89,
    quotactl 179 60, quotactl_fd 443 443, vhangup 153 58, iopl 172 -, ioperm 173 -
"""
"""Nothing of what only root may, should the control plane run as root."""

_PLACE: Final = {"x86_64": 1, "aarch64": 2}


def numbers(machine: str) -> dict[str, int]:
    """Return the numbers of the denied calls by name, on ``x86_64`` or ``aarch64``; raise KeyError for another.

    The tables above give name, number on x86-64 and number on AArch64; ``-`` where that machine has no such call.
    """
    place = _PLACE[machine]
    table = ", ".join(part.strip() for part in (NETWORK, PROCESSES, FILES, MEMORY, MACHINE))
    lines = [line.split() for line in table.split(",")]
    return {line[0]: int(line[place]) for line in lines if line[place] != "-"}
