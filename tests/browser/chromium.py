"""Where the browser is: Debian's, or any other Chromium."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str:
    """The path of the one that CHROMIUM names, or of the first on the PATH."""
    named = os.environ.get("CHROMIUM")
    found = next(filter(None, map(shutil.which, (named,) if named else NAMES)), None)
    if found is None:
        where = f"CHROMIUM={named!r} is no program" if named else f"none of {', '.join(NAMES)} is on the PATH"
        raise FileNotFoundError(f"{where}; run apt-get install chromium, or name the path of another one in CHROMIUM")
    return found
