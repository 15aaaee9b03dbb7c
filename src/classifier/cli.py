"""The program `zuofeng` (作风). Results on stdout, talk on stderr; exit 0 fine, 1 something was wrong, 2 wrong usage."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from . import __version__, batch, bundle, corpus, evaluate, home, lexicon, readers, render, report, taxonomy
from . import check as checking
from .errors import InputError, OutputError, ZuofengError
from .evaluate import Pair
from .model import Model
from .text import Document

_SCHEME = "county-2022.toml"
_FILE_NAME = re.compile(
    r"[^\s，。！？；]{1,200}\.(?:txt|md|csv|tsv|jsonl|gz|docx?|wps|pdf|ofd|html?|xlsx?|et|eml|zip)", re.I
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options, rest = _parser().parse_known_args(argv)
    command: Callable[[argparse.Namespace], int] = options.command
    if rest and command is not _serve:
        _parser().error(f"不认识的参数：{' '.join(rest)}")
    options.rest = rest
    try:
        return command(options)
    except ZuofengError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:  # never its file name: what was given as one may be a letter
        print(f"错误：读写失败（{error.strerror}）", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已中断", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="zuofeng", description="读投诉、信访和检查材料，提示可能涉及的作风条款；由人核实决定。"
    )
    parser.add_argument("--version", action="version", version=f"zuofeng {__version__}")
    verbs = parser.add_subparsers(required=True, metavar="命令")
    for add in (_add_analyse, _add_tag, _add_train, _add_evaluate, _add_models, _add_check, _add_serve):
        add(verbs)
    return parser


Verbs = Any


def _add_analyse(verbs: Verbs) -> None:
    verb = verbs.add_parser("analyse", help="分析一段文本")
    verb.add_argument(
        "text", nargs="?", default="-", metavar="文本｜文件｜-", help="文本、文件名，或 - 读标准输入"
    )
    verb.add_argument("--json", action="store_true", help="输出 JSON")
    verb.add_argument("--model", type=Path, metavar="目录", help="所用模型包，缺省为启用的一个")
    verb.set_defaults(command=_analyse)


def _analyse(options: argparse.Namespace) -> int:
    name, text = _text(options.text)
    model = Model.load(options.model)
    analysis = model.analyse(Document(name, text))
    if options.json:
        _say(json.dumps(render.as_dict(analysis, text), ensure_ascii=False))
    else:
        _say(render.as_text(analysis, text, model.taxonomy, colour=sys.stdout.isatty()))
    return 0


def _text(given: str) -> tuple[str, str]:
    if given == "-":
        name, text = "标准输入", readers.decode(sys.stdin.buffer.read())
    elif os.path.isfile(given):  # noqa: PTH113 - a letter is too long for a name, which `Path.is_file` cannot bear
        name, text = Path(given).name, readers.read_text(Path(given))
    elif os.path.isdir(given) or _FILE_NAME.fullmatch(given):  # noqa: PTH112
        raise InputError(f"{given}：没有这个文件，或者它是一个文件夹")
    else:
        name, text = "文本", given
    if not text.strip():
        raise InputError(f"{name}：没有可读文字")
    return name, text


def _say(line: str) -> None:
    sys.stdout.buffer.write((line + "\n").encode(errors="backslashreplace"))
    sys.stdout.flush()


def _add_tag(verbs: Verbs) -> None:
    verb = verbs.add_parser("tag", help="给成批材料打标")
    verb.add_argument("paths", nargs="+", type=Path, metavar="文件", help=".jsonl、.jsonl.gz、.csv、.tsv")
    verb.add_argument("--out", required=True, type=Path, metavar="结果", help="结果文件，.jsonl 或 .csv")
    verb.add_argument(
        "--text-column", default="", metavar="列名", help="文本所在的列，几列用逗号分开，如 title,text"
    )
    verb.add_argument("--id-column", default="", metavar="列名", help="编号所在的列")
    verb.add_argument("--with-text", action="store_true", help="结果中带上原文")
    verb.add_argument("--workers", type=int, default=1, metavar="数", help="进程数，缺省 1")
    verb.add_argument("--force", action="store_true", help="覆盖已有的结果文件")
    verb.add_argument("--model", type=Path, metavar="目录", help="所用模型包")
    verb.set_defaults(command=_tag)


def _tag(options: argparse.Namespace) -> int:
    if options.out.exists() and not options.force:
        raise OutputError(f"{options.out}：已有这个文件；要覆盖请加 --force")
    if options.out.resolve() in {path.resolve() for path in options.paths}:
        raise OutputError(f"{options.out}：结果不能写回正在读的文件")
    names = tuple(name.strip() for name in options.text_column.split(",") if name.strip())
    columns = readers.Columns(names, options.id_column.strip())
    job = batch.Job(options.model or bundle.current(home.models()), columns, options.with_text)
    progress = _Progress()
    tally = batch.tag(options.paths, options.out, job, max(1, options.workers), progress)
    progress.end(tally)
    return 1 if tally.unread else 0


class _Progress:
    """A line on stderr with rate and errors so far; silent until the end where nobody watches."""

    def __init__(self) -> None:
        self._start = self._last = time.monotonic()

    def __call__(self, tally: batch.Tally) -> None:
        now = time.monotonic()
        if sys.stderr.isatty() and now - self._last >= 0.2:
            self._last = now
            print(f"\r{self._line(tally)}", end="", file=sys.stderr, flush=True)

    def end(self, tally: batch.Tally) -> None:
        print(("\r" if sys.stderr.isatty() else "") + self._line(tally), file=sys.stderr)

    def _line(self, tally: batch.Tally) -> str:
        rate = tally.rows / max(time.monotonic() - self._start, 1e-9)
        return f"已读 {tally.rows} 条，有提示 {tally.flagged} 条，未读 {tally.unread} 条，每秒 {rate:.0f} 条"


def _add_train(verbs: Verbs) -> None:
    verb = verbs.add_parser("train", help="由语料训练候选模型")
    verb.add_argument("corpus", nargs="*", type=Path, metavar="语料", help="缺省为 data/corpus")
    verb.add_argument(
        "--taxonomy", type=Path, metavar="文件", help=f"条款文件，缺省为 data/taxonomy/{_SCHEME}"
    )
    verb.add_argument("--lexicon", type=Path, metavar="目录", help="词表，缺省为 data/lexicon")
    verb.add_argument("--models", type=Path, metavar="目录", help="模型包放在哪里，缺省为 models")
    verb.set_defaults(command=_train)


def _train(options: argparse.Namespace) -> int:
    from .train import train  # scikit-learn takes a second to import, and only this verb needs it

    scheme = options.taxonomy or home.data() / "taxonomy" / _SCHEME
    taxonomy.load(scheme)
    examples = corpus.read(options.corpus or [home.data() / "corpus"])
    print(f"用 {len(examples)} 段语料训练……", file=sys.stderr)
    model = train(
        examples, scheme.read_text(encoding="utf-8"), lexicon.read(options.lexicon or home.lexicon())
    )
    folder = model.save(options.models or home.models())
    print(f"已写好 {folder}；用 zuofeng promote {model.version} 启用", file=sys.stderr)
    _say(model.version)
    return 0


def _add_evaluate(verbs: Verbs) -> None:
    verb = verbs.add_parser("evaluate", help="对照标注给出成绩")
    verb.add_argument("gold", nargs="+", type=Path, metavar="标注", help="JSONL：must、may，或 labels")
    verb.add_argument("--model", type=Path, metavar="目录", help="所用模型包")
    verb.add_argument("--against", metavar="版本", help="与另一版本对比，列出结果不同的篇目")
    verb.add_argument("--json", action="store_true", help="输出 JSON")
    verb.set_defaults(command=_evaluate)


def _evaluate(options: argparse.Namespace) -> int:
    golds = [gold for path in options.gold for gold in evaluate.read(path)]
    if not golds:
        raise InputError("没有标注可对照")
    pairs = _pairs(Model.load(options.model), golds)
    _say(json.dumps(report.as_dict(pairs), ensure_ascii=False) if options.json else report.as_text(pairs))
    if options.against:
        other = Model.load(bundle.named(home.models(), options.against))
        told = report.against(pairs, _pairs(other, golds))
        print(told, file=sys.stderr) if options.json else _say(told)
    return 0


def _pairs(model: Model, golds: Sequence[evaluate.Gold]) -> list[Pair]:
    return [Pair(gold, model.analyse(Document(gold.id, gold.text))) for gold in golds]


def _add_models(verbs: Verbs) -> None:
    promote = verbs.add_parser("promote", help="启用一个版本")
    promote.add_argument("version", metavar="版本")
    promote.set_defaults(command=_promote)
    verbs.add_parser("rollback", help="退回上一个版本").set_defaults(command=_rollback)


def _promote(options: argparse.Namespace) -> int:
    """The gate: the bundle is whole, and the scheme's own wording, which alleges nothing, yields nothing."""
    model = Model.load(bundle.named(home.models(), options.version))
    wording = "整治内容：\n" + "\n".join(f"{clause.id}：{clause.text}。" for clause in model.taxonomy.clauses)
    if any(finding.level == "suspect" for finding in model.analyse(Document("gate", wording)).findings):
        raise ZuofengError(f"{options.version}：把条款文件本身当成了问题，不能启用")
    bundle.use(home.models(), options.version)
    print(f"已启用 {options.version}", file=sys.stderr)
    return 0


