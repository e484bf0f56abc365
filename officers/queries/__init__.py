"""Reads of the register: who holds what, where is nobody, what waits at the desks."""
