"""Which secrets the stacks of a stage read, and where these have to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_setup.contents import ContentsError
from chatops_setup.declared_secrets import declared_in, merged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chatops_setup.assembly import Place, SynthesisedStack
    from chatops_setup.declared_secrets import DeclaredSecret


def secrets_of(stacks: Iterable[SynthesisedStack], stage: str | None) -> dict[Place, list[DeclaredSecret]]:
    """The secrets by place, each once.

    Args:
        stacks: All of the app.
        stage: Those of this stage only: what is read in its `cdk.Stage`, and what is declared for it elsewhere, as an
            app does that is synthesised for one stage at a time. None: all.

    Raises:
        ContentsError: There is nothing of that stage.
    """
    found: dict[Place, list[DeclaredSecret]] = {}
    stages: set[str] = set()
    is_there = stage is None
    for stack in stacks:
        declared = merged(each for template in stack.templates for each in declared_in(template))
        stages |= {stack.stage, *(each.stage or "" for each in declared)}
        in_stage = stage is None or stack.is_of_stage(stage)
        wanted = [each for each in declared if in_stage or (stage is not None and each.is_of_stage(stage))]
        is_there = is_there or in_stage or bool(wanted)
        if wanted:
            found[stack.place] = merged([*found.get(stack.place, []), *wanted])
    if not is_there:
        names = ", ".join(sorted(stages - {""})) or "none"
        raise ContentsError(
            f"the app has no stage {stage}: neither a cdk.Stage of that id nor secrets that StageSecrets(…, "
            f"stage={stage!r}) names; there are: {names}"
        )
    return found
