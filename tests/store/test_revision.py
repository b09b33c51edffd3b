from alembic.script import ScriptDirectory

from longlist.store.migrate import config
from longlist.store.revision import newest


def test_the_newest_revision_is_the_one_that_migrations_lead_to():
    assert [newest()] == ScriptDirectory.from_config(config()).get_heads()
