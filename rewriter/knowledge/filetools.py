"""What common commands do to files. Source: the manual page of each tool (Debian, POSIX, BusyBox)."""

from __future__ import annotations

from typing import Final

#: they touch no file but those that their words name
PLAIN: Final = frozenset(
    "[ echo printf true false : test cd pushd popd export set unset shift umask ulimit read exit return trap wait "
    "kill sleep date id whoami pwd uname hostname arch nproc which type command hash env getent locale dirname "
    "basename seq expr yes alias cat grep egrep fgrep zgrep head tail wc sort uniq cut tr awk gawk mawk sed diff cmp "
    "file stat ls readlink realpath du df sha1sum sha224sum sha256sum sha384sum sha512sum md5sum b2sum shasum cksum "
    "gpg gpg2 gpgv apt-key gosu xxd od jq chmod chown chgrp chattr setcap strip touch mkdir rmdir mktemp cp mv rm "
    "unlink ln install rsync tee dd truncate find tar bsdtar unzip zip gunzip gzip zcat bunzip2 bzip2 bzcat unxz xz "
    "xzcat 7z 7za 7zr unrar jar cpio zstd unzstd wget curl git hg svn useradd groupadd adduser addgroup usermod "
    "groupmod userdel deluser passwd chpasswd chsh ldconfig update-ca-certificates update-alternatives alternatives "
    "localedef locale-gen update-locale dpkg-reconfigure debconf-set-selections apt-get apt aptitude apt-cache apt-mark "
    "add-apt-repository apt-add-repository dpkg dpkg-divert apk yum dnf microdnf tdnf zypper rpm pacman yum-config-manager "
    "yum-builddep systemctl a2enmod a2dismod a2ensite a2dissite phpenmod php5enmod docker-php-ext-install "
    "docker-php-ext-enable docker-php-ext-configure pecl pear crontab visudo ssh-keygen openssl keytool".split()
)
#: they read whole trees that their words name
DEEP: Final = frozenset("cp mv rsync find zip scp git".split())
#: they read the project in the directory where they run, and keep to it and to their own caches
PROJECT: Final = frozenset(
    "pip uv npm npx yarn pnpm bower gem bundle composer go cargo mvn gradle sbt lein dotnet conda mamba "
    "micromamba cpanm cpan luarocks cabal stack R Rscript pipenv poetry easy_install".split()
)
#: they take what is in the file named by a word and put it elsewhere
UNPACKERS: Final = frozenset(
    "unzip 7z 7za 7zr unrar jar cpio zcat bzcat xzcat gzip bzip2 xz gunzip bunzip2 unxz zstd unzstd gdebi".split()
)
#: they replace the file that they unpack by its content, unless told to keep it
REPLACERS: Final = {
    "gunzip": (".gz", ".tgz"),
    "bunzip2": (".bz2",),
    "unxz": (".xz",),
    "gzip": (".gz",),
    "bzip2": (".bz2",),
    "xz": (".xz",),
}
#: interpreters that run an installer named by their first operand
INTERPRETERS: Final = frozenset("sh bash dash ash python perl ruby php node java".split())
#: package managers whose ``install`` may name a file
INSTALLERS: Final = frozenset("apt-get apt yum dnf microdnf zypper pip gem pecl easy_install localinstall".split())
#: what a package or an archive is called: no program by itself
PACKED: Final = tuple(
    ".tar .tar.gz .tgz .tar.bz2 .tbz2 .tbz .tar.xz .txz .tar.zst .tar.lz .zip .gz .bz2 .xz .7z .rar .deb .rpm .apk "
    ".whl .gem .cpio".split()
)
#: what a package, an archive or an installer is called
ARCHIVES: Final = (*PACKED, ".run", ".bin", ".bsx", ".sh")
#: directories that every image with a shell has
COMMON_DIRECTORIES: Final = frozenset(
    "/ /tmp /opt /root /usr /usr/local /usr/local/bin /home /var/tmp /etc /srv".split()
)
TEMPORARY: Final = ("/tmp", "/var/tmp")
#: programs find files here without being told their names: configuration, search paths, plug-ins
SYSTEM_DIRECTORIES: Final = tuple(
    "/etc /bin /sbin /lib /usr/bin /usr/sbin /usr/lib /usr/share /usr/local/bin /usr/local/sbin /usr/local/lib "
    "/usr/local/share /usr/local/etc /var/lib".split()
)
#: those in which a shell looks for programs, and nobody for anything else
PROGRAM_DIRECTORIES: Final = tuple("/bin /sbin /usr/bin /usr/sbin /usr/local/bin /usr/local/sbin".split())
#: programs that hand out the files of the directory in which they start
SERVERS: Final = (
    "http.server",
    "SimpleHTTPServer",
    "http-server",
    "php -S",
    "httpd -f",
    "busybox httpd",
    "caddy file-server",
)
#: names of directories whose content is handed out
SERVED: Final = frozenset("html htdocs www public public_html static webroot wwwroot webapps".split())
#: the entry points of well-known images read all files that lie in directories of these names
READ_AT_START: Final = frozenset("docker-entrypoint-initdb.d docker-entrypoint-init.d docker-entrypoint.d".split())
#: they may read files that only another file names: a list of sums, a signature
CHECKERS: Final = frozenset(
    "sha1sum sha224sum sha256sum sha384sum sha512sum md5sum b2sum shasum cksum gpg gpg2 gpgv".split()
)
