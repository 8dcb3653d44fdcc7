"""The alert centre: inbox, drawer, rules, owners and channels, and the strip that other pages show.

page.draw(page)          the page itself                      strip.here(page)    one line on other pages
count.badge(name)        the number in the menu               people.show(...)    a section of the settings page
"""
