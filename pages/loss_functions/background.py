"""What stands behind the page: the decision table, questions, derivation, caveats, sources."""

import pandas as pd
import streamlit as st

from ui.prediction import check_yourself

COLUMNS = ("The target is", "Loss", "The network's last layer gives", "Watch out")
TASKS = (
    (
        "one of several classes",
        "CrossEntropyLoss",
        "one score a class, no softmax",
        "targets: whole numbers 0 to K − 1",
    ),
    ("yes or no", "BCEWithLogitsLoss", "one score, no sigmoid", "targets are floats; few yes: pos_weight"),
    ("several yes or no at once", "BCEWithLogitsLoss", "one score each", "they need not add up to 1"),
    ("a number", "MSELoss", "one number", "chooses the mean; far values pull hardest"),
    ("a number, with outliers", "HuberLoss, L1Loss", "one number", "set δ to a usual error"),
    ("a number and how sure", "GaussianNLLLoss", "a number and a variance", "the variance must be positive"),
    ("a count", "PoissonNLLLoss", "the count's logarithm", "targets: 0, 1, 2 and so on"),
    ("another distribution", "KLDivLoss(batchmean)", "log-probabilities", "first the log of the model, then the truth"),
    ("which of two is better", "MarginRankingLoss", "two scores", "target 1 or −1"),
    ("same direction or not", "CosineEmbeddingLoss", "two vectors", "their lengths do not count"),
    ("nearer than another", "TripletMarginLoss", "three vectors", "choose negatives that are hard, not easy"),
)


def show() -> None:
    with st.expander("Which loss for which task"):
        st.dataframe(pd.DataFrame(TASKS, columns=COLUMNS), hide_index=True, height=38 + 35 * len(TASKS))
    st.divider()
    st.subheader("Check yourself")
    one, two = st.columns(2, gap="large")
    with one:
        check_yourself(
            "A classifier of 10 classes has just been made and knows nothing. Which cross-entropy do you expect in "
            "the first batch?",
            {
                "about 0.1": "That would be a probability of e^−0.1 = 0.90 for the right class: it would know a lot.",
                "about 2.3": "Right: all classes get about 1 / 10, and −log(1 / 10) = log 10 = 2.303. A first "
                "loss far above it says that the first weights are too large.",
                "about 10": "That would be a probability of e^−10 = 0.00005 for the right class: worse than not "
                "knowing.",
            },
            "first-loss",
        )
    with two:
        check_yourself(
            "Your validation loss uses reduction mean over batches of 100, and the last batch holds 3 samples. You "
            "average the batches' losses. What is wrong?",
            {
                "Nothing": "Each batch counts the same then, so one of the 3 samples counts 33 times as much as "
                "another.",
                "The last 3 samples count too much": "Right: their batch counts as much as one of 100. Add up sums "
                "(reduction sum) and divide once by the number of samples.",
                "The loss is 100 times too small": "The mean does not depend on the size of the batch; sums would.",
            },
            "mean-of-means",
        )
    with st.expander("Why it works: where the losses come from"):
        st.markdown(
            r"""
A network that gives probabilities says how likely it finds the data. The loss is the negative logarithm of that, so the
smallest loss is the best explanation of the data (maximum likelihood).

- **Cross-entropy**, for scores $z$ and target class $y$, with $p = \mathrm{softmax}(z)$:
  $L = -\log p_y = \log \sum_c e^{z_c} - z_y$.
  Its gradient: $\partial L / \partial z_c = e^{z_c} / \sum_k e^{z_k} - [c = y] = p_c - [c = y]$, softmax minus target.
- With **label smoothing** $\varepsilon$ and **class weights** $w$ the target becomes
  $t_c = w_c\,((1 - \varepsilon)[c = y] + \varepsilon / K)$ and $L = -\sum_c t_c \log p_c$, with the gradient
  $(\sum_k t_k)\, p_c - t_c$. The mean divides by $\sum_n w_{y_n}$, not by the number of samples.
- **Temperature**: $L(z / T)$ has the gradient $(p - t) / T$.
- **Two classes** are one score: with $x = z_1 - z_0$, $p_1 = \sigma(x)$ and
  $L = \max(x, 0) - x t + \log(1 + e^{-|x|})$, which is how `BCEWithLogitsLoss` stays exact.
- **Squared error** is the negative log-likelihood of a bell curve with fixed width, `L1Loss` that of a double
  exponential, `PoissonNLLLoss` that of a count.
- $\mathrm{Huber}_\delta = \delta \cdot \mathrm{SmoothL1}_{\beta = \delta}$.
"""
        )
    with st.expander("What this toy hides"):
        st.markdown(
            """
- A loss is a stand-in. What you care about (accuracy, money, harm) is often flat
  almost everywhere and has no gradient.
- The tables hold at most eight samples. In training the loss of a batch is a noisy estimate of the
  loss of all data.
- `CrossEntropyLoss` also takes probabilities as targets, and images of targets; `BCEWithLogitsLoss` takes many outputs
  at once.
  Here a sample has one class, or one yes or no.
- A small loss is not a calibrated probability: a temperature fitted afterwards often makes it one.
- The last digits may differ on a processor of another make: it may add in another order.
"""
        )
    with st.expander("Sources"):
        st.markdown(
            """
- PyTorch: [all loss functions](https://docs.pytorch.org/docs/stable/nn.html#loss-functions),
  [CrossEntropyLoss](https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html),
  [BCEWithLogitsLoss](https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html),
  [HuberLoss](https://docs.pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html),
  [KLDivLoss](https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html),
  [TripletMarginLoss](https://docs.pytorch.org/docs/stable/generated/torch.nn.TripletMarginLoss.html)
- I. Goodfellow, Y. Bengio, A. Courville: [Deep Learning](https://www.deeplearningbook.org), sections 3.13, 5.5 and 6.2
- P. J. Huber: [Robust estimation of a location parameter](https://doi.org/10.1214/aoms/1177703732), 1964
- R. Koenker, G. Bassett: [Regression quantiles](https://doi.org/10.2307/1913643), 1978
- C. Szegedy and others: [Rethinking the Inception architecture](https://arxiv.org/abs/1512.00567), 2015
  (label smoothing)
"""
        )
