"""Scripts on EC2 instances through Systems Manager Run Command."""
