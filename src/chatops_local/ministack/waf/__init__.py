"""AWS WAF: its API, its resource types, and what it decides. MiniStack keeps whatever it is given, unchecked."""
