brand_css = str
