"""Python functions under AWS's own runtime client: each environment is a process that polls a Runtime API of ours."""
