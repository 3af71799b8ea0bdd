"""The command as a real process."""

import subprocess
import sys

COMMAND = [sys.executable, "-m", "reportclean"]


def reportclean(*arguments, cwd, command=COMMAND, text=True, **settings):
    """Run it with its output captured; a traceback is never what it should say."""
    done = subprocess.run(
        [*command, *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=text,
        timeout=120,
        check=False,
        **settings,
    )
    assert "Traceback" not in str(done.stderr)
    return done
