"""Real servers for the tests, each started by the test run itself on a free port, never one that it found."""
