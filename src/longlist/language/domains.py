"""Domains: the registered domain of an address, and whether it is a company's own.

A host that carries other people's companies (a social network, an app store, a site builder, a link shortener) never
identifies one. The lists below are curated by hand from what company lists contain; each group says why it is there.
Public suffixes come from the list inside `tldextract`; nothing is fetched.
"""

import ipaddress
import re
import unicodedata
from functools import lru_cache

import idna
import tldextract

_EXTRACT = tldextract.TLDExtract(
    suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True, fallback_to_snapshot=True
)
_MAX_LENGTH = 2_000
_MAX_TOKENS = 12
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]{0,19}:(?=[/\\]|$)[/\\]*|^(?:https?|ftp)[:/\\]{1,4}|^[/\\]{2,}|^mailto:")
_ARCHIVED = re.compile(r"(?:web\.archive\.org|archive\.(?:today|is|ph))/(?:web/)?[0-9a-z_*]{4,20}/(?=[a-z])")
_WRAPPING = "<>()[]{}\"'`“”‘’«»,;|*"

# Companies register their name right under these although the suffix list calls them private.
_REGISTRIES = frozenset(
    """
    ae.org br.com cn.com co.com co.nl co.no com.de com.se de.com eu.com eu.org gb.net gr.com hu.net in.net jp.net
    jpn.com mex.com nl.eu.org ru.com sa.com se.net uk.com uk.net us.com us.org za.bz za.com co.business co.education
    co.events co.financial co.network co.place co.technology com.ru net.ru org.ru pp.ru ltd.ua biz.ua co.ua pp.ua
    co.cz co.ca co.dk co.pl sk.eu.org service.gov.uk
    """.split()
)

