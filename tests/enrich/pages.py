"""Pages of made-up companies."""

from datetime import UTC, datetime

from longlist.enrich.site_page import SitePage
from longlist.model.web import WebPage

NOW = datetime(2026, 1, 2, tzinfo=UTC)
HOME = "https://acme-paint.com/"

NAV = (
    '<nav><a href="/">Home</a><a href="/about-us">About us</a><a href="/careers">Careers</a>'
    '<a href="/contact">Contact</a><a href="/blog">Blog</a></nav>'
)
AROUND = (
    '<div id="cookie-banner"><p>We use cookies to improve your experience. Accept all to agree.</p></div>'
    f'<header><a href="/">Acme Paint</a>{NAV}</header>'
)
BELOW = (
    '<section class="customers"><h2>What customers say</h2><blockquote>“Founded in 1901, we had 900 employees.” — CEO, Zeta'
    "</blockquote><p>Trusted by teams at Zeta, Omega, Psi</p></section>"
    '<section class="blog"><h2>From the blog</h2><h3>What we learned since 2003</h3></section>'
    "<footer><p>© 2019 Acme Paint Inc. All rights reserved.</p>"
    '<a href="https://www.linkedin.com/company/acme-paint">LinkedIn</a></footer>'
)


def html(main: str, *, title: str = "Acme Paint", head: str = "", around: bool = True) -> str:
    """A page with this main part, and what surrounds it on a usual site."""
    body = f"{AROUND}<main>{main}</main>{BELOW}" if around else main
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def ld(data: str) -> str:
    """JSON-LD for a page's head."""
    return f'<script type="application/ld+json">{data}</script>'


def site_page(source: str, url: str = HOME, title: str = "") -> SitePage:
    """A page that was read."""
    return SitePage(WebPage(url, url, "readable", NOW, 200, title=title, text="", html=source))
