from pathlib import Path

import pytest

from longlist.errors import InvalidInput
from longlist.settings import Settings, describe, load_settings


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "longlist.toml"
    path.touch()
    monkeypatch.setenv("LONGLIST_CONFIG", str(path))
    return path


def test_the_home_is_taken_from_its_variable(home: Path) -> None:
    assert load_settings().home == home


def test_the_home_is_the_users_data_folder_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LONGLIST_HOME")
    assert load_settings().home == tmp_path / "data" / "longlist"


def test_an_empty_variable_counts_as_not_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LONGLIST_HOME", "")
    assert load_settings().home == tmp_path / "data" / "longlist"


def test_a_home_is_made_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings(home=Path("here")).home == tmp_path / "here"
    assert Settings(home=Path("~/there")).home == Path.home() / "there"


def test_the_database_is_a_file_in_the_home_by_default(home: Path) -> None:
    assert load_settings().store_url == f"sqlite:///{home}/app.db"


def test_the_file_is_read_and_variables_beat_it(config: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text('home = "/from/file"\ndatabase_url = "sqlite:////from/file.db"\n')
    assert load_settings().home == home
    assert load_settings().store_url == "sqlite:////from/file.db"
    monkeypatch.delenv("LONGLIST_HOME")
    assert load_settings().home == Path("/from/file")


def test_the_file_in_the_users_settings_folder_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "longlist"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('database_url = "sqlite:////srv/app.db"')
    assert load_settings().store_url == "sqlite:////srv/app.db"


def test_an_unknown_key_is_named_with_the_valid_ones(config: Path) -> None:
    config.write_text('hoem = "/x"')
    with pytest.raises(InvalidInput, match=r"hoem.*valid are .*\bhome\b") as caught:
        load_settings()
    assert caught.value.field == "hoem"


@pytest.mark.parametrize(
    ("text", "words"),
    [("home = ", "not valid TOML"), ("home = 3", "The setting home .*cannot be 3: "), ("[home]\nx = 1", "home")],
)
def test_a_file_that_cannot_be_used_is_a_sentence(
    config: Path, monkeypatch: pytest.MonkeyPatch, text: str, words: str
) -> None:
    monkeypatch.delenv("LONGLIST_HOME")
    config.write_text(text)
    with pytest.raises(InvalidInput, match=words) as caught:
        load_settings()
    assert "\n" not in str(caught.value)


def test_a_file_in_another_encoding_is_a_sentence(config: Path) -> None:
    config.write_bytes("home = '/höme'".encode("utf-16"))
    with pytest.raises(InvalidInput, match="not valid TOML"):
        load_settings()


def test_a_named_file_that_is_missing_is_an_error(config: Path) -> None:
    config.unlink()
    with pytest.raises(InvalidInput, match="LONGLIST_CONFIG names"):
        load_settings()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().home = Path("/elsewhere")  # type: ignore[misc]


def test_every_setting_is_described() -> None:
    described = {doc.name: doc for doc in describe()}
    assert set(described) == {"", *Settings.model_fields}
    assert all(doc.doc for doc in described.values())
    assert described["home"].variable == "LONGLIST_HOME"
