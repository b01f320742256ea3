"""A small network learns to add two numbers: a complete PyTorch training loop.

Run it with:  python training_loop.py
"""

import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, Dataset, random_split

SEED = 0
DATA_RANGE = (0, 100)  # the numbers 0 to 99, so 10,000 pairs
VALIDATION = 0.0  # share of the pairs that is never trained on
HIDDEN = 128
BATCH_SIZE = 100
SHUFFLE = True
LR = 0.001
NUM_EPOCHS = 10
PAIR = (3.0, 7.0)  # what the trained network is asked

torch.set_num_threads(1)  # the same order of additions, so the same digits, on any number of cores
torch.manual_seed(SEED)  # fixes the first weights and the order of the samples


class NumberSumDataset(Dataset):
    """Every pair of numbers in a range, with its sum."""

    def __init__(self, data_range=(1, 10)):
        self.numbers = list(range(data_range[0], data_range[1]))

    def __getitem__(self, index):
        number1 = float(self.numbers[index // len(self.numbers)])
        number2 = float(self.numbers[index % len(self.numbers)])
        return torch.tensor([number1, number2]), torch.tensor([number1 + number2])

    def __len__(self):
        return len(self.numbers) ** 2


class MLP(nn.Module):
    """Two numbers in, one hidden layer, one number out."""

    def __init__(self, input_size):
        super().__init__()
        self.hidden_layer = nn.Linear(input_size, HIDDEN)
        self.output_layer = nn.Linear(HIDDEN, 1)
        self.activation = nn.ReLU()

    def forward(self, x):
        x = self.activation(self.hidden_layer(x))
        return self.output_layer(x)


dataset = NumberSumDataset(data_range=DATA_RANGE)
n_validation = round(VALIDATION * len(dataset))
train_set = dataset
if n_validation:  # these pairs are kept out of the training
    parts = [len(dataset) - n_validation, n_validation]
    train_set, validation_set = random_split(dataset, parts, generator=torch.Generator().manual_seed(SEED))
dataloader = DataLoader(train_set, batch_size=BATCH_SIZE, shuffle=SHUFFLE)
model = MLP(input_size=2)
loss_function = nn.MSELoss()
optimizer = optim.Adam(model.parameters(), lr=LR)

for epoch in range(NUM_EPOCHS):
    total_loss = 0.0
    for number_pairs, sums in dataloader:  # one batch after the other
        predictions = model(number_pairs)  # forward: what the network answers
        loss = loss_function(predictions, sums)  # loss: how wrong it is
        loss.backward()  # backward: a gradient for every weight
        optimizer.step()  # step: move every weight
        optimizer.zero_grad()  # zero: forget the gradients
        total_loss += loss.item()
    print("Epoch {}: Sum of Batch Losses = {:.5f}".format(epoch, total_loss))
    if n_validation:
        with torch.no_grad():
            pairs, sums = zip(*validation_set, strict=True)
            loss = loss_function(model(torch.stack(pairs)), torch.stack(sums))
        print("         Validation Loss = {:.5f}".format(loss.item()))

with torch.no_grad():
    print("{:g} + {:g} = {:.4f}".format(*PAIR, model(torch.tensor(PAIR)).item()))
# To keep the weights: torch.save(model.state_dict(), "weights.pt"), as a pickle. In a file that the page can load:
# safetensors.torch.save_file(model.state_dict(), "weights.safetensors"), after pip install safetensors
