"""What composer.json and composer.lock say, and files that are none."""

from __future__ import annotations

import json

import pytest

from rewriter.model import composer_lock

_LOCK = json.dumps(
    {
        "packages": [{"name": "a/words", "require": {"php": ">=8", "ext-iconv": "*", "b/log": "*"}}, {"name": "b/log"}],
        "packages-dev": [{"name": "c/tests", "require": {"ext-oci8": "*"}}],
    }
)


def test_a_lock_file_says_who_wants_what() -> None:
    manifest = json.dumps({"require": {"ext-intl": "*"}, "require-dev": {"ext-xdebug": "*"}})
    found = composer_lock.read(manifest, _LOCK, developing=False)
    assert found is not None
    assert found.extensions == (("intl", "composer.json"), ("iconv", "a/words"))
    assert found.packages == ("a/words", "b/log")
    more = composer_lock.read(manifest, _LOCK, developing=True)
    assert more is not None
    assert more.extensions == (
        ("intl", "composer.json"),
        ("xdebug", "composer.json"),
        ("iconv", "a/words"),
        ("oci8", "c/tests"),
    )


def test_scripts_are_followed_and_end() -> None:
    scripts = {
        "post-install-cmd": ["@ready", "@php artisan optimize", "Acme\\Setup::run"],
        "ready": ["mkdir -p cache", "@ready", "@composer dump"],
        "test": "phpunit",
    }
    found = composer_lock.read(json.dumps({"scripts": scripts}), None, developing=True)
    assert found is not None
    assert set(found.commands) == {"mkdir -p cache"}
    assert found.runs
    assert found.packages == ()


def test_scripts_that_name_each_other_many_times_are_read_once() -> None:
    scripts = {"post-install-cmd": ["@a"] * 500, "a": ["@b", "ls"] * 500, "b": ["@a", "pwd"] * 500}
    found = composer_lock.read(json.dumps({"scripts": scripts}), None, developing=True)
    assert found is not None
    assert set(found.commands) == {"ls", "pwd"}


@pytest.mark.parametrize(
    ("manifest", "lock"),
    [
        ("", None),
        ("[]", None),
        ("{}", "<<<<<<< HEAD\n{}"),
        ("[" * 100_000, None),
        ("{}", json.dumps({"packages": [{"name": "a"}] * 2001})),
    ],
)
def test_what_cannot_be_read_says_nothing(manifest: str, lock: str | None) -> None:
    assert composer_lock.read(manifest, lock, developing=True) is None


@pytest.mark.parametrize(
    "lock", ["{}", '{"packages": 1}', '{"packages": [1, {"require": [1]}]}', '{"packages": [{"name": 1}]}']
)
def test_a_strange_lock_file_does_no_harm(lock: str) -> None:
    assert composer_lock.read('{"scripts": [], "require": 1}', lock, developing=True) is not None
