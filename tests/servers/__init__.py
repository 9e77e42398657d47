"""Servers the program is tried against: a second AIRisk, and a broken one."""
