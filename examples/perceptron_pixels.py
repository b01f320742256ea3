"""A perceptron tells two handwritten digits apart: pixels times weights, summed, activated.

Run it with:  python perceptron_pixels.py
"""

import torch
from sklearn.datasets import load_digits

ZERO, ONE = 1, 8  # the digits of class 0 and class 1
NUM_PASSES = 20
HOLDOUT = 0.3  # share of the images that is never learned from
SEED = 0

digits = load_digits()
images, digit = torch.from_numpy(digits.images) / 16, torch.from_numpy(digits.target)
chosen = ((digit == ZERO) | (digit == ONE)).nonzero().flatten()
chosen = chosen[torch.randperm(len(chosen), generator=torch.Generator().manual_seed(SEED))]
x = torch.cat([images[chosen].flatten(1), torch.ones(len(chosen), 1, dtype=torch.float64)], dim=1)  # 64 pixels and a 1
y = (digit[chosen] == ONE).long()
sign = 2.0 * y - 1
n = round(HOLDOUT * len(chosen))  # the first n images are held out

w, total = torch.zeros(65, dtype=torch.float64), torch.zeros(65, dtype=torch.float64)
for _ in range(NUM_PASSES):
    mistakes = 0
    for i in range(n, len(x)):
        total += w
        if sign[i] * (x[i] @ w) <= 0:
            w = w + sign[i] * x[i]
            mistakes += 1
    print("mistakes in this pass: {}".format(mistakes))
    if not mistakes:
        break


def accuracy(w, rows):
    answers = (x[rows] @ w > 0).long()  # the step: 1 above zero, else 0
    return (answers == y[rows]).double().mean()


print("{} training images: {:.4f} right".format(len(x) - n, accuracy(w, slice(n, None))))
print("{} held-out images: {:.4f} right".format(n, accuracy(w, slice(n))))
print("the same with averaged weights: {:.4f}".format(accuracy(total, slice(n))))
answer, label = ONE if x[0] @ w > 0 else ZERO, ONE if y[0] else ZERO
print("first held-out image: weighted sum {:.4f}, answered {}, labelled {}".format(x[0] @ w, answer, label))
