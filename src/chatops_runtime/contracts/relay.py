"""How a relay is told what it relays to: a function that hands its event on to one in another region.

Step Functions invokes functions of its own region only.
"""

FUNCTION_ARN = "CHATOPS_RELAY_FUNCTION_ARN"
"""The function in another region that it invokes."""
