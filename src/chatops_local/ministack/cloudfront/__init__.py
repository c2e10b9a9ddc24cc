"""CloudFront as viewers and origins know it, in front of what MiniStack serves, and behind AWS WAF."""
