"""Settings: read once, from LONGLIST_… variables or a TOML file. No other module looks at the environment."""

import os
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from longlist.errors import InvalidInput
from longlist.model.network import Network

PREFIX = "LONGLIST_"
CONFIG_VARIABLE = f"{PREFIX}CONFIG"
"""Names the TOML file; without it, `config.toml` in the platform's folder for user settings, if there is one."""


def _url(title: str, what: str = "") -> Any:
    return Field(default="", description=f"The address of {title}: {what or 'another than its public one'}.")


def _key(title: str, *, wanted: bool = True) -> Any:
    what = f"The key for {title}; with it, it is asked." if wanted else f"A token for {title}, where one is needed."
    return Field(default=None, description=what)


class Settings(BaseSettings):
    """All settings. `load_settings()` reads them; tests may build one by hand. Secrets are `SecretStr`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, validate_default=True
    )

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("longlist", appauthor=False)),
        description="The data directory: the database and the index. Default: the platform's folder for user data.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description=(
            "The database: sqlite:////srv/longlist/app.db, or postgresql://user:password@host/database. "
            "Default: the file app.db in the data directory."
        ),
    )

    embedded_catalog: bool = Field(
        default=True,
        description="Whether the companies that come with Longlist are searched. With false, only lists you imported are.",
    )

    calls_at_once: int = Field(
        default=100, ge=1, le=1000, description="How many calls to the outside a process has under way at the most."
    )
    task_dollars: Decimal | None = Field(
        default=None, ge=0, le=1_000_000, description="What a task may spend, in US dollars, all its runs together."
    )
    day_dollars: Decimal | None = Field(
        default=None, ge=0, le=1_000_000, description="What all tasks together may spend in a day (UTC), in US dollars."
    )
    task_calls: int | None = Field(default=None, ge=0, description="How many calls to the outside a task may make.")
    task_tokens: int | None = Field(
        default=None, ge=0, description="How many tokens of language models a task may use."
    )
    task_minutes: int | None = Field(
        default=None, ge=1, description="For how many minutes a task may make calls; pauses do not count."
    )
    fresh_days: int = Field(
        default=7, ge=1, le=3650, description="For how many days an answer from the outside is used again, in any task."
    )

    contact: str = Field(
        default="",
        description=(
            "A page or mailbox where those whose sites are read can reach whoever runs this Longlist. It is sent along "
            "with every request to the outside; some free services ask for one."
        ),
    )

    browser: str = Field(
        default="",
        description=(
            "A Chromium for pages that are empty until their scripts run: its path, or playwright for the one that "
            "playwright installed. Needs the extra browser. Off by default."
        ),
    )

    searxng_url: str = _url("SearXNG", "your instance, such as http://127.0.0.1:8888; with it the web is searched")
    searxng_key: SecretStr | None = _key("SearXNG", wanted=False)
    brave_url: str = _url("Brave Search")
    brave_key: SecretStr | None = _key("Brave Search")
    serper_url: str = _url("Serper")
    serper_key: SecretStr | None = _key("Serper")
    tavily_url: str = _url("Tavily")
    tavily_key: SecretStr | None = _key("Tavily")
    exa_url: str = _url("Exa")
    exa_key: SecretStr | None = _key("Exa")
    google_places_url: str = _url("Google Places")
    google_places_key: SecretStr | None = _key("Google Places")
    overpass_url: str = _url("Overpass")
    overpass_key: SecretStr | None = _key("Overpass", wanted=False)
    nominatim_url: str = _url("Nominatim")
    nominatim_key: SecretStr | None = _key("Nominatim", wanted=False)
    pdl_url: str = _url("People Data Labs")
    pdl_key: SecretStr | None = _key("People Data Labs")
    hunter_url: str = _url("Hunter")
    hunter_key: SecretStr | None = _key("Hunter")
    pdl_people_url: str = _url("People Data Labs, for people")
    pdl_people_key: SecretStr | None = _key("People Data Labs, for people")
    wikidata_url: str = _url("Wikidata")
    wikidata_key: SecretStr | None = _key("Wikidata", wanted=False)
    ddgs: bool = Field(
        default=False,
        description=(
            "Whether the web may be searched through the package ddgs (an extra), which scrapes search engines while it "
            "passes for a browser. Off, since that is not our way."
        ),
    )
    prices: dict[str, float] = Field(
        default_factory=dict,
        description=(
            "What providers cost, in dollars per 1,000 requests (pdl, pdl_people: per 1,000 found), where that is not their "
            'public price: {"brave": 3, "exa": 5}. It counts for budgets and `longlist cost`.'
        ),
    )
    web: bool = Field(
        default=True,
        description="Whether anything outside is asked at all. With false, only the catalogue is searched.",
    )

    log: Literal["debug", "info", "warning", "error"] = Field(
        default="info",
        description=(
            "From which level on `longlist serve`, `api` and `worker` log to standard error. debug has a line for each call "
            "that ended (provider, host, seconds, outcome) and each round, to see where the time of a task goes."
        ),
    )

    engine: Literal["auto", "direct", "dbos"] = Field(
        default="auto",
        description=(
            "What workers run tasks with. dbos (an extra) lets several workers share them, on Postgres; direct is one "
            "worker without it. auto: dbos on Postgres where it is installed, else direct."
        ),
    )
    takeover_seconds: float = Field(
        default=15.0,
        ge=1,
        le=600,
        description="After how many seconds without a sign of life of a worker the others take over what it had.",
    )

    llm: str = Field(
        default="",
        description=(
            "The language model: openai:MODEL, anthropic:MODEL, google:MODEL, or an OpenAI-compatible server and a model "
            "on it, such as http://127.0.0.1:11434/v1#qwen3. Default: none; rules plan and grade."
        ),
    )
    llm_key: SecretStr | None = Field(default=None, description="The key for the language model, where it needs one.")
    llm_price: str = Field(
        default="",
        description=(
            'What the model costs, in dollars per million tokens read and written ("0.15/0.60"), where that is not the '
            "vendor's public price. A server of your own counts as free."
        ),
    )
    llm_strong: str = Field(
        default="",
        description="A stronger model for what is asked seldom: the plan, and answers that the other could not give properly.",
    )
    llm_strong_key: SecretStr | None = Field(
        default=None, description="The key for the stronger model; that of the other when not set."
    )
    llm_strong_price: str = Field(default="", description="What the stronger model costs, as for the other.")

    llm_profiles: Literal["needed", "all", "off"] = Field(
        default="needed",
        description=(
            "Which facts (founding year, head-count, headquarters) that rules did not find on a company's pages the model is "
            "asked for: those a criterion decides by (needed), all, or none (off)."
        ),
    )

    @field_validator("home")
    @classmethod
    def _whole_path(cls, path: Path) -> Path:
        return Path(os.path.abspath(path.expanduser()))  # noqa: PTH100 - resolve() would follow links

    @field_validator("prices")
    @classmethod
    def _at_least_nothing(cls, prices: dict[str, float]) -> dict[str, float]:
        if any(not 0 <= price < 1e9 for price in prices.values()):
            raise ValueError("A price is dollars per 1,000 requests, from 0")
        return prices

    @property
    def store_url(self) -> str:
        """The URL to open the store with: `database_url`, or app.db in `home`."""
        return self.database_url.get_secret_value() if self.database_url else f"sqlite:///{self.home / 'app.db'}"

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


def load_network() -> Network:
    """The way to the network, from the variables all programs share; the lower-case spelling goes first where both are set.

    HTTP_PROXY, HTTPS_PROXY (ALL_PROXY for what either leaves open), NO_PROXY, SSL_CERT_FILE.
    """

    def read(name: str) -> str:
        return os.environ.get(name.lower(), os.environ.get(name, "")).strip()

    every = read("ALL_PROXY")
    return Network(
        http_proxy=read("HTTP_PROXY") or every,
        https_proxy=read("HTTPS_PROXY") or every,
        no_proxy=read("NO_PROXY"),
        ca_file=os.environ.get("SSL_CERT_FILE", ""),
    )


@dataclass(frozen=True, slots=True)
class SettingDoc:
    """One setting, described for people: `name` in the file, `variable` in the environment; `default` as one writes it in the
    environment, "" for none.
    """

    name: str
    variable: str
    doc: str
    is_secret: bool = False
    default: str = ""


def describe() -> list[SettingDoc]:
    """Every setting, in order; `LONGLIST_CONFIG`, which cannot stand in the file it names, comes first with no name."""
    docs = [
        SettingDoc("", CONFIG_VARIABLE, f"The settings file. Default: {_default_file().name} in the user's settings.")
    ]
    for name, field in Settings.model_fields.items():
        secret = "SecretStr" in str(field.annotation)
        default = "" if field.default_factory or field.default in (None, "") else str(field.default)
        shown = default.lower() if isinstance(field.default, bool) else default
        docs.append(SettingDoc(name, f"{PREFIX}{name.upper()}", field.description or "", secret, shown))
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


def settings_file() -> Path | None:
    """The file the settings are read from, None when there is none. InvalidInput when the one that is named is not there."""
    return _file()


def unknown_variables() -> list[str]:
    """Variables of the environment that look like settings and are none: misspelt ones, mostly."""
    known = {doc.variable for doc in describe()}
    return sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known)


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
