"""What one step of an optimizer is made of: each quantity in the order in which PyTorch computes it, and the terms.

The order of every sum and product is that of `torch/optim/<class>.py`, so that what an optimizer keeps comes out the
same. The step itself is always taken by the real class; the tests compare the two.
"""
