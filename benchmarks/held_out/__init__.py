"""Ledgers of firms that the rules were not written on, with the files of `shared/receivables`: made from a seed alone."""
