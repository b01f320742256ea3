"""What stands behind the page: questions to check oneself, derivation, caveats, sources."""

import streamlit as st

from ui.prediction import check_yourself


def show() -> None:
    st.divider()
    st.subheader("Check yourself")
    one, two = st.columns(2, gap="large")
    with one:
        check_yourself(
            "A cost function is multiplied by 10, so every slope is ten times as large. A learning rate of 0.3 was "
            "just "
            "right. What now?",
            {
                "0.3 is still right": "No: the step is lr times the slope, so it is now ten times as long. 2/L has "
                "become a tenth.",
                "0.03 does what 0.3 did": "Right: curvature L is ten times as large, so 1/L and 2/L are a tenth, and "
                "0.03 times the new slope is the old step.",
                "3 does what 0.3 did": "The wrong way round: 3 times the new slope is a step a hundred times as long.",
            },
            "scale",
        )
    with two:
        check_yourself(
            "A run zigzags across a narrow valley and creeps along it. A colleague says: make lr larger, it is too "
            "slow.",
            {
                "Good advice": "No: the zigzag says that lr is already near the limit of the steep direction. Larger, "
                "and that direction diverges.",
                "Rather smaller": "It stops the zigzag, but the creeping becomes slower still: the flat direction sets "
                "the time.",
                "Change the valley or add momentum": "Right: one lr cannot serve both directions. Scaling the features "
                "makes the valley rounder; momentum adds up the small steps along it.",
            },
            "zigzag",
        )
    with st.expander("Why it works: step, limit and best rate as formulas"):
        st.markdown(
            r"""
**Step.** Near $x$ the curve is its tangent: $f(x + d) \approx f(x) + f'(x)\,d$. Going against the slope,
$d = -\mathrm{lr}\, f'(x)$, lowers it by $\mathrm{lr}\, f'(x)^2$, if the step is short enough for the tangent to hold.

**Limit.** On a parabola $f(x) = \tfrac{L}{2}(x - x^*)^2$ the slope is $L (x - x^*)$, so one step gives

$$x_{k+1} - x^* = (1 - \mathrm{lr}\, L)\,(x_k - x^*)$$

The distance is multiplied by $1 - \mathrm{lr}\,L$ each time. Below $\mathrm{lr} = 1/L$ this is between 0 and 1: no
turning. Up to $2/L$ it is negative and above $-1$: it turns and shrinks. At $2/L$ it is $-1$: period two. Beyond, it
grows. A curve that is no parabola behaves like one near its lowest point, with $L = f''(x^*)$.

**Bowl.** In several dimensions each direction in which the Hessian curvatures has a curvature of its own,
$\mu \le \dots \le L$, and the same rule with the same lr. It converges exactly if $\mathrm{lr} < 2/L$. The slower of
$|1 - \mathrm{lr}\,\mu|$ and $|1 - \mathrm{lr}\,L|$ counts; they are equal at

$$\mathrm{lr} = \frac{2}{\mu + L}, \qquad \text{factor} = \frac{\kappa - 1}{\kappa + 1}, \qquad \kappa = \frac{L}{\mu}$$

**Momentum** (Polyak 1964), as in `torch.optim.SGD`: $v \leftarrow b\,v + f'(x)$, $x \leftarrow x - \mathrm{lr}\,v$. It
converges exactly if $\mathrm{lr}\,L < 2(1 + b)$. Its best is

$$
\mathrm{lr} = \Big(\frac{2}{\sqrt{\mu} + \sqrt{L}}\Big)^2, \quad
b = \Big(\frac{\sqrt{\kappa} - 1}{\sqrt{\kappa} + 1}\Big)^2, \quad
\text{factor} = \frac{\sqrt{\kappa} - 1}{\sqrt{\kappa} + 1}
$$

With `nesterov=True` the limit is $\mathrm{lr}\,L < (2 + 2b)/(1 + 2b)$.

**x⁴.** One step is $x \leftarrow x\,(1 - 4\,\mathrm{lr}\,x^2)$. The distance grows exactly if
$4\,\mathrm{lr}\,x^2 > 2$, that is $|x| > 1/\sqrt{2\,\mathrm{lr}}$, and once it has grown it grows for ever.

**200 rates in one tensor.** With $x = \sqrt{\mathrm{lr}}\,u$ the chain rule gives
$\frac{df}{du} = \sqrt{\mathrm{lr}}\,f'(x)$, and a step of length 1 on $u$ is a step of length lr on $x$.

**Regression.** The cost is $\frac{1}{n}\sum (a x_i + c - y_i)^2$, with the Hessian
$\begin{pmatrix} 2\,\overline{x^2} & 2\,\overline{x} \\ 2\,\overline{x} & 2 \end{pmatrix}$: a mean far from 0 makes
it narrow.
"""
        )
    with st.expander("What this toy hides"):
        st.markdown(
            """
- A network has millions of weights, and its cost bends differently at each place. Nobody computes L; the learning rate
  is found by trying, as under “200 learning rates”.
- In practice lr changes during a run: it warms up, then falls. Here it stays, so that its effect can be seen.
- In many dimensions most places with slope 0 are saddles, not valleys. One dimension has none.
- Real training sees a part of the data in each update, as in the view “Real data”, and then “the lowest point”
  trembles.
- Which valley is lowest on the training data is not all that counts; on data that were held out another may be better.
- The best momentum of theory is for a bowl, in the long run. On the way there it may rise before it falls.
- Numbers here have 64 bits. In 32 bits a run overflows sooner, at 3.4e38 instead of 1.8e308.
"""
        )
    with st.expander("Sources"):
        st.markdown(
            """
- A. Cauchy, Méthode générale pour la résolution des systèmes d'équations simultanées, Comptes Rendus 25 (1847): the
  first gradient descent.
- B. T. Polyak, Some methods of speeding up the convergence of iteration methods, USSR Computational Mathematics 4
  (1964).
- Y. Nesterov, Introductory Lectures on Convex Optimization, Kluwer (2004): limits and rates.
- G. Goh, [Why momentum really works](https://distill.pub/2017/momentum/), Distill (2017).
- I. Goodfellow, Y. Bengio, A. Courville, [Deep Learning](https://www.deeplearningbook.org/), MIT Press (2016),
  chapters 4 and 8.
- B. Efron, T. Hastie, I. Johnstone, R. Tibshirani, Least angle regression, Annals of Statistics 32 (2004): the diabetes
  data, as in scikit-learn's
  [load_diabetes](https://scikit-learn.org/stable/modules/generated/sklearn.datasets.load_diabetes.html).
- PyTorch: [torch.optim.SGD](https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html),
  [autograd](https://docs.pytorch.org/docs/stable/notes/autograd.html),
  [torch.nn.MSELoss](https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html).
"""
        )
