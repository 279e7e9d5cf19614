"""SERVICE to the hosts that an operator listed, asked by the server and never by a worker.

A worker has no network. It finds a query's SERVICE blocks and says what each would ask; the server
asks those that are listed and hands the replies back; the worker puts them in as VALUES.
"""
