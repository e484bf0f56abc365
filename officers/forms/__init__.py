"""The forms of the register, a file for the pages that share them."""
