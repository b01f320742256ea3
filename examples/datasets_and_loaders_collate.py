"""Sentences of different length in batches: what default collate says, and padding.

Run it with:  python datasets_and_loaders_collate.py
"""

import torch
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader, Dataset

SENTENCES = ["the cat sat", "a dog", "we saw a very long film about ships", "no"]
BY_LENGTH = False
BATCH_SIZE = 2
PAD = True  # False: default collate

numbers = {}  # word -> number, from 1 on; 0 is for padding
for word in " ".join(SENTENCES).split():
    numbers.setdefault(word, len(numbers) + 1)
rows = [torch.tensor([numbers[word] for word in sentence.split()]) for sentence in SENTENCES]
if BY_LENGTH:
    rows = sorted(rows, key=len)


class Sentences(Dataset):
    def __getitem__(self, index):
        return rows[index]

    def __getitems__(self, indices):  # asked for once a batch, where a dataset has it
        return [rows[index] for index in indices]

    def __len__(self):
        return len(rows)


def pad(batch):
    ids = pad_sequence(batch, batch_first=True, padding_value=0)
    lengths = torch.tensor([len(row) for row in batch])
    mask = torch.arange(ids.shape[1]) < lengths[:, None]  # True where there is a word
    return ids, lengths, mask


loader = DataLoader(Sentences(), batch_size=BATCH_SIZE, collate_fn=pad if PAD else None)
try:
    for batch in loader:
        ids = batch[0] if PAD else batch
        print("{}: {}".format(tuple(ids.shape), ids.tolist()))
        if PAD:
            padding = int((~batch[2]).sum())
            print("lengths {}, {} of {} cells are padding".format(batch[1].tolist(), padding, ids.numel()))
except RuntimeError as error:
    print("RuntimeError: {}".format(error))
