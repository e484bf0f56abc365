"""Who is the CDO of a unit on a day, for the forms of IT projects one floor below."""

from projects.holders import told_by

from .queries.present import cdo_name

told_by(cdo_name)
