"""REST API of people, posts, appointments, filings and teams: read and write."""
