"""IP sets of AWS WAF that are kept at run time: projections of a truth that is stored elsewhere."""
