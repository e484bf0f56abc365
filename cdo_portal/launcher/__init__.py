"""What `./portal` does around Django: servers, processes, messages. Standard library only."""
