"""What a page turned out to be: readable, or parked, closed, a wall, missing, empty without its scripts.

Goes by what a page says about itself, in English, German, French, Spanish and Portuguese; long pages are believed to be
what they look like, as a sentence about a closed shop in an article closes nothing. Pure.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from longlist.model.web import PageState
from longlist.web.html import Markup

SHORT = 1_500  # characters of text up to which a page may be nothing but a notice
ENOUGH = 120  # characters of text that make a page readable, though it is run by scripts

_CHALLENGE = re.compile(
    r"just a moment\.\.\.|attention required! \| cloudflare|checking your browser|verify(?:ing)? (?:that )?you are (?:a )?human"
    r"|are you (?:a )?(?:robot|human)\b|prove you(?:'| a)re (?:human|not a robot)|unusual traffic from your|access (?:to this page )?"
    r"(?:has been )?denied|pardon our interruption|please (?:complete the|enable) (?:security check|captcha)|request unsuccessful\. "
    r"incapsula|ddos protection by|enable javascript and cookies to continue|press (?:&|and) hold to confirm|human verification"
    r"|sind sie ein (?:mensch|roboter)|zugriff verweigert|êtes-vous (?:un humain|un robot)|accès refusé|¿?eres (?:humano|un robot)"
    r"|acceso denegado|você é (?:humano|um robô)|acesso negado",
    re.IGNORECASE,
)
_CHALLENGE_MARKUP = re.compile(
    r"cf-browser-verification|/cdn-cgi/challenge-platform/|_cf_chl_opt|captcha-delivery\.com|px-captcha|_incapsula_resource"
    r"|g-recaptcha[\"' ].{0,200}(?:robot|human)|aws-waf-token",
    re.IGNORECASE,
)
_AUTHWALL = re.compile(
    r"(?:location(?:\.href)?\s*=|location\.replace\()\s*['\"][^'\"]*(?:authwall|/login|/signin|/sign-in)", re.IGNORECASE
)
_LOGIN_TITLE = re.compile(
    r"^\W*(?:log ?in|sign ?in|sign ?up|log ?on|join)\b|\b(?:log ?in|sign ?in) (?:to|\||-|–)|^\W*(?:anmelden|einloggen|login)\b"
    r"|^\W*(?:connexion|se connecter|identifiez-vous)\b|^\W*(?:iniciar sesión|inicia sesión|acceder)\b|^\W*(?:entrar|iniciar sessão)\b",
    re.IGNORECASE,
)
_LOGIN_WORDS = re.compile(
    r"(?:please |you (?:must|need to) )(?:log|sign) ?in\b|(?:log|sign) ?in to (?:continue|view|see)|bitte (?:melden sie sich an|anmelden)"
    r"|(?:veuillez )?vous connecter pour|inicia(?:r)? sesión para|faça login para",
    re.IGNORECASE,
)
_LOGIN_PATH = re.compile(
    r"/(?:authwall|login|log-in|signin|sign-in|sign_in|sso|accounts?/login|users/sign_in)\b", re.IGNORECASE
)
_PARKED = re.compile(
    r"\bdomain (?:name )?(?:\S+ )?(?:is|may be|might be|could be) (?:for sale|available for (?:purchase|sale))|is for sale\b.{0,80}domain"
    r"|buy this domain|(?:this|the) domain (?:name )?(?:is|has been) (?:parked|registered|reserved|expired)|domain (?:is )?parked"
    r"|parked (?:free|domain)|make an offer (?:on|for) this domain|inquire about this domain|domain has expired"
    r"|future home of (?:something|another)|default (?:web ?)?page for this (?:server|domain)|welcome to nginx!|apache2? .{0,20}default page"
    r"|iis windows server|this (?:web ?site|site|page) is (?:under construction|coming soon)|website coming soon|placeholder page"
    r"|diese domain (?:steht (?:möglicherweise )?zum verkauf|ist (?:geparkt|zu verkaufen|reserviert|registriert))|domain kaufen"
    r"|(?:hier entsteht|es entsteht hier) eine neue|ce (?:nom de )?domaine est (?:à vendre|réservé|parké|enregistré)|domaine à vendre"
    r"|este dominio (?:está (?:en venta|a la venta|aparcado|estacionado|reservado)|ha sido registrado)|dominio (?:en|a la) venta"
    r"|este domínio (?:está (?:à venda|estacionado|reservado)|foi registrado)|domínio à venda",
    re.IGNORECASE | re.DOTALL,
)
_PARKING_HOSTS = re.compile(
    r"(?:^|\.)(?:hugedomains|dan|sedo|sedoparking|afternic|bodis|parkingcrew|above|undeveloped|domainmarket|brandbucket|parklogic)\.com$"
)
_WE_CLOSED = re.compile(
    r"\b(?:has|have) (?:now |been |officially |permanently |already )*(?:shut(?:ting)? down|closed down|ceased (?:all )?(?:operations|trading"
    r"|business)|gone out of business|wound down)|\b(?:is|are|was) (?:now |being |permanently )*(?:shut down|shutting down|closing down"
    r"|winding down)|no longer (?:in (?:operation|business)|operating|trading|operational)|(?:is|are) out of business"
    r"|(?:is|are|have|has) (?:now |been )*(?:permanently|definitively) closed|closed (?:our|its) doors (?:for good|permanently)"
    r"|(?:our|the) (?:service|company|app|product|platform|site) (?:has been|was|is|will be) (?:discontinued|sunset|shut down)"
    r"|has been dissolved|went out of business"
    r"|(?:geschäfts)?betrieb (?:wurde |ist )?(?:dauerhaft |endgültig )?eingestellt|dauerhaft geschlossen|für immer geschlossen"
    r"|(?:firma|unternehmen|gesellschaft) (?:wurde|ist) (?:aufgelöst|geschlossen|erloschen)"
    r"|(?:a|avons|ont) (?:définitivement )?(?:cessé|arrêté) (?:toute )?(?:ses |son |nos |notre |leurs )?(?:activités?|opérations)"
    r"|(?:définitivement fermé|fermé définitivement|fermée définitivement)|cessation d['’]activité"
    r"|(?:ha|hemos|han) (?:cesado|terminado) (?:todas )?(?:sus |nuestras |las )?(?:operaciones|actividades)|(?:cerrad[oa]) (?:definitiva|permanente)mente"
    r"|(?:ha|hemos) cerrado (?:definitiva|permanente)mente|ya no (?:está|estamos) en funcionamiento"
    r"|encerr(?:ou|amos|aram) (?:as |suas |as suas |as nossas |nossas )?(?:atividades|operações)|(?:encerrad|fechad)[oa] (?:definitiva|permanente)mente",
    re.IGNORECASE,
)
_NOT_CLOSED = re.compile(r"\bnot (?:been |be )?(?:shut|clos)|\bif (?:we|it|they)\b|\bopening hours\b", re.IGNORECASE)
_MISSING = re.compile(
    r"^\W*(?:error )?404\b|\b404\W*$|\b404 (?:error|not found)|^\W*(?:page|file|site|content) (?:not|could not be|cannot be|can't be|can’t be) found"
    r"|(?:page|link) (?:you(?:'re| are|’re)? (?:looking|requested|tried|followed)[^.]{0,40})(?:not|n't|n’t|no longer|gone|broken)"
    r"|this page (?:doesn['’]t|does not|no longer) exist|^\W*oops\b.{0,40}(?:page|found)"
    r"|seite (?:wurde )?(?:leider )?nicht gefunden|page (?:introuvable|non trouvée)|página no (?:encontrada|existe)"
    r"|página não (?:encontrada|existe)",
    re.IGNORECASE,
)
_NEEDS_SCRIPTS = re.compile(
    r"(?:enable|turn on|activate|requires?|need(?:s)?(?: to enable)?) java ?script|javascript (?:is )?(?:required|disabled|must be)"
    r"|javascript (?:aktivieren|einschalten)|activ(?:er|ez|ar|a|e) (?:le |el |o )?javascript",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a page is, and why it cannot be used: a whole sentence, "" when it can."""

    state: PageState
    why: str = ""


