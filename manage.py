#!/usr/bin/env python
"""Django's own door. People use `./portal manage …`, which starts the servers it needs first."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cdo_portal.settings.base")
    execute_from_command_line(sys.argv)
