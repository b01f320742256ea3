"""What stands behind the page: questions to check oneself, formulas, corrections, caveats, sources."""

import streamlit as st

from ui.prediction import check_yourself


def show() -> None:
    st.divider()
    st.subheader("Check yourself")
    one, two = st.columns(2, gap="large")
    with one:
        check_yourself(
            "A batch of 64 colour images of 32 by 32 pixels has the shape (64, 3, 32, 32) and is contiguous. What are "
            "its strides?",
            {
                "(64, 3, 32, 32)": "That is the shape. A stride says how many slots further the next index lies.",
                "(3072, 1024, 32, 1)": "Right: the next column is 1 slot away, the next row 32, the next channel "
                "32 · 32 = 1,024, the next image 3 · 1,024 = 3,072.",
                "(1, 64, 192, 6144)": "That would be the order in which the first index runs fastest. In PyTorch it is "
                "the last.",
            },
            "strides",
        )
    with two:
        check_yourself(
            "`row = x[0]`, and then `row[:] = 0`. What happens to `x`?",
            {
                "Nothing: row is a tensor of its own": "It has a shape of its own, but not a storage of its own: x[0] "
                "is a view.",
                "Its first row becomes 0": "Right: `x[0]` is a view into the same storage, so both see the change. "
                "`x[0].clone()` would have been safe.",
                "PyTorch refuses": "It does not: writing through a view is allowed, and often wanted.",
            },
            "writing",
        )
    with st.expander("Why it works: shape, strides and offset as formulas"):
        st.markdown(
            r"""
A tensor is a storage (one row of cells) with a shape $(n_0, \dots, n_{d-1})$, strides $(s_0, \dots, s_{d-1})$ and an
offset $o$. Its element with the index $(i_0, \dots, i_{d-1})$ lies in the slot

$$\mathrm{slot} = o + \sum_k i_k\, s_k .$$

- **Contiguous**: $s_{d-1} = 1$ and $s_k = n_{k+1}\, s_{k+1}$, so that reading order is the order of the slots.
- **A slice** `start:stop:step` adds $\mathrm{start}\cdot s_k$ to the offset and multiplies $s_k$ by step; a whole
  number does the first and drops the dimension. `permute` reorders shape and strides. `expand` sets a stride to 0.
- **view** needs strides that lead to the same elements in the same reading order; two neighbouring dimensions can be
  merged only if $s_k = n_{k+1}\, s_{k+1}$. Otherwise it refuses, and `reshape` copies.
- **Broadcasting**: aligned from the right, lengths $a$ and $b$ give $\max(a, b)$ if they are equal or one of them is 1.
- **Matrix product**: $C_{ij} = \sum_p A_{ip} B_{pj}$. For a fixed $(i, j)$ this is a dot product; for a fixed $p$, an
  outer product; for a fixed $i$ or $j$, a combination of rows or columns.
- **Powers**: if $A = V \Lambda V^{-1}$ then $A^n = V \Lambda^n V^{-1}$, so entries grow like $|\lambda_1|^n$. For
  $A = \begin{pmatrix}1&1\\1&0\end{pmatrix}$, $A^n$ holds Fibonacci's $F_{n+1}, F_n, F_{n-1}$ and $\lambda_1 =
  (1+\sqrt5)/2$.
"""
        )
    with st.expander("What the course notes print, and what is right"):
        st.markdown(
            """
- `images = torch. rand((4, 28, 28))` and `second_image = images (1]` are typing errors. Python wants
  `torch.rand((4, 28, 28))` and `images[1]`: square brackets pick, round ones call.
- `torch.matrix_power(a, 2)`, 3 and 4 are printed rightly. Nothing in the notes says how far that goes: in int64 every
  power up to 91 is right, and at 92 the entry that should be 12,200,160,415,121,876,738 is printed as
  -6246583658587674878.
"""
        )
    with st.expander("What this toy hides"):
        st.markdown(
            """
- Real tensors have millions of elements and often live on a GPU; moving them there costs more than most operations.
- A tensor that is not contiguous works everywhere, but some operations copy it first or run slower on it.
- Writing into an expanded tensor writes into one cell many times; PyTorch refuses it.
- Matrix products are not computed in any of the four readings but in blocks that fit the processor's cache, so sums
  may be added in another order and differ in the last digits.
- The tensors here carry no gradients. Views and in-place changes have rules of their own when autograd watches.
"""
        )
    with st.expander("Sources"):
        st.markdown(
            """
- PyTorch: [torch.Tensor](https://docs.pytorch.org/docs/stable/tensors.html),
  [tensor views](https://docs.pytorch.org/docs/stable/tensor_view.html),
  [tensor attributes and strides](https://docs.pytorch.org/docs/stable/tensor_attributes.html),
  [broadcasting](https://docs.pytorch.org/docs/stable/notes/broadcasting.html),
  [matmul](https://docs.pytorch.org/docs/stable/generated/torch.matmul.html),
  [einsum](https://docs.pytorch.org/docs/stable/generated/torch.einsum.html),
  [matrix_power](https://docs.pytorch.org/docs/stable/generated/torch.linalg.matrix_power.html)
- C. R. Harris and others: [Array programming with NumPy](https://doi.org/10.1038/s41586-020-2649-2), 2020
- G. Strang: Introduction to Linear Algebra, chapter 2 (four ways to multiply matrices)
- scikit-learn's [sample images](https://scikit-learn.org/stable/datasets/loading_other_datasets.html) and
  [digits](https://scikit-learn.org/stable/datasets/toy_dataset.html)
"""
        )
