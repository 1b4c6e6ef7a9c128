"""What every protocol of the gateway stands on: ASGI messages, bodies in bounded time and memory, refusals."""
