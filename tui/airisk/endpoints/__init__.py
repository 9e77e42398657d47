"""What AIRisk offers and the forms to fill in: catalog, fields, variables, files."""
