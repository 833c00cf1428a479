"""Projects of .NET (``NAME.csproj``, ``NAME.fsproj``): whether a program serves the web, and what it compiles with while it runs.

Source: https://learn.microsoft.com/dotnet/core/project-sdk/overview and the packages' pages on nuget.org.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import toolchains
from rewriter.model import xml_text
from rewriter.rule import Ask

_KINDS: Final = (".csproj", ".fsproj", ".vbproj")
#: SDKs of programs that serve no web by themselves
_PLAIN: Final = ("Microsoft.NET.Sdk", "Microsoft.NET.Sdk.Worker")
#: what each project below it imports without a word. Source: https://learn.microsoft.com/visualstudio/msbuild/customize-by-directory
_IMPORTED: Final = ("Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props")


class Project(NamedTuple):
    """``web``: False where it serves none for certain. ``compiling`` is the package with which it compiles, or finds an SDK,
    while it runs; "" for none that it names itself."""

    path: str
    web: bool
    compiling: str


def of_program(ask: Ask, assembly: str) -> Project | None:
    """The project of ``NAME.dll``, where the context has exactly one of that name; else None."""
    wanted, listed = posixpath.basename(assembly).removesuffix(".dll"), ask.files() or ()
    found = [path for path in listed if posixpath.basename(path) in [f"{wanted}{one}" for one in _KINDS]]
    root = xml_text.root(ask.context(found[0]) or "") if len(found) == 1 else None
    if root is None or xml_text.plain(root) != "Project":
        return None
    references = [one.get("Include", "") for one in xml_text.everywhere(root, "PackageReference")]
    frameworks = [one.get("Include", "") for one in xml_text.everywhere(root, "FrameworkReference")]
    more = [*xml_text.everywhere(root, "ProjectReference"), *xml_text.everywhere(root, "Import")]
    sdk = root.get("Sdk", "").partition("/")[0]
    imports = bool(more) or any(posixpath.basename(path) in _IMPORTED for path in listed)
    web = sdk not in _PLAIN or imports or any("AspNetCore" in one for one in (*references, *frameworks))
    compiling = next((one for one in references if one in toolchains.words("dotnet", "compiling")), "")
    return Project(found[0], web, compiling)
