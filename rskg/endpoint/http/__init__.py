"""What HTTP itself asks of a server, whatever it answers."""
