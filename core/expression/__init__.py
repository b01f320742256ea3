"""Typed expressions: parsed, bounded, and evaluated from explicit tables; nothing else can be reached."""