READABLE = Finding("readable")


def by_status(status: int, markup: Markup | None, retry_after: str = "") -> Finding | None:
    """What an answer that is no success means; None for a success. `markup` is what came with it, if it was HTML."""
    if 200 <= status < 300:
        return None
    if markup is not None and is_challenge(markup.title, markup.text(), str(markup)):
        return Finding("bot_wall", f"The site lets no programs in (it answered {status} with a check for humans).")
    if status in {404, 410}:
        return Finding("missing", f"There is no such page (the site answered {status}).")
    if status in {401, 402, 407}:
        return Finding("login_wall", f"The page is only for those who log in (the site answered {status}).")
    if status in {403, 406, 418, 999}:
        return Finding("bot_wall", f"The site lets no programs in (it answered {status}).")
    if status == 429:
        when = f", and asks to come back in {retry_after} s" if retry_after.isdigit() else ""
        return Finding("unreachable", f"The site was asked too often (it answered 429){when}.")
    if status >= 500:
        return Finding("unreachable", f"The site has a fault of its own (it answered {status}).")
    return Finding("unreachable", f"The site answered {status}, which is no page.")


def is_challenge(title: str, text: str, html: str) -> bool:
    """Whether it is a check for humans instead of a page."""
    if len(text) > SHORT:
        return False
    return bool(_CHALLENGE.search(title) or _CHALLENGE.search(text[:600]) or _CHALLENGE_MARKUP.search(html[:50_000]))


