"""More data from the data one has: pictures and sentences changed, and what that does to what is learned from them."""
