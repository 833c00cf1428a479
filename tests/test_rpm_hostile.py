"""Files on distributions of RPMs that look as if an official image on Alpine were enough, and are not: each stays as it is, or
what is not seen is asked about. What is asked for is always SHOW."""

from __future__ import annotations

import pytest

from rewriter.engine import run
from rewriter.knowledge import alpine, distributions
from rewriter.knowledge.unknown import Unknown
from rewriter.report import Report
from rewriter.rule import Ask, Safety, Settings
from transforms import loaded

_PYTHON = 'COPY app.py /\nCMD ["python", "/app.py"]\n'
_INSTALL = "RUN yum install -y python-pip && yum clean all\n"

#: below FROM centos:7
STAYS = {
    "a group": "RUN yum groupinstall -y 'Development Tools'\n" + _INSTALL + _PYTHON,
    "a package by its address": "RUN yum install -y python-pip https://example.com/agent.rpm\n" + _PYTHON,
    "a package by a path": "COPY agent.rpm /\nRUN yum install -y python-pip /agent.rpm\n" + _PYTHON,
    "a package of rpm": _INSTALL + "RUN rpm -Uvh https://example.com/agent.rpm\n" + _PYTHON,
    "what rpm has": _INSTALL + "RUN rpm -qa > /packages\n" + _PYTHON,
    "a pinned package": "RUN yum install -y python-pip git-1.8.3.1\n" + _PYTHON,
    "a package in a variable": "ARG MORE\nRUN yum install -y python-pip $MORE\n" + _PYTHON,
    "a 32-bit library": "RUN yum install -y python-pip glibc.i686\n" + _PYTHON,
    "another repository": "RUN yum install -y --enablerepo=remi python-pip\n" + _PYTHON,
    "a repository by a setting": "RUN yum-config-manager --add-repo https://example.com/x.repo\n" + _INSTALL + _PYTHON,
    "a repository by a file": "ADD x.repo /etc/yum.repos.d/\n" + _INSTALL + _PYTHON,
    "a repository by echo": "RUN echo '[x]' > /etc/yum.repos.d/x.repo\n" + _INSTALL + _PYTHON,
    "a key": _INSTALL + "RUN rpm --import https://example.com/key\n" + _PYTHON,
    "settings of the system": _INSTALL + "RUN echo NETWORKING=yes > /etc/sysconfig/network\n" + _PYTHON,
    "a name of the system": _INSTALL + "RUN grep -q 'release 7' /etc/redhat-release\n" + _PYTHON,
    "a module of the distribution": "RUN yum install -y python-pip python-lxml\n" + _PYTHON,
    "a module for Apache": "RUN yum install -y python-pip httpd mod_wsgi\n" + _PYTHON,
    "both Pythons and Node.js": "RUN yum install -y python-pip nodejs\n" + _PYTHON,
    "installed under a condition": 'RUN if [ -n "$X" ]; then yum install -y git; fi; yum install -y python-pip\n'
    + _PYTHON,
    "or another package": "RUN yum install -y python-pip && (yum install -y git || true)\n" + _PYTHON,
    "removed again": "RUN yum install -y python-pip gcc && yum remove -y gcc\n" + _PYTHON,
    "updated by its name": "RUN yum update -y openssl\n" + _INSTALL + _PYTHON,
    "braces": _INSTALL + "RUN mkdir /srv/{a,b}\n" + _PYTHON,
    "a sequence in braces": _INSTALL + "RUN touch /srv/{1..3}\n" + _PYTHON,
    "a test of bash": _INSTALL + "RUN [[ -f /app.py ]] || true\n" + _PYTHON,
    "a redirection of bash": _INSTALL + "RUN true &> /log\n" + _PYTHON,
    "an expansion of bash": _INSTALL + "RUN x=abc && echo ${x:1:1}\n" + _PYTHON,
    "a service": _INSTALL + "RUN systemctl enable crond\n" + _PYTHON,
    "a locale": _INSTALL + "RUN localedef -i en_US -f UTF-8 en_US.UTF-8\n" + _PYTHON,
    "a path of the interpreter": _INSTALL + "RUN ln -s /usr/bin/python /usr/bin/py\n" + _PYTHON,
    "a folder of the interpreter": _INSTALL + "COPY x.pth /usr/lib/python2.7/site-packages/\n" + _PYTHON,
    "a user with what only shadow knows": _INSTALL + "RUN useradd -e 2030-01-01 app\n" + _PYTHON,
    "a group of the distribution": _INSTALL + "RUN useradd -G wheel app\n" + _PYTHON,
    "a comment beside a package": "RUN yum install -y python-pip \\\n# for maps\n    which\n" + _PYTHON,
    "as another user": "USER app\n" + _INSTALL + _PYTHON,
}


def _swapped(text: str) -> Report:
    chosen = tuple(one for one in loaded() if one.name == "runtime-of-the-distribution")
    report = run(chosen, text, Ask(settings=Settings(level=Safety.SHOW)))
    assert not report.crashed
    return report


@pytest.mark.parametrize("name", STAYS)
def test_it_stays(name: str) -> None:
    text = f"FROM centos:7\n{STAYS[name]}"
    report = _swapped(text)
    assert report.text == text
    assert report.declined, "a file that is left alone is told why"


def test_the_same_without_a_hazard_is_proposed() -> None:
    report = _swapped(f"FROM centos:7\n{_INSTALL}{_PYTHON}")
    assert report.text.startswith("FROM python:2.7-alpine\nCOPY")
    assert [told.safety for told in report.findings] == [Safety.SHOW]


@pytest.mark.parametrize(
    ("image", "row"),
    [
        ("centos:7", "el7"), ("centos:centos7", "el7"), ("centos:7.9.2009", "el7"), ("rockylinux:9.3", "el9"),
        ("fedora:41", "fedora41"), ("amazonlinux:2", "amzn2"), ("amazonlinux:2023", "amzn2023"), ("amazonlinux:2017.03", ""),
        ("centos:latest", ""), ("fedora:rawhide", ""), ("fedora:99", ""), ("debian:12", ""),
    ],
)  # fmt: skip
def test_the_release_of_an_image(image: str, row: str) -> None:
    assert distributions.rpm_release(*image.split(":")) == row


def test_names_of_rpms() -> None:
    assert alpine.names("git", "3.22", True) == alpine.Names(("git",))
    assert alpine.names("gcc-c++", "3.22", True) == alpine.Names(("g++",))
    assert alpine.names("epel-release", "3.22", True) == alpine.Names(())
    assert isinstance(alpine.names("systemd", "3.22", True), alpine.Absent)
    assert isinstance(alpine.names("libssl-dev", "3.22", True), Unknown), "a name of Debian's"
    assert isinstance(alpine.names("openssl-devel", "3.22"), Unknown), "a name of an RPM"
