"""The table of turns: when a channel may be posted to again. One item for each channel.

{"channel_id": "C…",            the key
 "not_before_ms": 1763773430123, Unix time in milliseconds before which nobody posts
 "holder_id": "<one attempt>",   who is posting now; "": nobody, so that `not_before_ms` stands
 "expires_at": 1763859830}       Unix time in seconds at which DynamoDB may forget the item
"""

KEY = "channel_id"
NOT_BEFORE_MS = "not_before_ms"
HOLDER = "holder_id"
EXPIRES_AT = "expires_at"
