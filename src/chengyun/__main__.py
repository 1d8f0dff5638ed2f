"""`python -m chengyun`: the command line behind `cy`."""

import sys

from chengyun.app.command_line import run


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
