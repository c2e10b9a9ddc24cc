"""The shapes that the CDK side writes and the Lambda side reads, or the other way round.

Standard library only, and little of it: the ack path imports some of these modules, so nothing here may import
`typing`, `dataclasses` or `re` at run time.
"""
