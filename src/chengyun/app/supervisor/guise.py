"""How a program that refuses root is started by root: as somebody else."""

import ctypes
import os
from contextlib import suppress
from enum import Enum
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CLONE_NEWUSER = 0x10000000
_CAP_DAC_OVERRIDE = 1
_CAP_HEADER_V3 = 0x20080522
NOBODY = 65534


class Guise(Enum):
    """How a program that refuses root is started."""

    PLAIN = "plain"
    NAMESPACE = "namespace"
    NOBODY = "nobody"


def enter_namespace() -> None:
    """Be uid and gid 1 in a user namespace of one's own; files still belong to who we are outside.

    Raises:
        OSError: namespaces are barred here.
    """
    uid, gid = os.geteuid(), os.getegid()
    if _libc.unshare(_CLONE_NEWUSER) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"1 {uid} 1\n", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"1 {gid} 1\n", encoding="ascii")


def become_nobody() -> None:
    """Give up root for `nobody`, keeping only the right to walk through root's folders."""
    _libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    # Where a container has taken even this capability away, the folder must be open to all.
    bit = 1 << _CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(_CAP_HEADER_V3, 0)
    sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)
    if _libc.capset(header, sets) == 0:
        _libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)


def guise_here() -> Guise:
    """The guise for a program that refuses root, found by trying."""
    if os.geteuid() != 0:
        return Guise.PLAIN
    child = os.fork()
    if child == 0:
        code = 1
        with suppress(OSError):
            enter_namespace()
            code = 0
        os._exit(code)
    _, status = os.waitpid(child, 0)
    return Guise.NAMESPACE if status == 0 else Guise.NOBODY


def put_on(guise: Guise) -> None:
    """Take the guise; for the child, between fork and exec."""
    if guise is Guise.NAMESPACE:
        enter_namespace()
    elif guise is Guise.NOBODY:
        become_nobody()
