"""What an editor does: numbers found in a text, an edition drafted, and checked before it is published."""
