"""What `./portal` does before and around Django: servers, processes, messages. Standard library only."""
