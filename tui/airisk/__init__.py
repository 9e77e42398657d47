"""The AIRisk service: everything the program knows of AIRisk, without a screen."""
