"""What the environment may say, and what production refuses to start with."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from nis_library import environment, safety
from nis_library.checks import kazakhstan_is_at_five
from tests.rooms import ROOT

KEY = "Zq8-vN3kT_xW5rB1mY7cJ4hL9sD2fG6pA0uEoIiRtKlMnPbVyQw3"
FIELD_KEY = "gT4-wQ9zLp_Xr2cVb7nM5kJ8hD1sF6aY3uEoPiZtRxWqNvBmKyHj"
PRODUCTION = {
    "NIS_ENV": "production",
    "SECRET_KEY": KEY,
    "FIELD_KEY": FIELD_KEY,
    "ALLOWED_HOSTS": "pd.example.kz",
    "SITE_URL": "https://pd.example.kz",
    "TRUSTED_PROXY_COUNT": "1",
    "DATABASE_URL": "postgresql://portal@127.0.0.1:1/portal",
    "EMAIL_URL": "smtp+tls://portal:word@mail.example.kz:587",
}
SAFE = {
    "NIS_ENV": "production",
    "DEBUG": False,
    "SECRET_KEY": KEY,
    "FIELD_KEY": FIELD_KEY,
    "ALLOWED_HOSTS": ["pd.example.kz"],
    "SITE_URL": "https://pd.example.kz",
    "TRUSTED_PROXY_COUNT": 1,
    "WEB_CONCURRENCY": 4,
    "DATABASES": {"default": {"ENGINE": environment.POSTGRESQL}},
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache"}},
    "EMAIL_BACKEND": safety.SMTP,
}
UNSAFE = {
    "debug": ({"DEBUG": True}, "DEBUG is on"),
    "no key": ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
    "a short key": ({"SECRET_KEY": KEY[:49]}, "SECRET_KEY is weak"),
    "a dull key": ({"SECRET_KEY": "ab" * 30}, "SECRET_KEY is weak"),
    "a known key": ({"SECRET_KEY": "django-insecure-" + KEY}, "SECRET_KEY is weak"),
    "no field key": ({"FIELD_KEY": " , "}, "FIELD_KEY is missing"),
    "a weak field key beside a good one": ({"FIELD_KEY": f"{FIELD_KEY},password"}, "FIELD_KEY is weak"),
    "the same key twice": ({"FIELD_KEY": KEY}, "FIELD_KEY is SECRET_KEY again"),
    "no hosts": ({"ALLOWED_HOSTS": []}, "ALLOWED_HOSTS is missing"),
    "any host": ({"ALLOWED_HOSTS": ["pd.example.kz", "*"]}, "ALLOWED_HOSTS holds «*»"),
    "no address": ({"SITE_URL": ""}, "SITE_URL is missing"),
    "a plain address": ({"SITE_URL": "http://pd.example.kz"}, "SITE_URL is http://pd.example.kz"),
    "no proxy": ({"TRUSTED_PROXY_COUNT": 0}, "TRUSTED_PROXY_COUNT is 0"),
    "SQLite with many": ({"DATABASES": {"default": {"ENGINE": environment.SQLITE}}}, "WEB_CONCURRENCY is 4 on SQLite"),
    "a private cache": ({"CACHES": {"default": {"BACKEND": safety.LOCMEM}}}, "private to each process"),
    "console mail": ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, "EMAIL_URL names no mail"),
}


def manage(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """`manage.py` with the real settings and nothing of the test's environment."""
    kept = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8"}
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, env=kept | environ, cwd=ROOT, capture_output=True, text=True, timeout=180)


def test_a_safe_production_is_let_through():
    safety.refuse_unsafe(SAFE)


@pytest.mark.parametrize(("change", "sentence"), UNSAFE.values(), ids=UNSAFE.keys())
def test_production_refuses(change, sentence):
    with pytest.raises(ImproperlyConfigured) as refusal:
        safety.refuse_unsafe(SAFE | change)
    assert sentence in str(refusal.value)
    assert len(str(refusal.value).splitlines()) == 2


def test_a_demo_may_run_with_anything():
    for change, _ in UNSAFE.values():
        safety.refuse_unsafe(SAFE | change | {"NIS_ENV": "demo"})


def test_production_settings_pass_the_deployment_checks(tmp_path):
    done = manage("check", "--deploy", "--fail-level", "WARNING", DATA_DIR=str(tmp_path), **PRODUCTION)
    assert (done.returncode, done.stdout, done.stderr) == (0, "System check identified no issues (0 silenced).\n", "")


