"""What keeps the endpoint running: health, metrics, logs, rates, a graceful end.

`metrics.Observer` is what the engine tells what happens; so this module imports nothing.
"""
