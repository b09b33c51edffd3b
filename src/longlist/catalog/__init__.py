"""The local catalogue: company records from data packages and the user's own lists, and the index over them."""
