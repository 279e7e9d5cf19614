"""Every state of the store, whole and unchanged: its folders, its releases, its copies."""
