"""Policy as data: reading, checking and loading the YAML files of `packs/`."""
