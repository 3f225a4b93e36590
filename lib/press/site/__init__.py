"""What the pages of a site share: styles and scripts, navigation, indexes, search, and a server."""
