"""Files that look as if they could go to Alpine, or leave a distribution, and could not: none is written, not even as a proposal.

On the images of servers and of PHP what is not seen is a question and no bar: here each fact has to stand against it by itself.
"""

from __future__ import annotations

import pytest

from rewriter.engine import run
from rewriter.report import Outcome
from rewriter.rule import Ask, Safety, Settings
from transforms import loaded

_NGINX = "FROM nginx:1.25\n"
_PHP = "FROM php:8.2-fpm\n"
_APT = "RUN apt-get update && apt-get install -y {}\n"

#: commands of a RUN that busybox, musl or Alpine do otherwise or not at all
RUNS = {
    "bash array": "RUN files=(a b) && echo ${files[0]}\n",
    "bash test": "RUN [[ -d /etc ]] && echo y\n",
    "bash sum": "RUN if (( 2 > 1 )); then echo y; fi\n",
    "equal signs": 'RUN [ "$X" == y ] && echo y\n',
    "part of a value": "RUN X=abc && echo ${X:0:1}\n",
    "random": "RUN echo $RANDOM\n",
    "echo with backslashes": "RUN echo 'a\\tb' > /etc/x\n",
    "grep -P": "RUN grep -P 'a\\d' /etc/nginx/nginx.conf\n",
    "grep -oP behind a pipe": "RUN nginx -V 2>&1 | grep -oP '(?<=nginx/)[\\d.]+'\n",
    "grep --include": "RUN grep -r --include='*.conf' listen /etc/nginx\n",
    "sed -z": "RUN sed -z 's/\\n/,/g' -i /etc/nginx/nginx.conf\n",
    "sed with capitals": "RUN sed -i 's/a/\\U&/' /etc/nginx/nginx.conf\n",
    "sed from zero": "RUN sed -i '0,/listen/s//x/' /etc/nginx/nginx.conf\n",
    "sed -u": "RUN sed -u s/a/b/ /etc/nginx/nginx.conf\n",
    "sed through a link": "RUN sed -i --follow-symlinks s/a/b/ /etc/nginx/nginx.conf\n",
    "tar --transform": "RUN tar -xf /srv/a.tar --transform 's/^a/b/'\n",
    "tar with a pattern": "RUN tar -xf /srv/a.tar '*/conf'\n",
    "tar with a program": "RUN tar -I pigz -xf /srv/a.tgz\n",
    "tar --same-owner": "RUN tar --same-owner -xf /srv/a.tar\n",
    "date of yesterday": "RUN date -d yesterday +%F > /etc/day\n",
    "date of an offset": "RUN date -d '+1 hour' > /etc/day\n",
    "find -printf": "RUN find /etc -printf '%p'\n",
    "find -newermt": "RUN find /etc -newermt 2021-01-01\n",
    "sort --parallel": "RUN sort --parallel=2 /etc/passwd\n",
    "cp --preserve": "RUN cp --preserve=mode /etc/passwd /etc/p\n",
    "sha256sum --check": "RUN sha256sum --check /srv/sums\n",
    "useradd with a home": "RUN useradd --create-home --skel /etc/skel own\n",
    "usermod": "RUN usermod -u 1000 www-data\n",
    "chown to a user of Debian": "RUN chown -R backup:backup /srv\n",
    "su": "RUN su -c 'id' nobody\n",
    "apt-key": "RUN apt-key add /srv/key\n",
    "PPA": _APT.format("software-properties-common") + "RUN add-apt-repository ppa:own/own\n",
    "dpkg -i": "ADD https://example.org/a.deb /a.deb\nRUN dpkg -i /a.deb\n",
    "deb by wget": _APT.format("wget") + "RUN wget https://example.org/a_amd64.deb\n",
    "program for Linux by curl": "RUN curl -fsSLo /usr/bin/own https://example.org/own-linux-amd64\n",
    "archive for Linux by curl": "RUN curl -fsSL https://example.org/own_1.0_Linux_x86_64.tar.gz | tar -xz -C /opt\n",
    "shared object by curl": "RUN curl -fsSLo /usr/lib/own.so https://example.org/own.so\n",
    "script by a pipe": "RUN curl -fsSL https://example.org/install | sh\n",
    "script by a pipe to bash": "RUN curl -fsSL https://example.org/install | bash -s -- --yes\n",
    "script that is not seen": "COPY setup /\nRUN /setup\n",
    "update-alternatives": "RUN update-alternatives --set awk /usr/bin/mawk\n",
    "service": "RUN service nginx start\n",
    "systemctl": "RUN systemctl enable nginx\n",
    "locale-gen": _APT.format("locales") + "RUN locale-gen de_DE.UTF-8\n",
    "localedef": "RUN localedef -i de_DE -f UTF-8 de_DE.UTF-8\n",
    "a locale in ENV": "ENV LC_ALL=de_DE.UTF-8\n",
    "a zone in ENV": "ENV TZ=Europe/Berlin\n",
    "dpkg-reconfigure": "RUN dpkg-reconfigure -f noninteractive tzdata\n",
    "debconf": "RUN echo 'a a/b select c' | debconf-set-selections\n",
    "package of glibc": _APT.format("libc6-dev-i386"),
    "package that Alpine lacks": _APT.format("nginx-module-own"),
    "package of a version": _APT.format("curl=7.88.1-10"),
    "package removed again": _APT.format("curl") + "RUN apt-get purge -y curl\n",
    "package from backports": "RUN apt-get update && apt-get install -y -t bookworm-backports curl\n",
    "apt in a condition": "RUN if true; then apt-get update && apt-get install -y curl; fi\n",
    "folder of glibc": "ENV LD_LIBRARY_PATH=/usr/lib/x86_64-linux-gnu\n",
    "path of a program": "RUN /usr/bin/find /etc -name x\n",
    "onbuild": "ONBUILD COPY . /usr/share/nginx/html\n",
    "shell that is not there": 'SHELL ["/bin/zsh", "-c"]\n',
}
#: what stands against PHP on Alpine
PHP = {
    "gettext": "RUN docker-php-ext-install gettext\n",
    "iconv": "RUN docker-php-ext-install -j4 iconv\n",
    "ionCube": "RUN mv /srv/ioncube_loader_lin_8.2.so /usr/local/lib/php/\n",
    "driver of SQL Server": "RUN pecl install pdo_sqlsrv\n",
    "driver of Oracle": "RUN docker-php-ext-install oci8\n",
    "folder of LDAP": "RUN docker-php-ext-configure ldap --with-libdir=lib/x86_64-linux-gnu\n",
    "link into the folder of glibc": "RUN ln -s /usr/lib/x86_64-linux-gnu/libldap.so /usr/lib/\n",
    "number of www-data": "RUN usermod -u 1000 www-data && groupmod -g 1000 www-data\n",
    "NodeSource": "RUN curl -fsSL https://deb.nodesource.com/setup_20.x | bash -\n",
    "microsoft's sources": "RUN curl https://packages.microsoft.com/keys/microsoft.asc | apt-key add -\n",
    "a site of Apache": "RUN a2enmod rewrite && service apache2 restart\n",
}
#: distributions that look as if they were there for one language, and are not, or another one
DISTRIBUTIONS = {
    "python behind a link": "FROM ubuntu:20.04\n"
    + _APT.format("python3-pip")
    + 'RUN ln -s /usr/bin/python3 /usr/bin/python\nCMD ["python", "a.py"]\n',
    "shebang of the distribution": "FROM ubuntu:20.04\n"
    + _APT.format("python3-pip")
    + 'RUN echo \'#!/usr/bin/python3\' > /a && chmod +x /a\nCMD ["python3", "/a"]\n',
    "modules of the distribution": "FROM debian:12\n"
    + _APT.format("python3-pip python3-opencv")
    + 'CMD ["python3", "/a.py"]\n',
    "dist-packages": "FROM debian:12\n"
    + _APT.format("python3-pip")
    + 'COPY own /usr/lib/python3/dist-packages/own\nCMD ["python3", "-m", "own"]\n',
    "mod_wsgi": "FROM ubuntu:20.04\n"
    + _APT.format("python3-pip libapache2-mod-wsgi-py3")
    + 'CMD ["python3", "/a.py"]\n',
    "supervisor": "FROM ubuntu:20.04\n" + _APT.format("python3-pip supervisor") + 'CMD ["python3", "/a.py"]\n',
    "cron": "FROM ubuntu:20.04\n" + _APT.format("python3-pip cron") + 'CMD ["python3", "/a.py"]\n',
    "Python of a PPA": "FROM ubuntu:20.04\nRUN echo 'deb http://ppa.launchpad.net/own/own/ubuntu focal main' > /etc/apt/a.list\n"
    + _APT.format("python3 python3-pip")
    + 'CMD ["python3", "/a.py"]\n',
    "own mirror": "FROM ubuntu:20.04\nRUN sed -i s/archive/de.archive/ /etc/apt/sources.list\n"
    + _APT.format("python3-pip")
    + 'CMD ["python3", "/a.py"]\n',
    "Python 3.9 of another package": "FROM ubuntu:20.04\n"
    + _APT.format("python3.9 python3-pip")
    + 'CMD ["python3.9", "/a.py"]\n',
    "node-gyp of the distribution": "FROM debian:12\n" + _APT.format("nodejs npm node-gyp") + 'CMD ["node", "/a.js"]\n',
    "path of node": "FROM debian:12\n"
    + _APT.format("nodejs npm")
    + 'RUN ln -s /usr/bin/nodejs /usr/bin/node\nCMD ["node", "/a.js"]\n',
    "native libraries of Java": "FROM ubuntu:22.04\n"
    + _APT.format("openjdk-17-jdk libtcnative-1")
    + 'CMD ["java", "-Djava.library.path=/usr/lib/x86_64-linux-gnu/jni", "-Dx=/usr/lib/jvm", "-jar", "/a.jar"]\n',
    "alternatives of Java": "FROM ubuntu:22.04\n"
    + _APT.format("openjdk-17-jdk")
    + 'RUN update-alternatives --set java /x\nCMD ["java", "-jar", "/a.jar"]\n',
    "keystore of the distribution": "FROM ubuntu:22.04\n"
    + _APT.format("openjdk-17-jdk")
    + 'RUN keytool -import -keystore /etc/ssl/certs/java/cacerts\nCMD ["java", "-jar", "/a.jar"]\n',
    "two versions of Java": "FROM ubuntu:22.04\n"
    + _APT.format("openjdk-8-jdk openjdk-17-jdk")
    + 'CMD ["java", "-jar", "/a.jar"]\n',
    "jstack of a JDK": "FROM ubuntu:22.04\n"
    + _APT.format("openjdk-17-jdk")
    + 'HEALTHCHECK CMD jstack 1\nCMD ["java", "-jar", "/a.jar"]\n',
    "another stage takes from it": "FROM ubuntu:20.04 AS a\n"
    + _APT.format("python3-pip")
    + 'FROM debian:12 AS b\nCOPY --from=c /etc/os-release /x\nFROM a AS c\nCMD ["python3", "/a.py"]\n',
    "digest": "FROM ubuntu:20.04@sha256:" + "0" * 64 + "\n" + _APT.format("python3-pip") + 'CMD ["python3", "/a.py"]\n',
    "devel release": "FROM ubuntu:rolling\n" + _APT.format("python3-pip") + 'CMD ["python3", "/a.py"]\n',
    "testing": "FROM debian:testing\n" + _APT.format("python3-pip") + 'CMD ["python3", "/a.py"]\n',
}
_FILES = [(f"nginx: {name}", _NGINX + text) for name, text in RUNS.items()]
_FILES += [(f"php: {name}", _PHP + text) for name, text in PHP.items()]
_FILES += [(f"distribution: {name}", text) for name, text in DISTRIBUTIONS.items()]
_SWAPS = tuple(one for one in loaded() if one.name in ("base-heavier-than-alpine", "runtime-of-the-distribution"))


@pytest.mark.parametrize(("name", "text"), _FILES, ids=[name for name, _ in _FILES])
def test_nothing_is_written_and_why_is_said(name: str, text: str) -> None:
    report = run(_SWAPS, text, Ask(settings=Settings(level=Safety.SHOW, base="alpine")))
    applied = [one.title for one in report.findings if one.outcome is Outcome.APPLIED]
    assert not applied, f"{name}: {report.text}"
    assert report.declined and not report.crashed


def test_the_same_files_without_their_hazard_are_proposed() -> None:
    """So that what is tried above is the hazard, and nothing else."""
    for base in (_NGINX, _PHP):
        report = run(_SWAPS, base + "COPY . /srv\n", Ask(settings=Settings(level=Safety.SHOW)))
        assert [one.outcome for one in report.findings] == [Outcome.APPLIED]
    text = "FROM ubuntu:20.04\n" + _APT.format("python3-pip") + 'CMD ["python3", "/a.py"]\n'
    report = run(_SWAPS, text, Ask(settings=Settings(level=Safety.SHOW)))
    assert report.text.startswith("FROM python:3.8-slim\n")
