"""Who acts in the city: organisations, posts, people, shifts, and how they come in.

Words: an *organisation* stands in a tree inside one city; a *post* (岗位) is held by *appointment*
in an organisation over an area; a *shift* is who is on duty, handed over from one to the next;
a *session* is a signed-in browser; a *key* lets a script act in one post; a *link* signs a person
in once. Verbs: create, rename, move organisations; invite, appoint, dismiss; sign in and out;
open, hand over, accept shifts; issue and revoke keys and links.
"""