def _rollback(options: argparse.Namespace) -> int:
    print(f"已退回 {bundle.go_back(home.models())}", file=sys.stderr)
    return 0


def _add_check(verbs: Verbs) -> None:
    verb = verbs.add_parser("check", help="检查条款、词表、语料和模型是否相符")
    verb.add_argument("corpus", nargs="*", type=Path, metavar="语料", help="缺省为 data/corpus")
    verb.add_argument("--taxonomy", type=Path, metavar="文件")
    verb.add_argument("--fewest", type=int, default=checking.FEWEST, metavar="数", help="每款至少几段")
    verb.set_defaults(command=_check)


def _check(options: argparse.Namespace) -> int:
    chart = taxonomy.load(options.taxonomy or home.data() / "taxonomy" / _SCHEME)
    problems = list(
        checking.check(options.corpus or [home.data() / "corpus"], chart, home.lexicon(), options.fewest)
    )
    for problem in problems:
        _say(problem)
    print(f"{len(problems)} 个问题", file=sys.stderr)
    return 1 if problems else 0


def _add_serve(verbs: Verbs) -> None:
    verbs.add_parser("serve", help="打开服务和网页", add_help=False).set_defaults(command=_serve)


def _serve(options: argparse.Namespace) -> int:
    from api.__main__ import main as serve  # the service stands outside this package

    return serve(options.rest)