_NEVER: dict[str, str] = {
    "social networks and messengers: pages and profiles of others": """
        linkedin.com lnkd.in facebook.com fb.com fb.me m.me instagram.com twitter.com x.com t.me telegram.me threads.net
        tiktok.com youtube.com youtu.be pinterest.com snapchat.com reddit.com vk.com ok.ru weibo.com xing.com viadeo.com
        discord.gg discord.com discordapp.com whatsapp.com wa.me line.me vimeo.com twitch.tv quora.com flickr.com
        soundcloud.com mastodon.social bsky.app meetup.com nextdoor.com clubhouse.com kakao.com""",
    "company databases, investors' and accelerators' directories": """
        crunchbase.com pitchbook.com cbinsights.com angel.co angellist.com wellfound.com f6s.com ycombinator.com
        tracxn.com owler.com dealroom.co zoominfo.com rocketreach.co apollo.io dnb.com opencorporates.com bloomberg.com
        growjo.com craft.co startupranking.com startupblink.com eu-startups.com gust.com builtin.com golden.com
        northdata.com northdata.de companieshouse.gov.uk similarweb.com leadiq.com kompass.com europages.com
        yellowpages.com thecompanycheck.com 6sense.com theorg.com signal.nfx.com latka.com getlatka.com""",
    "reviews, jobs and local listings": """
        glassdoor.com indeed.com yelp.com trustpilot.com tripadvisor.com g2.com g2crowd.com capterra.com getapp.com
        softwareadvice.com softwaresuggest.com sourceforge.net alternativeto.net stackshare.io saashub.com
        trustradius.com clutch.co goodfirms.co producthunt.com betalist.com foursquare.com bbb.org
          """,
    "encyclopaedias, wikis and maps": """
        openstreetmap.org
        wikipedia.org wikimedia.org wikidata.org wiktionary.org wikibooks.org fandom.com wikia.com wikiwand.com
        everybodywiki.com dbpedia.org infobox.com""",
    "code hosts, package registries and project pages": """
        github.com github.io githubusercontent.com gitlab.com gitlab.io bitbucket.org bitbucket.io gitee.com gitee.io
        codeberg.org codeberg.page sr.ht launchpad.net savannah.gnu.org sourceforge.io freecode.com npmjs.com
        rubygems.org crates.io packagist.org nuget.org pub.dev hex.pm cpan.org metacpan.org
        cocoapods.org stackage.org clojars.org pkg.go.dev docs.rs js.org readthedocs.io readthedocs.org rtfd.io
        codepen.io jsfiddle.net jsdelivr.net unpkg.com cdnjs.com huggingface.co kaggle.com stackoverflow.com
        stackexchange.com""",
    "plugin and theme directories": """
        wordpress.org drupal.org themeforest.net codecanyon.net envato.market templatemonster.com creativemarket.com
        extensions.joomla.org wphive.com addons.mozilla.org""",
    "site builders and page hosts: the tenants' pages (the builder's own site is elsewhere)": """
        myshopify.com shopifypreview.com wixsite.com wixstudio.io weeblysite.com webflow.io squarespace.site
        godaddysites.com business.site square.site sites.google.com blogspot.com blogger.com wordpress.page livejournal.com
        typepad.com simplesite.com jimdosite.com jimdofree.com mystrikingly.com webnode.page webs.com angelfire.com
        tripod.com geocities.com framer.website framer.app framer.ai notion.site super.site carrd.site canva.site
        my.canva.site softr.app bubbleapps.io glideapp.io webador.com mailchimpsites.com hubspotpagebuilder.com
        unbouncepages.com netlify.app vercel.app now.sh herokuapp.com fly.dev onrender.com render.app railway.app
        replit.app repl.co glitch.me surge.sh pages.dev workers.dev web.app firebaseapp.com appspot.com run.app
        azurewebsites.net azurestaticapps.net cloudfront.net amazonaws.com elasticbeanstalk.com ngrok.io ngrok.app
        lovable.app streamlit.app  zendesk.page freshdesk.page helpscoutdocs.com  atlassian.net""",
    "link pages, shorteners and forms": """
        linktr.ee linktree.com beacons.ai bio.link about.me lnk.bio linkin.bio campsite.bio taplink.cc solo.to msha.ke
        bit.ly bitly.com tinyurl.com goo.gl t.co ow.ly buff.ly is.gd rb.gy cutt.ly rebrand.ly shorturl.at tiny.cc
        dlvr.it amzn.to apple.co forms.gle hubs.ly hubs.la onelink.me app.link page.link smart.link""",
    "archives, standards bodies and document shares: what stands there is somebody else's": """
        archive.org archive.is archive.today archive.ph ietf.org rfc-editor.org w3.org whatwg.org dropbox.com
        docdroid.net scribd.com slideshare.net issuu.com calameo.com docsend.com pitch.com""",
    "marketplaces of goods, gigs and funds": """
        alibaba.com aliexpress.com made-in-china.com indiamart.com globalsources.com tradeindia.com mercadolibre.com
        mercadolivre.com.br fiverr.com upwork.com kickstarter.com indiegogo.com gofundme.com wefunder.com republic.com
        seedrs.com crowdcube.com startengine.com gumroad.com patreon.com""",
    "free mail: the host of an address, never of a company": """
        gmail.com googlemail.com hotmail.com outlook.com live.com msn.com icloud.com gmx.de gmx.net gmx.com web.de
        yahoo.co.uk yahoo.co.jp ymail.com aol.com protonmail.com proton.me mail.ru qq.com 163.com 126.com""",
}
_PACKAGE_INDEXES = {f"{language}.org" for language in ("pypi", "npmjs")}
_AGGREGATORS = frozenset(host for group in _NEVER.values() for host in group.split()) | _PACKAGE_INDEXES

# Of those, vendors whose bare address is their own; any page below it is about others.
_OWN_AT_ROOT = frozenset(
    """
    6sense.com alibaba.com aliexpress.com apollo.io beacons.ai bitly.com blogger.com builtin.com capterra.com clutch.co
    discord.com docsend.com dropbox.com fiverr.com flickr.com foursquare.com g2.com getapp.com gitlab.com glassdoor.com
    gofundme.com gumroad.com huggingface.co indeed.com indiegogo.com issuu.com kaggle.com kickstarter.com kompass.com
    leadiq.com linktr.ee livejournal.com meetup.com mercadolibre.com nextdoor.com patreon.com pinterest.com pitch.com
    producthunt.com quora.com railway.app reddit.com rocketreach.co scribd.com similarweb.com slideshare.net
    softwaresuggest.com soundcloud.com stackoverflow.com stackshare.io theorg.com tripadvisor.com trustpilot.com
    trustradius.com twitch.tv typepad.com upwork.com vimeo.com wefunder.com wellfound.com whatsapp.com xing.com
    yelp.com zoominfo.com
    """.split()
)

