# Manual pages, mdoc; one a command.
