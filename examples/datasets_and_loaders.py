"""The course's dataset and loader: from an index to a batch.

Run it with:  python datasets_and_loaders.py
"""

import torch
from torch.utils.data import DataLoader, Dataset

DATA_RANGE = (0, 5)
BATCH_SIZE = 3
SHUFFLE = True
DROP_LAST = False
SEED = 57  # of 5! = 120 orders, this one gives the batches that the course prints


class NumberProductDataset(Dataset):
    def __init__(self, data_range=(1, 10)):
        self.numbers = list(range(data_range[0], data_range[1]))

    def __getitem__(self, index):
        number1 = self.numbers[index]
        number2 = self.numbers[index] + 1
        return (number1, number2), number1 * number2

    def __len__(self):
        return len(self.numbers)


dataset = NumberProductDataset(data_range=DATA_RANGE)
print("len(dataset) = {}, dataset[0] = {}".format(len(dataset), dataset[0]))

dataloader = DataLoader(
    dataset,
    batch_size=BATCH_SIZE,
    shuffle=SHUFFLE,
    drop_last=DROP_LAST,
    generator=torch.Generator().manual_seed(SEED),
)
print("len(dataloader) =", len(dataloader))

for num_pairs, products in dataloader:
    print(num_pairs, products)
