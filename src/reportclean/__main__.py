"""``python -m reportclean``."""

from reportclean.cli import main

if __name__ == "__main__":
    main()
