"""Open311 GeoReport v2: the standard door for residents' apps, in JSON and XML.

One jurisdiction is one city (`jurisdiction_id` = its code; needed where a node serves several).
Only public kinds are shown, and of a case only what everybody may know: kind, state, place, unit
and times. `description` is the kind's name, never the reporter's words; `address` is the area's
name; photos stay behind the tracking code. Anybody may report; keys of staff go in `api_key`.
"""
