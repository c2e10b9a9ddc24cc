"""What runs inside the emulator's process: MiniStack on the loopback interface, corrected where AWS differs.

MiniStack is pinned exactly, because the corrections reach into its private names. Every such name is declared with
:func:`chatops_local.ministack.private.private`, and contract tests hold each declaration against the installed code.
"""
