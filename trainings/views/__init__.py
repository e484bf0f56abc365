"""Pages of trainings and meetings."""
