"""AIRisk's endpoints and their forms: catalog, fields, variables, files."""