# The company runs its own site here; everything under another subdomain is a customer's.
_TENANT_SUBDOMAINS = frozenset(
    """
    wordpress.com squarespace.com weebly.com wix.com tumblr.com medium.com substack.com zendesk.com freshdesk.com
    bigcartel.com jimdo.com strikingly.com webnode.com tilda.ws tilda.cc carrd.co yola.com ucraft.net mozello.com
    shopify.site ecwid.com shoplazza.com mybigcommerce.com storenvy.com ghost.io beehiiv.com hatenablog.com
    pythonanywhere.com boutir.com typeform.com intercom.help helpjuice.com readme.io gitbook.com uservoice.com
    teachable.com thinkific.com kajabi.com clickfunnels.com instapage.com leadpages.co lever.co greenhouse.io
    workable.com ashbyhq.com gitbook.io statuspage.io bamboohr.com recruitee.com personio.de teamtailor.com breezy.hr myworkdayjobs.com bandcamp.com itch.io wikidot.com
    livejasmin.com over-blog.com canalblog.com notion.so coda.io airtable.com webflow.com framer.com bubble.io
    """.split()
)
_OWN_SUBDOMAINS = frozenset(
    """
    www www2 about accounts account api app apps blog business careers cloud community company corporate dashboard
    de dev developer developers docs documentation en engineering es eu fr get go group help home info ir investor
    investors it jp learn login m marketing marketplace news newsroom partners pay press pro shop signup status store
    support us web workspace ads advertising
    """.split()
)

# A bare address is the company's own; with one of these paths it is a seller, an app or an author.
_TENANT_PATHS: dict[str, re.Pattern[str]] = {
    "etsy.com": re.compile(r".*/shop/|.*/listing/"),
    "ebay.com": re.compile(r"/(?:str|usr|itm|b)/"),
    "amazon": re.compile(r"/(?:.+/)?(?:dp|gp|stores|shops|sp|marketplace)(?:/|$)"),
    "medium.com": re.compile(r"/."),
    "substack.com": re.compile(r"/."),
    "notion.so": re.compile(r"/.*[0-9a-f]{32}"),
    "google.com": re.compile(r"/(?:maps|search|url|site)\b|/marketplace/"),
    "yahoo.com": re.compile(r"/(?:quote|company)/"),
    "bigcommerce.com": re.compile(r"/apps/."),
    "wix.com": re.compile(r"/app-market/."),
    "wordpress.com": re.compile(r"/(?:plugins|theme)/."),
    "woocommerce.com": re.compile(r"/vendor/."),
    "booking.com": re.compile(r"/hotel/"),
    "airbnb.com": re.compile(r"/(?:rooms|h|users)/"),
    "zapier.com": re.compile(r"/apps/."),
}

# Hosts that carry others although the domain above them is a company's own.
_SHARED_HOSTS = frozenset(
    """
    apps.shopify.com themes.shopify.com community.shopify.com apps.apple.com itunes.apple.com podcasts.apple.com
    testflight.apple.com play.google.com chrome.google.com chromewebstore.google.com code.google.com sites.google.com
    docs.google.com drive.google.com groups.google.com maps.google.com forms.google.com plus.google.com g.page
    appsource.microsoft.com azuremarketplace.microsoft.com apps.microsoft.com
    marketplace.visualstudio.com appexchange.salesforce.com marketplace.atlassian.com marketplace.magento.com
    commercemarketplace.adobe.com exchange.adobe.com ecosystem.hubspot.com marketplace.zoom.us
    marketplace.digitalocean.com marketplace.prestashop.com addons.prestashop.com store.steampowered.com
    finance.yahoo.com marketplace.monday.com marketplace.bigcommerce.com apps.odoo.com plugins.craftcms.com
    plugins.jquery.com plugins.jetbrains.com partners.wix.com store.shopware.com marketplace.plentymarkets.com
    hub.docker.com wiki.haskell.org form.typeform.com
    """.split()
)

# The one host where the owner of an aggregator speaks for itself.
_OWN_HOSTS = {
    "about.gitlab.com": "gitlab.com",
    "business.trustpilot.com": "trustpilot.com",
    "hire.lever.co": "lever.co",
}


@lru_cache(maxsize=8_192)
def own_domain(url_or_host: str) -> str:
    """The registered domain that identifies the company at an address, or "".

    Takes any sloppy form ("WWW.Acme.com.", "http:/acme.com/en", "acme.com (corporate) acme.shop",
    "=HYPERLINK(…)"); the first part that parses counts. "" when nothing parses, for IP addresses, and for hosts that
    carry other people's companies. Internationalised names come back in their ASCII form.
    """
    text = url_or_host[:_MAX_LENGTH]
    cleaned = unicodedata.normalize("NFKC", text).lower()
    for token in _tokens(cleaned):
        address = _address(token)
        if address is not None:
            return _own(*address)
    return ""


