"""A Chromium and Chinese fonts for the tests that drive a browser."""

import os
import shutil
import subprocess

from chengyun.app.supervisor.supervising import to_stderr

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_APT = ("chromium", "fonts-noto-cjk")


def prepare_browser(env: dict[str, str]) -> bool:
    """Find Chromium and CJK fonts, by apt when we may; sets CHENGYUN_CHROMIUM for the tests."""
    if not (_browser() and _has_cjk_fonts()) and os.geteuid() == 0 and shutil.which("apt-get"):
        to_stderr("Installing Chromium and Chinese fonts by apt …")
        quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        for words in (["update", "-qq"], ["install", "-y", "-qq", *_APT]):
            done = subprocess.run(["apt-get", *words], env=quiet, stdout=2, check=False)
            if done.returncode != 0:
                break
    found = _browser()
    if not (found and _has_cjk_fonts()):
        to_stderr(f"Missing for the browser tests: sudo apt-get install -y {' '.join(_APT)}")
    if found:
        env["CHENGYUN_CHROMIUM"] = found
    return found is not None


def _browser() -> str | None:
    given = os.environ.get("CHENGYUN_CHROMIUM")
    return given or next((path for name in _BROWSERS if (path := shutil.which(name))), None)


def _has_cjk_fonts() -> bool:
    if not shutil.which("fc-list"):
        return False
    said = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False)
    return bool(said.stdout.strip())
