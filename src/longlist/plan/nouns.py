"""Patterns of the nouns that stand for what is searched, levelled."""

# Nouns for what is searched: what stands before or after them describes the company itself.
COMPANY = (
    r"(?:compan(?:y|ies)|compnies|companys|cos|co\'s|orgs?|firms?|business(?:es)?|startups?|start-ups?|scale-?ups?|vendors?|providers?|makers?|manufacturers?|producers?"
    r"|suppliers?|retailers?|brands?|agenc(?:y|ies)|studios?|banks?|insurers?|operators?|developers?|builders?|consultanc(?:y|ies)"
    r"|corporations?|corporates?|enterprises?|players?|organi[sz]ations?|organisations?|houses?|shops?|groups?|outfits?|fintechs?|insurtechs?|proptechs?"
    r"|biotechs?|neobanks?|contractors?|distributors?|wholesalers?|exporters?|importers?|traders?|integrators?|marketplaces?|platforms?"
    r"|chains?|funds?|labs?|ventures?|entities|entity|ones?|names|unicorns|smes|smbs|employers|franchises?|nonprofits?|publishers?|carriers?|brokers?"
    r"|airlines?|breweries|wineries|distilleries|restaurants?|hotels?|factories|mills|farms|utilities|competitors|targets|leads|prospects|saas|teams?|tech|companies')"
)
GENERIC = r"(?:compan(?:y|ies)|firms?|business(?:es)?|startups?|start-ups?|employers?|organi[sz]ations?|enterprises?|corporations?|teams?|brands?|people|smbs?|smes?|clients?|customers?|merchants?|retailers?|vendors?|founders?|groups?)"
