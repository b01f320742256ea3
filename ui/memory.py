"""How much memory the process keeps for itself when it frees something; imported before anything large is.

By itself glibc keeps a heap for each thread, and learns from the first large tensor that is freed to keep such blocks,
too: small objects then pin them. 56 error maps left 250 MB behind.
"""

import contextlib
import ctypes
import sys

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # malloc.h
MEGABYTE = 2**20  # larger blocks go back to the system as soon as they are freed
HEAPS = 2  # visitors' threads share them


def _libc() -> ctypes.CDLL | None:
    """The C library, if it is glibc."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            found = ctypes.CDLL(None)
            if hasattr(found, "gnu_get_libc_version"):
                return found
    return None


_glibc = _libc()
if _glibc is not None:
    _glibc.mallopt(M_MMAP_THRESHOLD, MEGABYTE)
    _glibc.mallopt(M_ARENA_MAX, HEAPS)


def give_back() -> None:
    """Returns what is free to the system; worth some milliseconds after long work."""
    if _glibc is not None:
        _glibc.malloc_trim(0)
