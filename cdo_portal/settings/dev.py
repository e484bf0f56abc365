"""Development: the trial's environment, with DEBUG."""

from .base import *  # noqa: F403 - a settings overlay takes everything from its base

DEBUG = True
