"""Eight copies of a sentence, and every change in them.

Run it with:  python data_augmentation_text.py
"""

import torch

WORDS = ["A", "lovely", "film"]
KNOWN = {1: ["delightful", "charming"], 2: ["movie"]}  # the place of a word -> words with its sense here
OPERATION = "replace"  # or "insert", "swap", "delete", "back"
ALPHA = 0.2  # the share of the words that is changed
SEED = 0


def draw(n):
    return int(torch.randint(n, (), generator=generator))


def some(places, n):
    return [places[i] for i in torch.randperm(len(places), generator=generator)[:n].tolist()]


for copy in range(8):
    generator, changes = torch.Generator().manual_seed(1000 * SEED + copy), []
    places, words = list(KNOWN), list(WORDS)
    n = max(1, int(ALPHA * len(words) + 0.5))
    if OPERATION == "replace":
        for place in sorted(some(places, n)):
            changes.append((words[place], KNOWN[place][draw(len(KNOWN[place]))]))
    if OPERATION == "back":  # into the sense, and from it to any of its words, the same one included
        for place in places:
            new = KNOWN[place][draw(len(KNOWN[place]))]
            if new != words[place].lower():
                changes.append((words[place], new))
    if OPERATION == "insert" and places:
        for _ in range(n):
            place = places[draw(len(places))]
            new, at = KNOWN[place][draw(len(KNOWN[place]))], draw(len(words))
            words.insert(at, new)
            changes.append(("before the word in place {}".format(at + 1), new))
    if OPERATION == "swap" and len(words) > 1:
        for _ in range(n):
            a, b = sorted(some(list(range(len(words))), 2))
            words[a], words[b] = words[b], words[a]
            changes.append((words[a], words[b]))
    if OPERATION == "delete":
        stays = (torch.rand(len(words), generator=generator) >= ALPHA).tolist()
        if not any(stays):
            stays[draw(len(words))] = True
        changes = [(word, "nothing") for word, stay in zip(words, stays, strict=True) if not stay]
    print("copy {}: {}".format(copy + 1, "; ".join("{} -> {}".format(*change) for change in changes) or "no change"))
