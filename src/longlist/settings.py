"""Settings: read once, from LONGLIST_… variables or a TOML file. No other module looks at the environment."""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import Field, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from longlist.errors import InvalidInput

PREFIX = "LONGLIST_"
CONFIG_VARIABLE = f"{PREFIX}CONFIG"
"""Names the TOML file; without it, `config.toml` in the platform's folder for user settings, if there is one."""


class Settings(BaseSettings):
    """All settings. `load_settings()` reads them; tests may build one by hand. Secrets are `SecretStr`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, validate_default=True
    )

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("longlist", appauthor=False)),
        description="The data directory: the database and the index. Default: the platform's folder for user data.",
    )
    database_url: str | None = Field(
        default=None,
        description="The database, as in sqlite:////srv/longlist/app.db. Default: the file app.db in the data directory.",
    )

    embedded_catalog: bool = Field(
        default=True,
        description="Whether the companies that come with Longlist are searched. With false, only lists you imported are.",
    )

    @field_validator("home")
    @classmethod
    def _whole_path(cls, path: Path) -> Path:
        return Path(os.path.abspath(path.expanduser()))  # noqa: PTH100 - resolve() would follow links

    @property
    def store_url(self) -> str:
        """The URL to open the store with: `database_url`, or app.db in `home`."""
        return self.database_url or f"sqlite:///{self.home / 'app.db'}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - we read no .env file
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings, env_settings, InitSettingsSource(settings_cls, _file_values()))


@dataclass(frozen=True, slots=True)
class SettingDoc:
    """One setting, described for people: `name` in the file, `variable` in the environment."""

    name: str
    variable: str
    doc: str
    is_secret: bool = False


def describe() -> list[SettingDoc]:
    """Every setting, in order; `LONGLIST_CONFIG`, which cannot stand in the file it names, comes first with no name."""
    docs = [
        SettingDoc("", CONFIG_VARIABLE, f"The settings file. Default: {_default_file().name} in the user's settings.")
    ]
    for name, field in Settings.model_fields.items():
        secret = "SecretStr" in str(field.annotation)
        docs.append(SettingDoc(name, f"{PREFIX}{name.upper()}", field.description or "", secret))
    return docs


def load_settings() -> Settings:
    """The settings of this process: variables first, then the file, then defaults.

    InvalidInput, naming the setting, when a value cannot be used, when the file is not TOML or holds an unknown key,
    or when LONGLIST_CONFIG names a file that is not there.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidInput(_sentence(first), field=str(first["loc"][0]) if first["loc"] else None) from error


def _default_file() -> Path:
    return Path(platformdirs.user_config_dir("longlist", appauthor=False)) / "config.toml"


def _file() -> Path | None:
    """The settings file to read, None when there is none."""
    if named := os.environ.get(CONFIG_VARIABLE):
        path = Path(named).expanduser()
        if not path.is_file():
            raise InvalidInput(f"{CONFIG_VARIABLE} names {path}, which is not a file.", field="config")
        return path
    path = _default_file()
    return path if path.is_file() else None


def _file_values() -> dict[str, Any]:
    path = _file()
    if path is None:
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"The settings file {path} is not valid TOML: {error}.", field="config") from error
    except OSError as error:
        raise InvalidInput(f"The settings file {path} cannot be read: {error.strerror}.", field="config") from error
    valid = sorted(Settings.model_fields)
    if unknown := sorted(set(values) - set(valid)):
        raise InvalidInput(
            f"The settings file {path} holds {', '.join(unknown)}, which Longlist does not know; valid are {', '.join(valid)}.",
            field=unknown[0],
        )
    return values


def _sentence(error: ErrorDetails) -> str:
    name = str(error["loc"][0]) if error["loc"] else "settings"
    what = error["msg"].removeprefix("Value error, ")
    secret = any(doc.is_secret for doc in describe() if doc.name == name)
    given = "" if secret else f" {error['input']!r}"
    return f"The setting {name} ({PREFIX}{name.upper()}) cannot be{given or ' used'}: {what[:1].lower()}{what[1:]}."
