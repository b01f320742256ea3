"""What stands behind the page: questions to check oneself, derivation, caveats, sources."""

import streamlit as st

from ui.prediction import check_yourself


def show() -> None:
    st.divider()
    st.subheader("Check yourself")
    one, two = st.columns(2, gap="large")
    with one:
        check_yourself(
            "All samples and their gap are made ten times as large (no bias). What becomes of the largest possible "
            "number of mistakes?",
            {
                "It stays the same": "Right: R and γ both grow tenfold, and only their ratio counts in (R/γ)².",
                "It is ten times as large": "No: R grows tenfold, but so does γ, and the bound has their ratio.",
                "It is a hundred times as large": "That would be so if only R grew. γ grows with it, so that the ratio "
                "stays.",
            },
            "scale",
        )
    with two:
        check_yourself(
            "A run has made 10,000 corrections and still finds a wrong sample in every pass. What can you say?",
            {
                "No line separates the classes": "Not yet: a very small margin allows very many mistakes. Only a "
                "proof, such as a place that is a mix of both classes or weights that come back, shows it.",
                "Nothing, as long as the margin is unknown": "Right: with a margin γ the number can be anything up to "
                "(R/γ)². If that is below 10,000, there is no such margin.",
                "The learning rate is too small": "No: from zero weights the learning rate only scales w; the mistakes "
                "are the same ones.",
            },
            "patience",
        )
    with st.expander("Why it works: rule, bound and cycle as formulas"):
        st.markdown(
            r"""
With a bias, every input gets a 1 at its end, $x = (x_1, x_2, 1)$, and $w = (w_1, w_2, b)$. The answer is the step
$\hat{y} = 1$ if $w \cdot x > 0$, else 0. In the maths the classes are $y = -1$ (class 0) and $y = +1$ (class 1).

**Rule** (Rosenblatt 1958). Start with $w_0 = 0$. Whenever $y\,(w \cdot x) \le 0$, set
$w \leftarrow w + \mathrm{lr}\; y\, x$. A sum of exactly 0 counts as wrong, so the first sample always corrects $w$.

**Bound** (Novikoff 1962). Let $\lVert x \rVert \le R$ for all samples, and let $u$ of length 1 have
$y\,(u \cdot x) \ge \gamma > 0$ for all of them. With lr = 1, after $k$ mistakes:

- $\lVert w_k \rVert^2 = \lVert w_{k-1} \rVert^2 + 2\, y\,(w_{k-1} \cdot x) + \lVert x \rVert^2$, and the middle term
  is at most 0, so $\lVert w_k \rVert^2 \le \lVert w_{k-1} \rVert^2 + R^2 \le k R^2$
- $w_k \cdot u = w_{k-1} \cdot u + y\,(x \cdot u) \ge w_{k-1} \cdot u + \gamma \ge k \gamma$

Since $w_k \cdot u \le \lVert w_k \rVert$, it follows that $k\gamma \le \sqrt{k}\,R$ and $k \le (R/\gamma)^2$.

**Margin.** The largest $\gamma$ is the distance from 0 to the nearest mix of all $y\,x$. If a mix of them is 0, no
weights have all samples right; that mix is the proof shown under “When no line fits”.

**Cycle.** With a fixed order, a pass depends on nothing but the weights at its beginning. If they come back, all that
follows comes back. On data that no line separates, the weights stay in bounds (Block and Levin 1970).

**How much one line can do.** Of the $2^{2^n}$ ways to answer $n$ inputs of 0 and 1 with 0 or 1, a perceptron can
learn 4 of 4 for $n = 1$, 14 of 16 for $n = 2$ (all but XOR and its opposite), and 104 of 256 for $n = 3$.
"""
        )
    with st.expander("What this toy hides"):
        st.markdown(
            """
- Any line that separates the samples is good enough for the rule: it stops at once, often close to a sample. A support
  vector machine looks for the line that is farthest from its nearest sample instead. In general that is not the line
  drawn under “How many mistakes?”: there γ counts the bias b as one more weight, and a support vector machine leaves
  it out.
- The bound is for the worst order. The runs here stay far below it, and it needs γ, which nobody knows beforehand.
- The step has no slope, so that gradient descent has nothing to follow. Networks of several layers use activations
  with a slope.
- The notes call the adjustment “tweaking” and its step by step improvement steady. It is not: a correction for one
  sample can make others wrong, as the curve under “Your points” shows.
- Accuracy on held-out digits depends on which images are held out; with about a hundred of them, one image is one
  percent.
- Coordinates here are exact fractions (1/16, 1/1024), so that sums have no rounding. With rounded numbers a cycle may
  be missed by a hair.
"""
        )
    with st.expander("Sources"):
        st.markdown(
            """
- F. Rosenblatt, The perceptron: a probabilistic model for information storage and organization in the brain,
  Psychological Review 65 (1958).
- A. B. Novikoff, On convergence proofs on perceptrons, Symposium on the Mathematical Theory of Automata (1962).
- H. D. Block and S. A. Levin, On the boundedness of an iterative procedure for solving a system of linear inequalities,
  Proceedings of the AMS 26 (1970).
- S. I. Gallant, Perceptron-based learning algorithms, IEEE Transactions on Neural Networks 1 (1990): the pocket.
- Y. Freund and R. E. Schapire, Large margin classification using the perceptron algorithm, Machine Learning 37 (1999):
  the average.
- M. Minsky and S. Papert, Perceptrons, MIT Press (1969).
- PyTorch: [torch.nn.Linear](https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html), the weighted sum as a
  module; [torch.heaviside](https://docs.pytorch.org/docs/stable/generated/torch.heaviside.html), the step;
  [torch.bmm](https://docs.pytorch.org/docs/stable/generated/torch.bmm.html), a thousand sums at once.
- scikit-learn: [Perceptron](https://scikit-learn.org/stable/modules/generated/sklearn.linear_model.Perceptron.html),
  [load_digits](https://scikit-learn.org/stable/modules/generated/sklearn.datasets.load_digits.html).
"""
        )
