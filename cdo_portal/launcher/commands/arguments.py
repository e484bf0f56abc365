"""Options that several sub-commands share."""


def take_data(argv: list[str]) -> tuple[str | None, list[str]]:
    """Split a leading `--data DIR` off; the rest belongs to the command that is passed on."""
    if argv[:1] == ["--data"] and len(argv) > 1:
        return argv[1], argv[2:]
    if argv and argv[0].startswith("--data="):
        return argv[0].partition("=")[2], argv[1:]
    return None, argv
