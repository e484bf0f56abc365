"""What `./portal check` asks of the whole project and no ready-made tool answers."""