def test_every_refusal_is_said_at_once_and_without_a_traceback(tmp_path):
    done = manage("check", DATA_DIR=str(tmp_path), NIS_ENV="production", DEBUG="yes", SITE_URL="http://pd.example.kz")
    assert done.returncode == 1
    assert [line.split()[1] for line in done.stderr.splitlines()[1:]] == [
        *("DEBUG", "SECRET_KEY", "FIELD_KEY", "ALLOWED_HOSTS", "SITE_URL", "TRUSTED_PROXY_COUNT", "EMAIL_URL")
    ]


def test_an_identity_provider_comes_from_the_environment(tmp_path):
    provider = {"OIDC_SERVER_URL": "https://id.example.kz/realms/nis", "OIDC_CLIENT_ID": "portal", "OIDC_NAME": "НЗМ"}
    show = "from django.conf import settings as s; app = s.SOCIALACCOUNT_PROVIDERS['openid_connect']['APPS'][0]; "
    show += "print(app['name'], app['client_id'], s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'][1])"
    shell = ("shell", "--no-imports", "-c", show)
    done = manage(*shell, DATA_DIR=str(tmp_path), **provider, OIDC_CLIENT_SECRET="geheim")
    assert (done.stdout, done.stderr) == ("НЗМ portal https://id.example.kz\n", "")
    half = manage(*shell, DATA_DIR=str(tmp_path), **provider)
    assert half.stderr == "OIDC_SERVER_URL is set, so OIDC_CLIENT_SECRET has to be set too.\n"


BAD_VALUES = {
    "WEB_CONCURRENCY": lambda: environment.integer("WEB_CONCURRENCY", 1, least=1, most=64),
    "DEBUG": lambda: environment.boolean("DEBUG"),
    "NIS_ENV": lambda: environment.choice("NIS_ENV", "demo", of=("demo", "production")),
    "SITE_URL": lambda: environment.address("SITE_URL"),
    "DATABASE_URL": lambda: environment.database("DATABASE_URL", ""),
    "EMAIL_URL": lambda: environment.mail("EMAIL_URL"),
}


@pytest.mark.parametrize("name", BAD_VALUES)
@pytest.mark.parametrize("value", ["maybe", "-1", "99999999", "mysql://user:geheim@host/base", "١٢"])
def test_a_wrong_value_is_one_sentence_that_names_the_variable(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured) as refusal:
        BAD_VALUES[name]()
    assert str(refusal.value).startswith(name)
    assert "geheim" not in str(refusal.value)


def test_right_values_are_read(monkeypatch):
    for name, value in {
        "PORT": "8080",
        "DEBUG": "Off",
        "HOSTS": "a, b,",
        "EMAIL_URL": "smtp+tls://u:p%40@h:587",
    }.items():
        monkeypatch.setenv(name, value)
    assert environment.integer("PORT", 1, least=1, most=65535) == 8080
    assert environment.boolean("DEBUG", True) is False
    assert environment.words("HOSTS", []) == ["a", "b"]
    assert environment.mail("EMAIL_URL") == {
        "EMAIL_BACKEND": safety.SMTP,
        "EMAIL_HOST": "h",
        "EMAIL_PORT": 587,
        "EMAIL_HOST_USER": "u",
        "EMAIL_HOST_PASSWORD": "p@",
        "EMAIL_USE_TLS": True,
    }


def test_each_installation_makes_a_key_of_its_own(tmp_path):
    one, other = environment.own_key(tmp_path / "one"), environment.own_key(tmp_path / "other")
    assert one != other
    assert environment.own_key(tmp_path / "one") == one
    assert (tmp_path / "one").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("value", ["postgresql://h:abc/n", "postgresql://h/"])
def test_a_database_address_with_a_flaw_is_refused(monkeypatch, value):
    monkeypatch.setenv("DATABASE_URL", value)
    with pytest.raises(ImproperlyConfigured, match=r"^DATABASE_URL"):
        environment.database("DATABASE_URL", "")


def test_the_zone_data_knows_that_kazakhstan_is_one_zone(settings):
    assert kazakhstan_is_at_five(None) == []
    settings.TIME_ZONE = "Asia/Omsk"  # where Asia/Almaty was before March 2024
    assert [error.id for error in kazakhstan_is_at_five(None)] == ["portal.E001"]
