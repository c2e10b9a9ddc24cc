"""AWS WAF: pairs of IP sets, and what is built of them."""
