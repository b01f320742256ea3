"""The views of the page on data augmentation."""
