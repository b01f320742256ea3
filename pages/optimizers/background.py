"""What stands behind the page: questions to check oneself, the formulas, caveats, sources."""

import streamlit as st

from ui.prediction import check_yourself


def show() -> None:
    """Under every view."""
    st.divider()
    st.subheader("Check yourself")
    one, two = st.columns(2, gap="large")
    with one:
        check_yourself(
            "The cost is multiplied by 1,000, nothing else changes. Whose way stays nearly the same at the same lr?",
            {
                "SGD's": "No: its step is lr times the gradient, so it is 1,000 times as long now, and it will "
                "probably be lost.",
                "Adam's": "Right: it divides a mean of gradients by the root of a mean of their squares. The factor "
                "stands above and below the fraction bar; only ε does not grow with it.",
                "Everybody's": "No: SGD and momentum step in proportion to the gradient, which is now 1,000 times as "
                "long.",
            },
            "scale",
        )
    with two:
        check_yourself(
            "Gradients come from small batches, so they are noisy. With Adam the loss has stopped falling and "
            "trembles. A colleague says that lr cannot be the reason, since Adam finds its step size by itself.",
            {
                "The colleague is right": "No: Adam divides by the size of the gradients, and near the minimum "
                "that is the noise. Noise of one size keeps the steps at a fixed share of lr: they do not shrink by "
                "themselves.",
                "A smaller lr will bring it closer": "Right: the noise keeps the steps at a fixed share of lr, so "
                "with a smaller lr they tremble less far. That is why schedules let lr fall towards the end.",
                "Only another optimizer can help": "Not needed: the same optimizer with a falling lr comes closer.",
            },
            "tremble",
        )
    with st.expander("How each optimizer computes its step"):
        st.markdown(FORMULAS)
    with st.expander("Why one learning rate cannot serve all"):
        st.markdown(ONE_RATE)
    with st.expander("What this toy hides"):
        st.markdown(HIDDEN)
    with st.expander("Sources"):
        st.markdown(SOURCES)


