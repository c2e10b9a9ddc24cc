"""The Lambda side of chatops-constructs: standard library and boto3 only.

One folder per capability; `contracts` is what it shares with the CDK side.
"""