@lru_cache(maxsize=16_384)
def registered_domain(text: str) -> str:
    """The registered domain of one URL or host, aggregators included; "" when it is not exactly one.

    Customers of shared platforms stay apart ("acme.github.io" is itself). Internationalised names come back in their
    ASCII form.
    """
    cleaned = unicodedata.normalize("NFKC", text[:_MAX_LENGTH]).lower().strip().strip(_WRAPPING)
    if not cleaned or re.search(r"\s", cleaned):
        return ""
    address = _address(cleaned)
    return _registered(address[0]) if address is not None else ""


def is_aggregator(host: str) -> bool:
    """Whether a host (or its domain) carries other people's companies and so never identifies one."""
    address = _address(unicodedata.normalize("NFKC", host).lower().strip())
    return address is not None and bool(_registered(address[0])) and not _own(*address)


def _tokens(text: str) -> list[str]:
    archived = _ARCHIVED.sub("", text)
    pieces = re.split(r"[\s\"'<>()\[\]{},;|]+", archived)
    return [piece for piece in pieces if "." in piece or "。" in piece][:_MAX_TOKENS]


def _address(token: str) -> tuple[str, str] | None:
    """(host, path) of one lower-case token, or None when it holds no host with a public suffix."""
    rest = _SCHEME.sub("", token.strip().strip(_WRAPPING), count=1)
    rest = _ARCHIVED.sub("", rest)
    rest = _SCHEME.sub("", rest, count=1)
    cut = re.search(r"[/?#\\]", rest)
    authority, path = (rest[: cut.start()], rest[cut.start() :]) if cut else (rest, "")
    host = authority.rpartition("@")[2].partition(":")[0].replace("。", ".").strip(".").strip(_WRAPPING)
    if not host or "." not in host or ".." in host or len(host) > 253 or _is_ip(host):
        return None
    if not host.isascii():
        host = _to_ascii(host)
    if not host or not _registered(host):
        return None
    return host, path.replace("\\", "/")


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.replace(".", "").isdigit()
    return True


def _to_ascii(host: str) -> str:
    try:
        return idna.encode(host, uts46=True, transitional=False).decode("ascii")
    except idna.IDNAError:
        return ""


@lru_cache(maxsize=50_000)
def _registered(host: str) -> str:
    parts = _EXTRACT.extract_str(host)
    domain = parts.top_domain_under_public_suffix or _under_registry(host, parts.registry_suffix)
    if parts.is_private and host.removeprefix("www.") == parts.suffix:  # the platform's own apex, such as carrd.co
        domain = _under_registry(host, parts.registry_suffix)
    return domain if domain and all(_LABEL.fullmatch(label) for label in domain.split(".")) else ""


def _under_registry(host: str, suffix: str) -> str:
    """The domain right under the registry's suffix, private suffixes not counted."""
    name = host.removesuffix(suffix).rstrip(".").rpartition(".")[2] if suffix else ""
    return f"{name}.{suffix}" if name else ""


def _own(host: str, path: str) -> str:
    if host in _OWN_HOSTS:
        return _OWN_HOSTS[host]
    bare = host.removeprefix("www.")
    labels = bare.split(".")
    if bare in _OWN_AT_ROOT and not path.strip("/"):
        return bare
    if any(".".join(labels[i:]) in _AGGREGATORS for i in range(len(labels) - 1)) or bare in _SHARED_HOSTS:
        return ""
    parts = _EXTRACT.extract_str(host)
    if parts.is_private and parts.suffix in _REGISTRIES:
        return parts.top_domain_under_public_suffix
    if parts.is_private and bare != parts.suffix:
        return ""
    domain = _under_registry(host, parts.registry_suffix)
    subdomain = bare.removesuffix(domain).rstrip(".").rpartition(".")[2]
    if subdomain and domain in _TENANT_SUBDOMAINS and subdomain not in _OWN_SUBDOMAINS:
        return ""
    rule = _TENANT_PATHS.get("amazon" if domain.startswith("amazon.") else domain)
    return "" if rule is not None and rule.match(path) else domain
