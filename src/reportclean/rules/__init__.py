"""Rules find, edits fix: each rule is a small module of its own, in the folder of its family."""
