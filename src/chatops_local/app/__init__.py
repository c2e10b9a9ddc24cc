"""Runs a CDK app to its cloud assembly, as `cdk synth` does."""

from __future__ import annotations

from chatops_local.app.assembly import Assembly, AssemblyError, StageError
from chatops_local.app.synth import SynthError, synth

__all__ = ["Assembly", "AssemblyError", "StageError", "SynthError", "synth"]
