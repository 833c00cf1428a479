"""Split a .NET build: publish in a builder stage, ship what it wrote on the image of ASP.NET.

## What it does
Names the stage `builder` and adds a final stage on the image of ASP.NET of the same version (`dotnet/aspnet:8.0` for
`dotnet/sdk:8.0`): the folder that `dotnet publish -o` names, or the `bin/.../publish` that the image starts a program from, other
folders that the Dockerfile brings, users, packages that the program may call, ENV, WORKDIR, USER; LABEL, EXPOSE, VOLUME,
HEALTHCHECK, CMD and their like move there. Sources and the package cache stay in the builder, unless the image starts in their
folder, where ASP.NET looks for settings and `wwwroot`, or names a file of them: then that goes along whole. Where the file sets
no port, the one that the images of 3.1 to 7.0 set beside their SDK is taken back.

## Why it saves
The SDK is built on the image of ASP.NET and adds compilers, the command line, PowerShell and, once it has built, every package
that was restored. No figure is told: sizes of these tags are not in the tables.

## When it is safe
A person decides (SHOW), and is asked: whether the program compiles nothing while it runs, and reads nothing of the sources.
`dotnet publish` writes all that a program needs by its project, settings and `wwwroot` included.

## What it leaves alone
Images that start `dotnet run`, `watch` or `test`; programs that no `dotnet publish` is seen to write (`dotnet build` leaves
packages in the cache); SDKs of which the image beside is not known, and Alpine's, which has ICU where the other one has not;
properties of MSBuild that name folders; what is published among files of the system (`-o /usr`); `dotnet tool` and
`dev-certs`; .NET as a package; ONBUILD, SHELL, stages on stages. What Mono builds (`msbuild`, `xbuild`): its slim image has no
class libraries, and its images are made no more since 2022. What DNX builds (`dnu`), which .NET's own tools replaced in 2016.
Without a word: images that start nothing of their own, or a shell.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model import split_idle
from rewriter.model.file import File
from rewriter.rule import SPLIT, Ask, Decline, Finding, Phase, Safety, transform


@transform(
    phase=Phase.STAGES, touches=SPLIT, safety=Safety.SHOW, only_shows=True, tools={"dotnet", "msbuild", "xbuild", "dnu"}
)
def dotnet_toolchain_shipped(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if split_idle.starts_nothing(file):
        return
    from rewriter.model import split_dotnet  # modules that few files need

    found = split_dotnet.split(file, ask)
    if found is not None:
        yield found
