"""The API of trainings and meetings."""
