"""The torch logic of every concept: frozen settings in, frozen results out, no display."""

import contextlib
import ctypes
import sys

import torch

from core.eager import leave_the_compiler_out

# The tensors here are tiny: a second thread inside an operation costs more than it saves,
# and visitors already run side by side in threads of their own.
torch.set_num_threads(1)

# glibc learns from the first large tensor that is freed to keep such blocks, and small objects then pin them: 56 error
# maps left 250 MB behind. With a fixed threshold, blocks of a megabyte go back to the system when they are freed.
M_MMAP_THRESHOLD, MEGABYTE = -3, 2**20
if sys.platform == "linux":
    with contextlib.suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, MEGABYTE)

leave_the_compiler_out()
