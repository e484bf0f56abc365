"""Input of trainings and meetings."""
