"""The HTTP interface for other systems."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse, Response

from classifier import Document, Model
from classifier.render import as_dict

from . import schemas
from .work import run

router = APIRouter()

_ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": schemas.ErrorOut, "description": "请求内容读不出来"},
    413: {"model": schemas.ErrorOut, "description": "内容过长"},
    422: {"model": schemas.ErrorOut, "description": "请求字段不合要求"},
    500: {"model": schemas.ErrorOut, "description": "服务内部出错"},
}


@router.post(
    "/v1/analyse",
    summary="研判一段文字",
    response_model=schemas.AnalysisOut,
    responses=_ERRORS,
    tags=["研判"],
)
async def analyse(request: Request, item: schemas.AnalyseIn) -> Response:
    """返回文字可能涉及的条款及其依据句。不保存所提交的文字。"""
    model: Model = request.app.state.model
    document = Document(item.id, item.text)
    result = await run(request, len(item.text), lambda: as_dict(model.analyse(document), item.text))
    return JSONResponse(result)


@router.get("/v1/taxonomy", summary="条款全文", response_model=schemas.TaxonomyOut, tags=["说明"])
async def taxonomy(request: Request) -> Response:
    """类、款及其原文和出处。"""
    model: Model = request.app.state.model
    return JSONResponse(jsonable_encoder(asdict(model.taxonomy)))


@router.get("/v1/model", summary="模型说明", response_model=schemas.ModelOut, tags=["说明"])
async def model_info(request: Request) -> Response:
    """版本、数据规模和模型说明。"""
    model: Model = request.app.state.model
    info = {"version": model.version, "taxonomy": model.taxonomy.id, "card": model.card}
    return JSONResponse(jsonable_encoder({**info, "manifest": model.manifest}))


@router.get("/livez", summary="进程是否活着", response_model=schemas.StatusOut, tags=["运行"])
async def livez() -> Response:
    return JSONResponse({"status": "ok"})


@router.get("/readyz", summary="能否接受请求", response_model=schemas.StatusOut, tags=["运行"])
async def readyz() -> Response:
    """进程在模型装好之后才开始监听，所以能回答就是就绪。"""
    return JSONResponse({"status": "ready"})