FORMULAS = r"""
As PyTorch 2.13 computes them, each coordinate for itself unless said otherwise, with the symbols of the view
“One update”. $g$ is the gradient at the place $p$; $t$ counts steps from 1; memories begin at 0 unless a line says
otherwise. Weight decay $\lambda$ adds $\lambda p$ to $g$ first, unless it is decoupled: then
$p \leftarrow (1 - \mathrm{lr}\,\lambda)\,p$ first, and $g$ stays as it is. It is decoupled in AdamW, Adafactor and Muon
always, in Adam, NAdam and RAdam by a switch. Rprop, SparseAdam and LBFGS have none.

- **SGD**: $p \leftarrow p - \mathrm{lr}\,g$
- **Momentum**: $m \leftarrow b\,m + (1 - \tau)\,g$ with the dampening $\tau$, the first time $m = g$; then
  $p \leftarrow p - \mathrm{lr}\,m$
- **Nesterov**: the same $m$ with $\tau = 0$; then $p \leftarrow p - \mathrm{lr}\,(g + b\,m)$
- **ASGD**: $\eta = \mathrm{lr}/(1 + \lambda_0\,\mathrm{lr}\,(t - 1))^\alpha$;
  $p \leftarrow (1 - \lambda_0\,\eta)\,p - \eta\,g$; beside it $a$, the place itself up to step $t_0 + 2$, from then on
  the mean of the places after step $t_0 + 1$
- **Adagrad**: $S \leftarrow S + g^2$, where $S$ begins at the start value that is set;
  $p \leftarrow p - \mathrm{lr}_t\,g/(\sqrt{S} + \epsilon)$ with $\mathrm{lr}_t = \mathrm{lr}/(1 + (t - 1)\,\eta_0)$
- **Adadelta**: $v \leftarrow \rho v + (1 - \rho)\,g^2$; $s = g\,\sqrt{u + \epsilon}/\sqrt{v + \epsilon}$;
  $u \leftarrow \rho u + (1 - \rho)\,s^2$; $p \leftarrow p - \mathrm{lr}\,s$
- **RMSprop**: $v \leftarrow \alpha v + (1 - \alpha)\,g^2$; $D = \sqrt{v} + \epsilon$;
  $p \leftarrow p - \mathrm{lr}\,g/D$. Centred: $D = \sqrt{v - a^2} + \epsilon$ with
  $a \leftarrow \alpha a + (1 - \alpha)\,g$. With momentum $b$: $m \leftarrow b\,m + g/D$;
  $p \leftarrow p - \mathrm{lr}\,m$
- **Rprop**: the step size $s$ begins at lr. It is multiplied by $\eta^+$ where $g$ keeps its sign and by $\eta^-$ where
  it turns, and then kept between $s_{\min}$ and $s_{\max}$. Where the sign turned, $g$ counts as 0, and as 0 once more
  as the gradient before; $p \leftarrow p - s\,\mathrm{sign}(g)$
- **Adam**: $m \leftarrow \beta_1 m + (1 - \beta_1)\,g$; $v \leftarrow \beta_2 v + (1 - \beta_2)\,g^2$;
  $\hat m = m/(1 - \beta_1^t)$; $\hat v = v/(1 - \beta_2^t)$;
  $p \leftarrow p - \mathrm{lr}\,\hat m/(\sqrt{\hat v} + \epsilon)$. AMSGrad: $V$, the largest $v$ so far, instead of
  $v$
- **AdamW**: Adam with the decoupled decay
- **Adamax**: $m$ as Adam; $u \leftarrow \max(\beta_2 u, \lvert g \rvert + \epsilon)$;
  $p \leftarrow p - \mathrm{lr}\,\hat m/u$
- **NAdam**: $m$ and $v$ as Adam; $\mu_t = \beta_1 (1 - \tfrac12\,0.96^{t \psi})$, $\Pi_t = \mu_1 \cdots \mu_t$;
  $p \leftarrow p - \mathrm{lr}\,(w_g\,g + w_m\,m)/(\sqrt{\hat v} + \epsilon)$ with
  $w_g = (1 - \mu_t)/(1 - \Pi_t)$ and $w_m = \mu_{t+1}/(1 - \Pi_{t+1})$
- **RAdam**: $m$ and $v$ as Adam; $\rho_\infty = 2/(1 - \beta_2) - 1$;
  $\rho_t = \rho_\infty - 2 t \beta_2^t/(1 - \beta_2^t)$. While $\rho_t \le 5$: $p \leftarrow p - \mathrm{lr}\,\hat m$.
  Later $p \leftarrow p - \mathrm{lr}\,r\,\hat m\,\sqrt{1 - \beta_2^t}/(\sqrt{v} + \epsilon)$ with
  $r^2 = \frac{(\rho_t - 4)(\rho_t - 2)\,\rho_\infty}{(\rho_\infty - 4)(\rho_\infty - 2)\,\rho_t}$
- **SparseAdam**: $m$ and $v$ as Adam, only where the gradient has an hparams;
  $p \leftarrow p - \mathrm{lr}\,\hat m\,\sqrt{1 - \beta_2^t}/(\sqrt{v} + \epsilon)$
- **Adafactor**: $v \leftarrow (1 - w)\,v + w\,g^2$ with $w = t^{\kappa}$, $\kappa = -0.8$. For a matrix it keeps only
  the means of $g^2$ over each row, $v_{\text{row}}$, and each column, $v_{\text{col}}$, in the same way, and
  $v = v_{\text{row}}\,v_{\text{col}}/\max(\text{mean of } v_{\text{row}}, \epsilon_1)$.
  $u = g/\sqrt{\max(v, \epsilon_1^2)}$; $\alpha = \max(\epsilon_2, \mathrm{RMS}(p)) \min(\mathrm{lr}, 1/\sqrt t)$; the
  decoupled decay; then $p \leftarrow p - \alpha\,u/\max(1, \mathrm{RMS}(u)/d)$. RMS is taken over the whole tensor
- **LBFGS**: up to 20 moves in one step, $p \leftarrow p - \mathrm{lr}\,H g$, where $H$, a guess of the inverse Hessian,
  comes from its last moves and what they did to the gradient. Its very first move is
  $p \leftarrow p - \mathrm{lr} \min(1, 1/\lVert g \rVert_1)\,g$
- **Muon**: for a matrix $p$, $m \leftarrow b\,m + (1 - b)\,g$; with Nesterov $u = (1 - b)\,g + b\,m$, else $u = m$; $O$
  is $u$ after five rounds of Newton-Schulz, which bring its singular values near 1; the decoupled decay; then
  $p \leftarrow p - \mathrm{lr}\,\sqrt{\max(1, \text{rows}/\text{columns})}\;O$
"""
ONE_RATE = r"""
**What lr multiplies differs.** For SGD it multiplies the gradient: its unit is that of $x$ times $x$ over $f$, and its
limit is set by the surface, $2/L$ with $L$ the largest curvature; momentum $b$ raises the limit to $2(1 + b)/L$, and
Nesterov's form has $(2 + 2b)/((1 + 2b)L)$. For Adam, RMSprop, Rprop and their kin the gradient is divided by its own
size, so lr is a length in $x$: about how far one step goes while the gradient keeps its direction. Adadelta brings its
own length and was meant to run with lr = 1. Adafactor's lr is a share of the size of the weights. LBFGS divides by the
curvature, so lr = 1 is a full step of Newton's method.

**The first step shows it.** From zero state Adam, AdamW, Adagrad, Adamax and Rprop go $\mathrm{lr}$ in each coordinate,
RMSprop $\mathrm{lr}/\sqrt{1 - \alpha} = 10\,\mathrm{lr}$, Adadelta $\mathrm{lr}\sqrt{\epsilon/(1 - \rho)} = 0.0032\,
\mathrm{lr}$, and SGD and RAdam $\mathrm{lr}\,\lvert g \rvert$.

**So a race at one lr compares little but the rule of the race.** A fair one lets each have its best lr; “each
its best” tries 48 for each, and for LBFGS, whose steps cost more, six. What remains is how wide the range of good rates
is: an optimizer that works over three powers of ten needs less searching.
"""
HIDDEN = """
- Two weights instead of millions. In many dimensions almost every level place is a saddle, and a plane cannot show how
  seldom a run gets stuck at one.
- The gradient here is exact. Real training sees a part of the data in each step; noise changes who is ahead, and is why
  lr has to fall. The view “Noise and schedules” adds it.
- The lowest point of the training loss is not the goal: what counts is the loss on data held out.
- LBFGS is quick on a smooth exact surface and seldom used on networks, whose gradients tremble.
- A step does not cost the same: Adam keeps two numbers for each weight, SGD none; time on a graphics card is another
  matter again.
- Well-known test surfaces have their minima at pretty places and were made to embarrass simple methods.
- Where f is not finite the run ends here. In 32 bits that happens at 3.4e38 instead of 1.8e308.
- The course notes put reinforcement learning under optimizers. It is a field of its own: it says where gradients come
  from when there are rewards instead of targets, and then uses the same optimizers.
"""
SOURCES = """
- SGD: H. Robbins, S. Monro, [A stochastic approximation method](https://doi.org/10.1214/aoms/1177729586) (1951).
  Momentum: B. T. Polyak, [Some methods of speeding up the convergence of iteration
  methods](https://doi.org/10.1016/0041-5553%2864%2990137-5) (1964).
  Nesterov's: Y. Nesterov (1983), in the form of I. Sutskever and others,
  [On the importance of initialization and momentum](https://proceedings.mlr.press/v28/sutskever13.html) (2013).
- ASGD: B. T. Polyak, A. B. Juditsky, [Acceleration of stochastic approximation by averaging](https://doi.org/10.1137/0330046)
  (1992).
- Adagrad: J. Duchi, E. Hazan, Y. Singer,
  [Adaptive subgradient methods](https://jmlr.org/papers/v12/duchi11a.html) (2011). Adadelta: M. D. Zeiler,
  [arXiv:1212.5701](https://arxiv.org/abs/1212.5701) (2012). RMSprop: T. Tieleman, G. Hinton, lecture 6e of Neural
  Networks for Machine Learning (2012). Rprop: M. Riedmiller, H. Braun, [A direct adaptive method for faster
  backpropagation learning](https://doi.org/10.1109/ICNN.1993.298623) (1993).
- Adam and Adamax: D. P. Kingma, J. Ba, [arXiv:1412.6980](https://arxiv.org/abs/1412.6980) (2014). AMSGrad: S. J. Reddi
  and others, [arXiv:1904.09237](https://arxiv.org/abs/1904.09237) (2018). AdamW: I. Loshchilov, F. Hutter,
  [arXiv:1711.05101](https://arxiv.org/abs/1711.05101) (2017). NAdam: T. Dozat, Incorporating Nesterov momentum
  into Adam (2016). RAdam: L. Liu and others, [arXiv:1908.03265](https://arxiv.org/abs/1908.03265) (2019).
- Adafactor: N. Shazeer, M. Stern, [arXiv:1804.04235](https://arxiv.org/abs/1804.04235) (2018). LBFGS: D. C. Liu,
  J. Nocedal, [On the limited memory BFGS method](https://doi.org/10.1007/BF01589116) (1989). Muon: K. Jordan and
  others, [Muon: an optimizer for hidden layers](https://kellerjordan.github.io/posts/muon/) (2024).
- Fair comparison: R. M. Schmidt, F. Schneider, P. Hennig, [Descending through a crowded
  valley](https://arxiv.org/abs/2007.01547) (2021).
- Surfaces: S. Surjanovic, D. Bingham, [Virtual library of simulation experiments](https://www.sfu.ca/~ssurjano/);
  each minimum here is found and checked by the page itself.
- PyTorch: [torch.optim](https://docs.pytorch.org/docs/stable/optim.html),
  [SGD](https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html),
  [Adam](https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html),
  [AdamW](https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html),
  [LBFGS](https://docs.pytorch.org/docs/stable/generated/torch.optim.LBFGS.html),
  [Muon](https://docs.pytorch.org/docs/stable/generated/torch.optim.Muon.html).
"""