def by_content(markup: Markup, text: str, asked: str, url: str) -> Finding:
    """What a page that came as asked for is, going by its visible text. `script_only` also where the caller finds enough
    in the page's data: that is for the caller to look at.
    """
    title, short = markup.title, len(text) <= SHORT
    html = str(markup)
    host, path = urlsplit(url).hostname or "", urlsplit(url).path
    if is_challenge(title, text, html):
        return Finding("bot_wall", "The site checks for humans before it shows anything.")
    if short and _is_login(markup, title, text, html, path if path != urlsplit(asked).path else ""):
        return Finding("login_wall", "The page is only for those who log in.")
    if _PARKING_HOSTS.search(host) and _registered_part(host) not in asked:
        return Finding("parked", "The address is for sale.")
    if short and (_PARKED.search(title) or _PARKED.search(text)):
        return Finding("parked", "The address is parked: nobody's site is there yet, or any more.")
    if _says_closed(title, text):
        return Finding("closed", "The page says that the company has closed.")
    if short and (
        _MISSING.search(title) or any(_MISSING.search(line) for line in text.split("\n")[:6] if len(line) < 200)
    ):
        return Finding("missing", "The page says that it does not exist, though the site answered as if it did.")
    if len(text) < ENOUGH and _is_scripted(markup, text):
        return Finding(
            "script_only", "The page is empty until its scripts run, and carries no text for those who run none."
        )
    if not text:
        return Finding("unsuited", "The page is empty.")
    return READABLE


def _says_closed(title: str, text: str) -> bool:
    """Only notices are believed: short pages, or a heading and first lines in the first person."""
    start = text if len(text) <= SHORT else ""
    match = _WE_CLOSED.search(title) or _WE_CLOSED.search(start)
    if match is None and len(text) <= 4 * SHORT:
        match = re.search(
            r"\bwe(?:'ve| have|’ve) (?:now |officially )?(?:shut down|closed (?:down|our doors)|ceased operations)",
            text[:400],
            re.IGNORECASE,
        )
    return bool(match) and not _NOT_CLOSED.search(text[:SHORT])


def _is_login(markup: Markup, title: str, text: str, html: str, moved_to: str) -> bool:
    if _AUTHWALL.search(html[:50_000]) and len(text) < ENOUGH:
        return True
    has_password = markup.tree.css_first('input[type="password"]') is not None
    if _LOGIN_PATH.search(moved_to) and (has_password or _LOGIN_TITLE.search(title)):
        return True
    return (has_password and bool(_LOGIN_TITLE.search(title))) or (len(text) < 400 and bool(_LOGIN_WORDS.search(text)))


def _is_scripted(markup: Markup, text: str) -> bool:
    """Whether scripts would fill the page: an empty root, or a page of little else than scripts."""
    if _NEEDS_SCRIPTS.search(text) or _NEEDS_SCRIPTS.search(markup.unscripted()):
        return True
    root = markup.tree.css_first("#root, #app, #__next, #__nuxt, #gatsby-focus-wrapper, app-root, [data-reactroot]")
    if root is not None and len((root.text(deep=True) or "").strip()) < ENOUGH:
        return True
    scripts = markup.tree.css("script")
    return bool(scripts) and (
        len(text) < 40 or sum(len(node.text(deep=True)) for node in scripts) > 20 * max(1, len(text))
    )


def _registered_part(host: str) -> str:
    return ".".join(host.split(".")[-2:])
