"""The service put together. Nothing happens at import."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import anyio
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from classifier import Model

from . import answers, pages, routes
from .guard import Guard
from .settings import Settings

_HERE = Path(__file__).resolve().parent
_ABOUT = (
    "读一段投诉、信访或检查材料，提示可能涉及的条款和依据句。只作提示，由人核实决定；不保存所提交的文字。\n\n"
    '一切出错都是同一个样子：`{"error": {"code", "message", "request_id"}}`。'
)


def create_app(model: Model, settings: Settings | None = None) -> FastAPI:
    """The service on a loaded model."""
    settings = settings or Settings()
    app = FastAPI(
        title="作风研判接口",
        version="1",
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    app.openapi_version = "3.0.3"  # what the packaged Swagger UI, and most generators in use, can read
    app.state.model, app.state.settings = model, settings
    app.state.limiter = anyio.CapacityLimiter(settings.threads)
    app.state.templates = templates()
    answers.install(app)
    app.include_router(routes.router)
    app.include_router(pages.router)
    app.mount("/docs/assets", StaticFiles(directory=_swagger()))
    app.mount("/static", StaticFiles(directory=_HERE / "static"))
    app.add_middleware(Guard, body_limit=settings.body_limit)
    return app


def templates() -> Environment:
    """The page's templates; a name that is not given is an error, and everything is escaped."""
    return Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _swagger() -> Path:
    (folder,) = Path(str(resources.files("swagger_ui_bundle"))).glob("vendor/swagger-ui-*")
    return folder
