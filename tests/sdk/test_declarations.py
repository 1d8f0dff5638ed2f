"""Declarations are strict and immutable, and the room looks nowhere but at itself."""

import ast
import importlib
import pkgutil
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

import chengyun.sdk
from chengyun.sdk.declared import Declared, Name
from chengyun.sdk.duties import DutyWhen
from chengyun.sdk.kinds import ConditionDeclared
from chengyun.sdk.manifest import PackManifest

MODULES = [
    importlib.import_module(f"chengyun.sdk.{module.name}")
    for module in pkgutil.iter_modules(chengyun.sdk.__path__)
]
MODELS = [
    value
    for module in MODULES
    for value in vars(module).values()
    if isinstance(value, type) and issubclass(value, BaseModel) and value is not BaseModel
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_declaration_refuses_what_it_does_not_know(model: type[BaseModel]):
    assert issubclass(model, Declared)
    assert model.model_config["extra"] == "forbid"
    assert model.model_config["frozen"] is True
    assert model.model_config["strict"] is True
    assert model.__doc__


def test_the_sdk_holds_no_logic_and_imports_only_itself():
    for module in MODULES:
        assert module.__file__ is not None
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        assert not [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]
        for one in ast.walk(tree):
            if isinstance(one, ast.ImportFrom) and one.module:
                assert one.module.split(".")[0] in {"chengyun", "datetime", "typing", "pydantic"}
                if one.module.startswith("chengyun"):
                    assert one.module.startswith("chengyun.sdk")


def test_names_are_given_in_both_languages():
    with pytest.raises(ValidationError):
        Name.model_validate({"zh": "路灯"})
    with pytest.raises(ValidationError):
        Name.model_validate({"zh": "路灯", "en": ""})


def test_codes_are_texts_and_limits_have_units():
    words = {"zh": "脏", "en": "dirty"}
    base = {"id": "x", "condition": "dirty", "text": words, "closing": words}
    assert ConditionDeclared.model_validate(base | {"limit": "0.5WH"}).limit == "0.5WH"
    for wrong in (4, "4", "4XX", "WH", "-1WH"):
        with pytest.raises(ValidationError):
            ConditionDeclared.model_validate(base | {"limit": wrong})


def test_times_of_day_are_times():
    assert DutyWhen.model_validate({"from": "22:00", "to": "06:00"}).from_ == "22:00"
    with pytest.raises(ValidationError):
        DutyWhen.model_validate({"from": "24:30"})


def test_a_pack_name_is_a_folder_name():
    good = {"name": "a-b", "version": "1.0.0", "title": {"zh": "a", "en": "a"}, "kind": "city"}
    assert PackManifest.model_validate(good | {"source": "x"}).requires == ()
    with pytest.raises(ValidationError):
        PackManifest.model_validate(good | {"source": "x", "name": "../etc"})
