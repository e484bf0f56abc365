"""REST API of rounds of signing: read only. What is signed is signed at the endpoint of the thing."""
