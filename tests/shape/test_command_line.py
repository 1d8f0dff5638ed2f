"""Every command explains itself to a stranger."""

import argparse

import pytest

from chengyun.app import command_line

COMMANDS = command_line.commands()


def parser_of(name: str) -> argparse.ArgumentParser:
    parser = command_line.build_parser(COMMANDS, name)
    action = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    return action.choices[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_it_does_and_shows_examples(name):
    text = parser_of(name).format_help()
    assert command_line.one_line(COMMANDS[name]).endswith(".")
    assert "examples:" in text
    assert f"./cy {name}" in text


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"new"}))
def test_every_command_takes_the_data_folder(name):
    assert "--data" in parser_of(name).format_help()


def test_an_unknown_command_is_refused(capsys):
    with pytest.raises(SystemExit) as left:
        command_line.run(["nonsense"])
    assert left.value.code == 2
    assert "nonsense" in capsys.readouterr().err
