"""Changes that come over HTTP: made on a copy, in a process that can be killed, then published."""
