project = "shop"
html_theme = "basic"
html_copy_source = False
