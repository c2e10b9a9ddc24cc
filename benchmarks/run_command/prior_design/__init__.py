"""A scheduled Run Command as it was built in 2020: two functions and a state machine that retries one of them."""
