"""What PyTorch's error texts mean, in plain words. Its own text is always shown as well."""

import re

EXPLANATIONS = (  # a pattern of PyTorch's text, and what it means with the numbers in it
    (
        r"shape '(\[[-\d, ]*\])' is invalid for input of size (\d+)",
        "The new shape {0} must hold exactly as many elements as there are, {1}: multiply its numbers.",
    ),
    (
        r"view size is not compatible",
        "`view` never copies. In the storage, the elements do not lie in the order that this shape asks for, so no "
        "strides can describe it. `reshape` copies where it must; `.contiguous()` first does the same.",
    ),
    (
        r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\) at non-singleton dimension (\d+)",
        "Written under each other from the right, the shapes disagree in dimension {2}: {0} against {1}. Only a "
        "length of 1 can be stretched. `unsqueeze` or `None` puts such a 1 where it is needed.",
    ),
    (
        r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)",
        "The rows of the left matrix have {1} numbers, the columns of the right one {2}. They meet in pairs, so both "
        "must be equally long. `.T` swaps rows and columns.",
    ),
    (
        r"index (-?\d+) is out of bounds for dimension (\d+) with size (\d+)",
        "Dimension {1} has {2} places, counted from 0, so {0} is none of them; negative numbers count from the end.",
    ),
    (
        r"too many indices for tensor of dimension (\d+)",
        "Each dimension takes one index; the tensor has {0} of them.",
    ),
    (
        r"expanded size of the tensor \((-?\d+)\) must match the existing size \((\d+)\)",
        "`expand` repeats without copying, which works only for a length of 1. Here a length of {1} should become {0}.",
    ),
    (
        r"number of sizes provided \((\d+)\) must be greater",
        "`expand` can add dimensions on the left but drop none; it was given {0} sizes, too few.",
    ),
    (
        r"Dimension out of range \(expected to be in range of \[(-?\d+), (-?\d+)\], but got (-?\d+)\)",
        "There is no dimension {2} here: dimensions count from 0 to {1}, or from -1 down to {0} from the end.",
    ),
    (r"permute\(", "`permute` needs every dimension exactly once, in the new order."),
    (r"appears multiple times in the list of dims|duplicate dims", "Each dimension may be named only once."),
    (
        r"mean\(\)|could not infer output dtype",
        "A mean of whole numbers is seldom whole, so PyTorch asks for decimals: write .float() first.",
    ),
    (
        r"must have same number of dimensions: got (\d+) and (\d+)",
        "`cat` lays tensors side by side along a dimension that is there. One has {0} dimensions, the other {1}.",
    ),
    (
        r"Sizes of tensors must match except in dimension (\d+)\. Expected size (\d+) but got size (\d+)",
        "`cat` along dimension {0}: all other dimensions must agree, and one has {1} where the other has {2}.",
    ),
    (r"stack expects each tensor to be equal size", "`stack` adds a new dimension, so all shapes must be the same."),
    (
        r"step must be greater than zero",
        "A view with a negative step would need a negative stride, which PyTorch does not have. `.flip(0)` copies in "
        "reverse.",
    ),
    (
        r"have the same dtype|expected scalar type|same data type",
        "A matrix product wants both sides of one dtype; convert one, for example with .float().",
    ),
    (
        r"shape of the mask (\[[\d, ]*\]) at index .* does not match the shape of the indexed tensor (\[[\d, ]*\]) at",
        "A mask must have the shape of what it is laid over: its shape is {0}, the tensor's {1}.",
    ),
    (
        r"indexing tensors could not be broadcast together with shapes ([\d\[\], ]*)",
        "Several lists as index are read in pairs, so they must be equally long (or of length 1): {0}.",
    ),
    (
        r"expected sequence of length (\d+) at dim (\d+) \(got (\d+)\)",
        "Every row of a tensor is equally long. Here one has {0} items and another {2}.",
    ),
    (
        r"linalg\.inv: Expected a floating point",
        "A negative power needs the inverse, and the inverse of a matrix of whole numbers is seldom whole. Choose a "
        "floating-point dtype.",
    ),
    (
        r"singular",
        "The matrix is singular: it flattens space into fewer dimensions, so nothing undoes it. Its determinant is 0.",
    ),
    (r"batches of square matrices", "Only a square matrix can be multiplied by itself or inverted."),
    (
        r"inconsistent tensor size, expected tensor \[(\d+)\] and src \[(\d+)\]",
        "A dot product multiplies in pairs: {0} numbers on one side, {1} on the other.",
    ),
    (
        r"subscript (\w) has size (\d+) for operand (\d+) which does not broadcast with previously seen size (\d+)",
        "The letter {0} stands for one length everywhere. In one operand it is {3}, in operand {2} (from 0) it is {1}.",
    ),
    (
        r"output subscript (\w) does not appear",
        "The result cannot have a letter that no operand has: {0} has no length.",
    ),
    (
        r"subscript (\w) is repeated for operand (\d+) but the sizes don't match, (\d+) != (\d+)",
        "The letter {0} stands twice in operand {1} (from 0), so both of its dimensions must be equally long, and they "
        "have {3} and {2} places.",
    ),
    (r"output subscript (\w) appears more than once", "The result can have every letter once; {0} stands there twice."),
    (
        r"dimension \d+ covered by ellipsis in operand (\d+)\s*has size (\d+) which does not broadcast with previously "
        r"seen ellipsis with size (\d+)",
        "What ... stands for is aligned from the right, and lengths must agree or be 1. In one operand a length is "
        "{2}, in operand {0} (from 0) it is {1}.",
    ),
    (r"found '.' .*already found", "... can stand once for each operand, and once for the result."),
    (
        r"(more|fewer) operands were provided",
        "The part before `->` needs one group of letters for each operand: {0} were given.",
    ),
    (
        r"number of subscripts in the equation \((\d+)\) .* dimensions \((\d+)\) for operand (\d+)",
        "In operand {2} (from 0), dimensions: {1}, letters: {0}. Each dimension needs one letter, or a place among "
        "those that ... stands for.",
    ),
    (r"einsum\(\)", "The part before `->` needs one group of letters for each operand, one letter for each dimension."),
    (r"negative integer powers", "2 ** -1 is one half, no whole number. Write .float() first."),
    (
        r"cannot be converted to type (\w+) without overflow",
        "The number does not fit into {0}; uint8, for one, holds 0 to 255.",
    ),
    (r"only one dimension can be inferred", "-1 means “whatever is left over”, which can be said only once."),
    (
        r"\"check_uniform_bounds\" not implemented|\"normal_kernel|expected a floating-point or complex dtype",
        "Random decimals need a floating-point dtype; torch.randint makes random whole numbers.",
    ),
    (
        r"not implemented for '(\w+)'",
        "PyTorch does not offer this operation for the dtype {0}. Convert first, for example with .float().",
    ),
    (r"cannot be converted to Scalar|can only be converted|one element", "`.item()` works on a single number only."),
    (r"t\(\) expects a tensor with <= 2", "`t` swaps rows and columns of a matrix; `mT` and `transpose` do more."),
    (r"must be non-negative|negative dimension", "A length cannot be negative."),
    (
        r"Expected size for first two dimensions of batch2 tensor to be: \[(\d+), (\d+)\] but got: \[(\d+), (\d+)\]",
        "In each matrix product of the batch, {1} numbers of a row should meet {3} numbers of a column.",
    ),
    (r"both arguments to matmul need to be at least 1D", "@ needs vectors or matrices; use * for a single number."),
    (
        r"setStorage.*requiring a storage size of (\d+) are out of bounds for storage of size (\d+)",
        "These strides would lead outside of the storage: it has {1} bytes, they would need {0}.",
    ),
    (r"Subtraction, the `-` operator, with two bool", "Truth values are not subtracted; ^ says where they differ."),
    (r"is only implemented on integer and Boolean", "~ flips bits or truth values, which decimals do not have."),
    (r"is out of bounds for (\w+)", "The largest number asked for does not fit into {0}."),
    (r"argument 'tensors' .* must be tuple of Tensors", "It takes a list of tensors: put them into square brackets."),
    (r"size mismatch|must match", "The shapes do not fit together."),
    (r"nrecognized|invalid combination of arguments|unexpected keyword|takes .* positional|missing", ""),
    (r"without overflow|too big|verflow|out of range", "A number is too large for its dtype."),
    (r"division by zero|modulo by zero|ZeroDivisionError", "Nothing can be divided by the whole number 0."),
)
ARGUMENTS = "The operation got other arguments than it takes; see its page in the PyTorch documentation."


def explain(said: str) -> str:
    """What PyTorch's text means; a general sentence where it is not a usual one."""
    for pattern, meaning in EXPLANATIONS:
        found = re.search(pattern, said)
        if found and meaning:
            return meaning.format(*found.groups())
    return ARGUMENTS
