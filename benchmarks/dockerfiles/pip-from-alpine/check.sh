python3 -c "import jinja2; print(jinja2.Template(open('/page.html').read()).render(name='you'))"; command -v gcc || echo gone
