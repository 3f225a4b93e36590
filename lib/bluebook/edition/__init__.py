"""An edition's data: read strictly, opened by id, and audited."""
