"""What stands behind the page: questions to check oneself, derivation, corrections, caveats, sources."""

import streamlit as st

from ui.prediction import check_yourself


def show() -> None:
    st.divider()
    st.subheader("Check yourself")
    one, two = st.columns(2, gap="large")
    with one:
        check_yourself(
            "A training set has 50,000 images and the batch size is 128. How many updates does one epoch make?",
            {
                "390": "Not quite: 390 full batches hold 49,920 images. The 80 that are left make one more, smaller "
                "batch.",
                "391": "Right: 50,000 / 128 = 390.6, and the last, smaller batch counts too, unless the loader is "
                "told `drop_last=True`.",
                "128": "No: 128 is how many images one update sees. The number of updates is 50,000 / 128, rounded up.",
                "50,000": "No: that would be batch size 1, one image in each update.",
            },
            "updates",
        )
    with two:
        check_yourself(
            "The loss of every batch is exactly what an untrained network would give, epoch after epoch: no weight "
            "ever "
            "changes. There is no error message. What do you look at first?",
            {
                "The learning rate is too small": "A tiny learning rate moves the weights a tiny bit, so the loss "
                "changes "
                "in its last digits at least. Here nothing moves at all.",
                "Whether zero_grad comes between backward and step": "Right: then `step` finds no gradients and moves "
                "nothing, and PyTorch does not complain. A loop without `step` looks the same.",
                "There is too little data": "With little data the training loss falls all the more easily.",
            },
            "still",
        )
    with st.expander("Why it works: the five lines as formulas"):
        st.markdown(
            r"""
With weights $w$, a batch of $B$ pairs $x_i$ with sums $t_i$, and the network's answers $f_w(x_i)$:

1. **forward**: $p_i = f_w(x_i)$, here $p = W_2\,\mathrm{ReLU}(W_1 x + b_1) + b_2$
2. **loss**: $L = \frac{1}{B}\sum_i (p_i - t_i)^2$, the mean squared error
3. **backward**: $g = \partial L / \partial w$ for every weight, by the chain rule, added to `.grad`
4. **step**: plain SGD moves $w \leftarrow w - \mathrm{lr}\cdot g$; Adam divides by a running size of $g$ first, so
  that its first
   steps have the length lr whatever the gradient
5. **zero**: $g \leftarrow$ nothing, so that the next backward starts from nothing

What is printed is the sum of the batch losses of an epoch. It is measured while the network changes: each batch by
the weights of
its moment. That is why the first epoch's sum says more about the beginning than about the end.
"""
        )
    with st.expander("What the course notes print, and what is right"):
        st.markdown(
            """
- The notes print `Epoch 0: Sum of Batch Losses = 118.82360` down to `0.04936` for this program. A network with
  fresh weights cannot
  start there: its answers are near 0, the sums near 99, so the first batches cost about 10,000 each. Fresh weights give
  about 243,000 in epoch 0, and 1 to 3 in epoch 9. The printed losses are probably those of a second run that went
  on from
  trained weights (“Go on” below the first view shows such lines).
- The notes print `tensor([10.1067])` for 3 + 7; a fresh run of ten epochs gives about 10 as well.
- The notes say that the model “still doesn't know how to add 3 + 7”. The views above show how close it comes,
  where it fails, and that
  its weights come near to slopes of 1 and 1.
"""
        )
    with st.expander("What this toy hides"):
        st.markdown(
            """
- The pairs are not split: unless you keep some for validation, it is judged on what it was trained on.
- The inputs are raw numbers up to 99. Real programs bring their inputs to a scale near 1 first; plain SGD needs it.
- The data have no noise and the truth is a straight plane, the easiest thing there is for ReLUs. One linear layer
  would do it exactly.
- Real loops also save checkpoints, change the learning rate on a schedule, and move batches to a GPU.
"""
        )
    with st.expander("Sources"):
        st.markdown(
            """
- PyTorch: [training loop](https://docs.pytorch.org/tutorials/beginner/basics/optimization_tutorial.html),
  [DataLoader](https://docs.pytorch.org/docs/stable/data.html),
  [MSELoss](https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html),
  [Adam](https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html),
  [zero_grad](https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.zero_grad.html),
  [saving and loading](https://docs.pytorch.org/tutorials/beginner/saving_loading_models.html)
- D. P. Kingma, J. Ba: [Adam: a method for stochastic optimization](https://arxiv.org/abs/1412.6980), 2015
- I. Goodfellow, Y. Bengio, A. Courville: [Deep Learning](https://www.deeplearningbook.org), chapter 8
"""
        )
