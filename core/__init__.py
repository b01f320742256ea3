"""The torch logic of every concept: frozen settings in, frozen results out, no display."""

import torch

from core.eager import leave_the_compiler_out

# The tensors here are tiny: a second thread inside an operation costs more than it saves,
# and visitors already run side by side in threads of their own.
torch.set_num_threads(1)

leave_the_compiler_out()
