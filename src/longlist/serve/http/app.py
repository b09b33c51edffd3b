"""The app: every route under one roof. `make_app` takes the parts; nothing here opens or starts anything."""

from typing import Any

from fastapi import FastAPI

from longlist import __version__
from longlist.serve.http import (
    account,
    companies,
    health,
    internal,
    problems,
    signin,
    table_columns,
    table_rows,
    tables,
    tasks,
)
from longlist.serve.http.callers import BearerOnly
from longlist.serve.http.examples import put_examples
from longlist.serve.http.parts import Parts
from longlist.serve.http.spec import openapi
from longlist.serve.web import actions, table_actions, table_files, table_pages
from longlist.serve.web import pages as web_pages
from longlist.serve.web.browser import BrowserDoor, missing
from longlist.serve.web.live import Live

DESCRIPTION = (
    "Finds companies: from one sentence to a graded, proven longlist. Clients of the hosted Deep Search service work "
    "against this server when their base URL names it; fields of our own are marked as added."
)


def describe() -> dict[str, Any]:
    """The OpenAPI document, without opening anything."""
    return _described(_routes())


def make_app(parts: Parts) -> FastAPI:
    """The app over its parts."""
    app = _routes()
    app.state.parts = parts
    app.state.access = parts.home.access
    app.state.live = Live()
    app.add_middleware(BrowserDoor)
    app.add_middleware(BearerOnly, access=app.state.access)
    return app


def _routes() -> FastAPI:
    app = FastAPI(
        title="Longlist",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    routers = [
        part.router
        for part in (
            tasks,
            companies,
            tables,
            table_rows,
            table_columns,
            account,
            signin,
            health,
            internal,
            actions,
            web_pages,
            table_files,
            table_actions,
            table_pages,
        )
    ]
    routers.append(table_actions.from_tasks)
    for router in routers:
        app.include_router(router)
    problems.install(app, [*app.routes, *(route for router in routers for route in router.routes)], missing)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    return app


def _described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of an app, with examples; made once."""
    if app.openapi_schema is None:
        document = openapi(app)
        put_examples(operation for path in document["paths"].values() for operation in path.values())
        app.openapi_schema = document
    return app.openapi_schema
