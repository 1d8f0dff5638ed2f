"""Reading packs: files → checked, immutable `LoadedPack`s → one `Catalog`.

`reading` opens one file safely, `building` turns declarations into the rooms' values, `loading`
reads folders, `checking` finds what does not fit, `mapping` applies a case mapping to rows.
Everything wrong is told at once, with file, place in the file, fault and remedy.
"""
