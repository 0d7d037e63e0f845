"""How fast the portal is, each figure beside a limit measured in the same run. See docs/performance.md."""
