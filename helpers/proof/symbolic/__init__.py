"""Judge 1: an identity for every size, by normal forms."""
