"""The demonstration story: Shenzhen from August 2021 to 2022-05-10, told through the services."""
