"""Bank credits to open items: automatic matches, ranked proposals, money in doubt."""
