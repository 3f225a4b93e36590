"""How an executed notebook becomes a page, with its charts, tables and downloads."""
