"""Names of arguments: what can be typed, and what would change how a script runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatops_constructs._problems import matches
from chatops_runtime.contracts.arguments import variable

if TYPE_CHECKING:
    from chatops_constructs._problems import Problems

NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")

HELP = "help"

# Environment variables by which a shell, the loader or a program that a script calls is made to do something else. Of
# the shell: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_05_03 and
# https://www.gnu.org/software/bash/manual/html_node/Bash-Variables.html (to some of them nothing can be assigned).
_OF_THE_SHELL = """
    CDPATH COMP_WORDS DIRSTACK ENV EUID EXECIGNORE FCEDIT FIGNORE FPATH FUNCNAME FUNCNEST GLOBIGNORE GLOBSORT GROUPS
    HISTFILE HISTSIZE HOME HOSTFILE IFS INPUTRC LANG LINENO LOGNAME MAIL MAILPATH NLSPATH OLDPWD OPTARG OPTERR OPTIND
    PATH PIPESTATUS POSIXLY_CORRECT PPID PROMPT_COMMAND PS0 PS1 PS2 PS3 PS4 PWD RANDOM REPLY SECONDS SHELL SHELLOPTS
    SHLVL SRANDOM TERM TIMEFORMAT TMOUT TMPDIR TZ UID USER
"""
_OF_PROGRAMS = """
    ALL_PROXY BROWSER CLASSPATH EDITOR GCONV_PATH HOSTALIASES HTTPS_PROXY HTTP_PROXY LESS LESSCLOSE LESSOPEN LOCPATH
    MALLOC_CHECK_ MANPAGER NODE_OPTIONS NODE_PATH NO_PROXY OPENSSL_CONF OPENSSL_MODULES PAGER RESOLV_HOST_CONF
    RES_OPTIONS SSLKEYLOGFILE SSL_CERT_DIR SSL_CERT_FILE SUDO_ASKPASS TZDIR VISUAL ZDOTDIR
"""
RESERVED = frozenset(_OF_THE_SHELL.split()) | frozenset(_OF_PROGRAMS.split())
RESERVED_PREFIXES = (
    "AWS_", "BASH", "CHATOPS_", "CURL_", "DOCKER_", "GIT_", "GLIBC_", "JAVA_", "JDK_", "LC_", "LD_", "PERL", "PIP_",
    "PYTHON", "RUBY", "SSH_", "SUDO_", "SYSTEMD_",
)  # fmt: skip


def check_argument_name(problems: Problems, name: object) -> None:
    """Note a problem unless an argument may have this name.

    Args:
        problems: Where it is noted.
        name: What the caller gave.
    """
    problems.check(
        matches(NAME, name),
        "name",
        name,
        "a letter a-z, then up to 30 of a-z, 0-9 and '_'",
        "write it like 'service' or 'dry_run'",
        tokens=False,
    )
    if isinstance(name, str):
        problems.check(name != HELP, "name", name, f"any name but {HELP}, which is built in", "choose another name")
        problems.check(
            not _changes_how_a_script_runs(variable(name)),
            "name",
            name,
            f"a name whose environment variable, {variable(name)}, does not change how a script runs",
            "choose another name",
        )


def _changes_how_a_script_runs(variable_name: str) -> bool:
    return variable_name in RESERVED or variable_name.startswith(RESERVED_PREFIXES)
