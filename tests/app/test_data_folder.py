"""The data folder: made, locked, erased only when it is ours."""

import stat

import pytest

from chengyun.app.supervisor.files import write_safely
from chengyun.app.supervisor.folder import Folder, NotOurs


def made(tmp_path) -> Folder:
    folder = Folder(tmp_path / "data")
    folder.make()
    return folder


def test_secrets_are_kept_and_readable_by_the_owner_alone(tmp_path):
    folder = made(tmp_path)
    first = folder.secret("key")
    assert folder.secret("key") == first
    assert len(first) >= 40
    assert stat.S_IMODE((folder.secrets / "key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.secrets.stat().st_mode) == 0o700


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path):
    foreign = tmp_path / "photos"
    foreign.mkdir()
    (foreign / "holiday.jpg").write_bytes(b"x")
    folder = Folder(foreign)
    with pytest.raises(NotOurs):
        folder.make()
    with pytest.raises(NotOurs):
        folder.erase()
    assert (foreign / "holiday.jpg").exists()


def test_erasing_keeps_the_lock_and_lets_the_node_start_again(tmp_path):
    folder = made(tmp_path)
    old = folder.secret("key")
    lock = folder.lock()
    assert lock is not None
    folder.erase()
    assert folder.held()
    folder.make()
    assert folder.secret("key") != old
    lock.close()
    assert not folder.held()


def test_one_supervisor_a_folder(tmp_path):
    folder = made(tmp_path)
    lock = folder.lock()
    assert lock is not None
    assert folder.lock() is None
    lock.close()


def test_the_socket_path_fits_however_long_the_folder_is_called(tmp_path):
    folder = Folder(tmp_path / ("很长的名字" * 12) / "data")
    folder.make()
    assert len(str(folder.socket / ".s.PGSQL.5432").encode()) <= 100
    assert stat.S_IMODE(folder.socket.stat().st_mode) == 0o700
    folder.socket.rmdir()


def test_a_file_is_replaced_whole(tmp_path):
    path = tmp_path / "state.json"
    write_safely(path, "old")
    write_safely(path, "new", 0o600)
    assert path.read_text() == "new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["state.json"]
