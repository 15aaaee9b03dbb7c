"""The floors of the house, read from the imports."""

import ast
from pathlib import Path

import pytest

FLOORS = (
    {"errors", "home", "facts"},
    {"taxonomy", "text", "lexicon", "findings", "scoring", "bundle"},
    {"segment", "passages", "corpus", "evaluate"},
    {"features", "render", "readers", "report", "check"},
    {"model", "shelf"},
    {"fit", "card", "batch"},
    {"train"},
    {"cli"},
)
FLOOR = {name: floor for floor, names in enumerate(FLOORS) for name in names}
PACKAGE = Path(__file__).parent.parent / "src" / "classifier"
MODULES = sorted(path for path in PACKAGE.glob("*.py") if path.stem not in ("__init__", "__main__"))
SERVICE = sorted((PACKAGE.parent.parent / "api").glob("*.py"))
KEPT_TO = {
    "jieba": {"segment"},
    "sklearn": {"fit"},
    "scipy": {"fit"},
    "joblib": {"fit", "batch"},
    "pyspark": {"spark"},
}


def imports(path: Path) -> set[str]:
    """What a module imports: `.name` for its own package, the top name for others."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level:
            found |= {f".{node.module}"} if node.module else {f".{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_imports_from_floors_below_its_own(path):
    assert path.stem in FLOOR, "on no floor"
    inside = {name[1:] for name in imports(path) if name.startswith(".") and name != ".__version__"}
    assert {name: FLOOR[name] for name in inside if FLOOR[name] >= FLOOR[path.stem]} == {}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_library_is_used_where_it_belongs(path):
    strayed = {name for name, home in KEPT_TO.items() if name in imports(path) and path.stem not in home}
    assert strayed == set()


@pytest.mark.parametrize("path", [*MODULES, *SERVICE], ids=lambda path: path.stem)
def test_a_file_is_no_longer_than_300_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", [p for p in MODULES if p.stem != "cli"], ids=lambda path: path.stem)
def test_nothing_prints_but_the_command_line(path):
    calls = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)]
    assert not [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]


@pytest.mark.parametrize("path", SERVICE, ids=lambda path: path.stem)
def test_the_service_uses_the_package_s_public_modules_only(path):
    assert not {name for name in imports(path) if name in ("jieba", "sklearn", "scipy")}


@pytest.mark.parametrize("path", [*MODULES, *SERVICE], ids=lambda path: path.stem)
def test_no_code_names_a_category_or_a_clause(path):
    names = ("慢作为", "不作为", "乱作为", "文山会海", "官僚作风", "弄虚作假")
    assert not [name for name in names if name in path.read_text(encoding="utf-8")]


def test_there_is_no_module_that_the_floors_have_and_the_house_has_not():
    assert set(FLOOR) == {path.stem for path in MODULES}
