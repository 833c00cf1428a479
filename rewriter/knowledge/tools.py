"""How command lines of tools are split into options and operands. Source: the manual page of each tool."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

_VALUE_OPTIONS: Final[dict[str, str]] = {
    "apt-get": "-o -t -c -a --option --target-release --default-release --config-file --host-architecture",
    "apt": "-o -t -c -a --option --target-release --default-release --config-file --host-architecture",
    "aptitude": "-o -t -c --target-release",
    "apk": "-t --virtual -X --repository -p --root --arch --keys-dir --cache-dir --wait --timeout --repositories-file",
    "yum": "-c -d -e -R -x --config --installroot --enablerepo --disablerepo --exclude --setopt --releasever",
    "dnf": "-c -d -e -R -x --config --installroot --enablerepo --disablerepo --exclude --setopt --releasever --repo",
    "microdnf": "-c -x --config --installroot --enablerepo --disablerepo --setopt --releasever",
    "tdnf": "-c -x --config --installroot --enablerepo --disablerepo --setopt --releasever",
    "zypper": "-R --root -c --config -C --cache-dir -r --repo -p --plus-repo --pkg-cache-dir",
    "pip": "-r -c -e -i -f -t -b --requirement --constraint --editable --index-url --extra-index-url --find-links "
    "--target --build --src --prefix --root --log --proxy --retries --timeout --trusted-host --cache-dir --python "
    "--platform --python-version --implementation --abi --global-option --install-option --no-binary --only-binary "
    "--progress-bar --exists-action --cert --client-cert --wheel-dir -w --dest -d --upgrade-strategy",
    "uv": "-r -c -e -i -f -p --requirement --python --index-url --extra-index-url --find-links --cache-dir --extra "
    "--group --no-group --project --directory --config-file",
    "npm": "--prefix --registry --loglevel --cache --userconfig --globalconfig --tag --omit --include -w --workspace",
    "yarn": "--cwd --registry --cache-folder --modules-folder --network-timeout --mutex --network-concurrency",
    "pnpm": "-C --dir --registry --store-dir --filter -F --reporter",
    "gem": "-v --version -i --install-dir -n --bindir -s --source -p --http-proxy -P --platform",
    "bundle": "--jobs -j --path --without --with --retry --gemfile --binstubs",
    "composer": "-d --working-dir",
    "conda": "-n -p -c --name --prefix --channel --file -f",
    "mamba": "-n -p -c --name --prefix --channel --file -f",
    "micromamba": "-n -p -c -r --name --prefix --channel --file -f --root-prefix",
    "go": "-o -p -ldflags -gcflags -asmflags -tags -mod -modfile -buildmode",
    "cargo": "--root --path --git --branch --tag --rev --version --vers --features -F --target --target-dir --bin "
    "--manifest-path -p --package -j --jobs --profile --registry --index --color --config -Z",
    "stack": "--resolver --snapshot --stack-yaml --stack-root --work-dir --local-bin-path --compiler --flag --ghc-options -j "
    "--jobs --arch --verbosity --color --ghc-variant --extra-include-dirs --extra-lib-dirs --exec --setup-info-yaml",
    "cabal": "--installdir --bindir --prefix --install-method --overwrite-policy --symlink-bindir --project-file --project-dir "
    "--builddir -w --with-compiler -f --flags --constraint --config-file --store-dir --package-env --index-state --ghc-options "
    "--extra-lib-dirs --extra-include-dirs --destdir",
    "swift": "-c --configuration --product --target --build-path --scratch-path --package-path --chdir -C -Xswiftc -Xcc -Xlinker "
    "-Xcxx -j --jobs --sanitize --arch --triple --sdk --swift-sdk --cache-path --config-path --build-system --traits "
    "--allow-writing-to-directory",
    "wget": "-O -P -o -a -t -T -U -i -e -w -Q -l -A -R -D -I -X -B --output-document --directory-prefix --output-file "
    "--append-output --header --user-agent --tries --timeout --user --password --post-data --input-file --referer "
    "--ca-certificate",
    "curl": "-o -H -d -u -x -A -X -T -b -c -e -F -m -r -w -C -K -y -Y -z -E --output --header --data --user --proxy "
    "--user-agent --request --upload-file --cookie --cookie-jar --referer --form --max-time --range --write-out "
    "--continue-at --retry --retry-delay --retry-max-time --connect-timeout --cacert --cert --data-binary --output-dir",
    "tar": "-C -f -X -T -I --directory --file --exclude-from --files-from --strip-components --exclude --transform "
    "--owner --group --use-compress-program --strip",
    "unzip": "-d -x -P",
    "git": "-C -c -b --branch --depth -o --origin -j --jobs --reference --template --git-dir --work-tree",
    "dotnet": "-c --configuration -o --output -r --runtime -f --framework --version-suffix -v --verbosity -s --source --os -a "
    "--arch --artifacts-path --manifest -p --project --configfile --packages --launch-profile --logger "
    "--results-directory --filter",
    "sphinx-build": "-b -d -c -j -D -A -t -w",
    "make": "-C -f -j -I -o -W --directory --file --jobs --include-dir",
    "useradd": "-b -c -d -e -f -g -G -k -K -p -s -u",
    "chown": "--from --reference",
    "chmod": "--reference",
    "mkdir": "-m --mode",
    "install": "-m -o -g -S -t --mode --owner --group --target-directory",
    "cp": "-S -t --target-directory --suffix",
    "mv": "-S -t --target-directory --suffix",
    "python": "-W -X -Q",
    "java": "-cp -classpath",
    "mvn": "-f -P -pl -s -gs -t -l -T --file --settings --activate-profiles --projects",
    "gradle": "-b -c -g -I -p -x --build-file --gradle-user-home --project-dir --exclude-task",
}  # fmt: skip
_VALUES: Final = {tool: frozenset(options.split()) for tool, options in _VALUE_OPTIONS.items()}
_NONE: Final[frozenset[str]] = frozenset()
_ALIASES: Final = {"pip2": "pip", "pip3": "pip", "yarnpkg": "yarn", "bundler": "bundle", "python2": "python", "python3": "python",
            "composer.phar": "composer"}  # fmt: skip
_NO_SUBCOMMAND: Final = frozenset(
    "wget curl tar unzip chown chmod chgrp rm cp mv mkdir ln touch tee make gmake useradd install python java sh bash find sed "
    "gunzip bunzip2 unxz gzip xz bzip2 echo cat sphinx-build bower-installer cpanm cpan perl npx "
    "install2.r install.r installGithub.r installBioc.r".split()
)


@lru_cache(maxsize=1024)
def canonical(tool: str) -> str:
    """``pip`` for ``pip3`` and ``pip3.9``; the name itself when it is not an alias."""
    if tool in _ALIASES:
        return _ALIASES[tool]
    base = tool.rstrip("0123456789.")
    return base if base in ("pip", "python") else tool


def value_options(tool: str) -> frozenset[str]:
    """The options of ``tool`` whose value is the next word. Empty for a tool that is not known."""
    known = _VALUES.get(tool)
    return _VALUES.get(canonical(tool), _NONE) if known is None else known


def has_no_subcommand(tool: str) -> bool:
    """True when the first operand of ``tool`` is a plain operand."""
    return tool in _NO_SUBCOMMAND or (tool not in _VALUES and canonical(tool) in _NO_SUBCOMMAND)
