"""Kinds of local business: the words people use for them, and the tags OpenStreetMap knows them by.

What stands at an address and serves those nearby: shops, practices, workshops, places to eat and sleep. The tags follow
https://wiki.openstreetmap.org/wiki/Map_features; a kind may be tagged in several ways.
"""

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class LocalKind:
    """One kind of local business: its singular names in lower case, and tags (key, value), any of which marks it."""

    names: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """The name it goes by."""
        return self.names[0]


# singular names | tags
_KINDS = """
dentist, dental clinic, dental practice, dental office, dental surgery, orthodontist | amenity=dentist healthcare=dentist
doctor, medical practice, general practitioner, family doctor, doctor's office, pediatrician, dermatologist | amenity=doctors healthcare=doctor
clinic, medical clinic, health centre, health center | amenity=clinic healthcare=clinic healthcare=centre
hospital | amenity=hospital healthcare=hospital
pharmacy, drugstore, chemist's | amenity=pharmacy healthcare=pharmacy shop=chemist
veterinarian, vet, veterinary clinic, veterinary practice, animal hospital, vet clinic, animal clinic | amenity=veterinary
physiotherapist, physical therapist, physiotherapy practice, physiotherapy clinic | healthcare=physiotherapist
chiropractor, chiropractic clinic | healthcare=chiropractor healthcare:speciality=chiropractic
optician, optometrist, eyewear shop | shop=optician healthcare=optometrist
nursing home, care home, retirement home | amenity=nursing_home social_facility=nursing_home
kindergarten, nursery, daycare, day care, preschool, childcare centre | amenity=kindergarten amenity=childcare
driving school | amenity=driving_school
language school | amenity=language_school
music school | amenity=music_school
dance school, dance studio | amenity=dancing_school leisure=dance
restaurant, diner, bistro, eatery, pizzeria, trattoria, steakhouse | amenity=restaurant
fast food restaurant, takeaway, takeout, burger joint, food stand | amenity=fast_food
cafe, café, coffee shop, coffeehouse, coffee house, espresso bar, tea house | amenity=cafe
bar, cocktail bar, wine bar | amenity=bar
pub, tavern, beer hall | amenity=pub
nightclub, night club, club | amenity=nightclub
ice cream parlor, ice cream parlour, ice cream shop, gelateria | amenity=ice_cream shop=ice_cream
bakery, baker, bread shop | shop=bakery craft=bakery
pastry shop, patisserie, cake shop, confectioner, confectionery | shop=pastry shop=confectionery craft=confectionery
butcher, butcher shop, butchery, meat market | shop=butcher
fishmonger, seafood shop, fish market | shop=seafood
greengrocer, fruit shop, produce store | shop=greengrocer
delicatessen, deli, gourmet shop | shop=deli
cheese shop, cheesemonger | shop=cheese
supermarket, grocery store, grocer, grocery | shop=supermarket shop=grocery
convenience store, corner shop, corner store | shop=convenience
liquor store, wine shop, wine store, wine merchant | shop=alcohol shop=wine
brewery, craft brewery, microbrewery, brewpub, craft beer brewery | craft=brewery microbrewery=yes industrial=brewery
winery, vineyard | craft=winery
distillery | craft=distillery
coffee roaster, coffee roastery | craft=coffee_roaster
caterer, catering company | craft=caterer
florist, flower shop, floral studio, floral designer | shop=florist
garden centre, garden center, plant nursery | shop=garden_centre
bookshop, bookstore, book store | shop=books
toy store, toy shop | shop=toys
gift shop | shop=gift
stationery shop, stationer | shop=stationery
clothing store, clothes shop, boutique, fashion store | shop=clothes shop=boutique
shoe store, shoe shop | shop=shoes
shoe repair shop, cobbler, shoemaker | craft=shoemaker shop=shoe_repair
jeweller, jeweler, jewelry store, jewellery shop, goldsmith | shop=jewelry craft=jeweller
watchmaker, watch repair shop | craft=watchmaker shop=watches
tailor, tailor shop, dressmaker | craft=tailor shop=tailor craft=dressmaker
furniture store, furniture shop | shop=furniture
hardware store, hardware shop | shop=hardware shop=doityourself
paint store, paint shop | shop=paint
kitchen showroom, kitchen store, kitchen studio | shop=kitchen
electronics store, electronics shop | shop=electronics
computer shop, computer store, computer repair shop | shop=computer
mobile phone shop, phone store, phone repair shop | shop=mobile_phone
bicycle shop, bike shop, bike store, cycle shop, bicycle repair shop | shop=bicycle
sporting goods store, sports shop, outdoor store | shop=sports shop=outdoor
pet shop, pet store | shop=pet
pet groomer, dog groomer | shop=pet_grooming
music store, musical instrument shop, instrument shop | shop=musical_instrument
art gallery, gallery | tourism=gallery shop=art
antique shop, antiques dealer | shop=antiques
second-hand shop, thrift store, thrift shop | shop=second_hand shop=charity
department store | shop=department_store
shopping mall, shopping centre | shop=mall
hairdresser, hair salon, barber, barbershop, barber shop | shop=hairdresser
beauty salon, nail salon, spa salon, beautician | shop=beauty
massage parlor, massage studio, massage practice | shop=massage
tattoo studio, tattoo parlor, tattoo parlour, tattoo shop | shop=tattoo
spa, day spa, sauna, wellness centre | leisure=spa leisure=sauna amenity=spa
laundry, laundromat, launderette | shop=laundry
dry cleaner, dry cleaners | shop=dry_cleaning
gym, fitness studio, fitness centre, fitness center, fitness club, health club, athletic club, crossfit gym | leisure=fitness_centre
yoga studio, pilates studio | leisure=fitness_centre:sport=yoga sport=yoga
climbing gym, climbing hall, bouldering gym | sport=climbing
swimming pool, swimming school | leisure=swimming_pool
golf course, golf club | leisure=golf_course
bowling alley | leisure=bowling_alley
escape room | leisure=escape_game
cinema, movie theater, movie theatre | amenity=cinema
theatre, theater | amenity=theatre
museum | tourism=museum
hotel, inn, boutique hotel, lodging | tourism=hotel
motel | tourism=motel
hostel, youth hostel | tourism=hostel
guest house, guesthouse, bed and breakfast, b&b | tourism=guest_house
campsite, campground, camping site | tourism=camp_site tourism=caravan_site
travel agency, travel agent | shop=travel_agency office=travel_agent
lawyer, law firm, attorney, law office, solicitor, barrister | office=lawyer
notary, notary public | office=notary
accountant, accounting firm, accounting office, bookkeeper, bookkeeping firm, cpa firm | office=accountant
tax advisor, tax adviser, tax consultant, tax preparer | office=tax_advisor
insurance agency, insurance agent, insurance broker, insurance office | office=insurance
real estate agent, real estate agency, realtor, estate agent, estate agency, property agency | office=estate_agent
financial advisor, financial adviser, wealth manager | office=financial_advisor office=financial
bank, bank branch, credit union | amenity=bank
architect, architecture firm, architecture studio, architectural office, architect's office | office=architect
engineering firm, engineering office, civil engineer, structural engineer | office=engineer
surveyor, land surveyor | office=surveyor
advertising agency, ad agency, marketing agency | office=advertising_agency
graphic designer, graphic design studio | office=graphic_design
employment agency, staffing agency, temp agency | office=employment_agency
coworking space, co-working space, coworking, shared office | office=coworking amenity=coworking_space
copy shop, print shop, printer's, printing shop | shop=copyshop craft=printer
photographer, photo studio, photography studio | craft=photographer shop=photo
funeral home, funeral director, undertaker | shop=funeral_directors
plumber, plumbing company, plumbing contractor, drain service | craft=plumber
electrician, electrical contractor, electric contractor | craft=electrician
heating engineer, hvac contractor, heating contractor, air conditioning contractor | craft=hvac
roofer, roofing contractor, roofing company | craft=roofer
carpenter, carpentry shop, joiner, joinery, cabinet maker, woodworker | craft=carpenter craft=joiner craft=cabinet_maker
painter, painting contractor, house painter, painting company | craft=painter
plasterer | craft=plasterer
tiler, tile setter | craft=tiler
glazier, glass shop | craft=glaziery shop=glaziery
stonemason | craft=stonemason
builder, construction company, building contractor, general contractor | craft=builder office=construction_company
locksmith | craft=locksmith shop=locksmith
gardener, landscaper, landscaping company, landscape gardener | craft=gardener
chimney sweep | craft=chimney_sweeper
cleaning company, cleaning service, house cleaner | craft=cleaning
moving company, mover, removal company | office=moving_company shop=moving
upholsterer, upholstery shop | craft=upholsterer
blacksmith, metalworker, metal fabricator, welding shop, welder | craft=blacksmith craft=metal_construction craft=welder
machine shop, cnc shop, cnc machine shop, metal works, metal fabrication shop, machining shop, machinist | man_made=works craft=metal_construction craft=machinist
factory, manufacturing plant, manufacturer's works | man_made=works
sawmill | craft=sawmill
pottery, potter, ceramics studio | craft=pottery
sign maker, sign shop | craft=signmaker
boat builder, boatyard, shipyard | craft=boatbuilder industrial=shipyard
car repair shop, auto repair shop, auto mechanic, car mechanic, garage, mechanic, auto shop, car workshop | shop=car_repair
car dealer, car dealership, auto dealer | shop=car
car wash | amenity=car_wash
tire shop, tyre shop, tire dealer | shop=tyres
auto parts store, car parts shop | shop=car_parts
body shop, auto body shop | shop=car_repair
motorcycle shop, motorcycle dealer | shop=motorcycle
car rental, car rental agency, car hire | amenity=car_rental
petrol station, gas station, filling station | amenity=fuel
charging station | amenity=charging_station
event venue, wedding venue, conference centre | amenity=events_venue amenity=conference_centre
farm shop, farm store | shop=farm
storage facility, self storage facility, self-storage facility | shop=storage_rental
pawnshop, pawn shop, pawnbroker | shop=pawnbroker
"""

_END = re.compile(r"(?:ss|us|is|as)$")
_IRREGULAR = {"attorneys at law": "attorney", "b&bs": "b&b", "law firms": "law firm", "works": "works"}


@cache
def kinds() -> dict[str, LocalKind]:
    """Every name, singular, to its kind."""
    found: dict[str, LocalKind] = {}
    for line in _KINDS.strip().splitlines():
        names, _, tags = line.partition(" | ")
        pairs = tuple((key, value) for key, _, value in (tag.rpartition("=") for tag in tags.split()))
        kind = LocalKind(tuple(name.strip() for name in names.split(",")), pairs)
        for name in kind.names:
            found.setdefault(name, kind)
    return found


def singular(words: str) -> str:
    """A kind of business in the singular: "bakeries" -> "bakery", "coffee shops" -> "coffee shop"."""
    words = " ".join(words.lower().split())
    if words in _IRREGULAR:
        return _IRREGULAR[words]
    head, _, last = words.rpartition(" ")
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x")):
        if last.endswith(ending) and len(last) > len(ending) + 1:
            last = last[: -len(ending)] + instead
            break
    else:
        if last.endswith("s") and not _END.search(last) and len(last) > 3:
            last = last[:-1]
    return f"{head} {last}".strip()


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted(kinds(), key=len, reverse=True)
    forms = [re.escape(name).replace("\\ ", r"[\s-]+") for name in names]
    forms = [re.sub(r"y$", "(?:y|ies)", form) if form.endswith("y") else f"{form}(?:s|es)?" for form in forms]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(forms)})(?![\w-])", re.IGNORECASE)


def find_kinds(text: str) -> tuple[tuple[str, LocalKind], ...]:
    """The kinds of local business a text names, with the words it names them by, in its order, each once."""
    found: dict[str, tuple[str, LocalKind]] = {}
    for match in _pattern().finditer(text):
        kind = kinds().get(singular(re.sub(r"[\s-]+", " ", match[0]))) or kinds().get(match[0].lower())
        if kind:
            found.setdefault(kind.name, (match[0], kind))
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class LocalQuestion:
    """What a question about local business asks a map for: kinds, as they are called in it, and a place."""

    kinds: tuple[str, ...]
    where: str


_CUSTOMER = re.compile(
    r"\b(?:for|to|used by|serving|selling to|helping|of|by|about|like|not|no|without|supplying)\b[^,;.]*$",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"\b(?:in|near|around|within|throughout|across|close to|based in|located in)\s+(?:and\s+around\s+|the\s+city\s+of\s+)?"
)
_NAME = re.compile(
    r"(?:[A-ZÀ-ÖØ-Þ][\w'’.-]*|(?:St|Mt)\.)"
    r"(?:(?:,?\s+(?:de|del|de la|la|le|of|the|am|an der|upon|on|sur|im|in der|do|da|dos|y|und|and the)?\s*|-)[A-ZÀ-ÖØ-Þ][\w'’.-]*)*"
)
_PLAIN_NAME = re.compile(r"[a-zà-öø-ÿ][\w'’.-]*(?:,?\s+[a-zà-öø-ÿ][\w'’.-]*){0,3}")
_NO_PLACE = frozenset(
    "that which who with and or open offering near in on my me us here the a an our your town area city business".split()
)
_GOES_ON = re.compile(
    r"\s*(?:$|[,;.:()–—]|(?:and|or|&|in|near|around|within|across|that|which|who|whose|with|without|open|offering|based|located|on|at|from|by|not|no|but|run|owned)\b|[A-ZÀ-ÖØ-Þ])"
)


def local_question(text: str, cities: tuple[str, ...] = (), wider: tuple[str, ...] = ()) -> LocalQuestion | None:
    """What a query asks a map for; None when it is not about local business in a place.

    `cities` and `wider` (regions, countries) are the places already understood; a town that is known to nobody is read
    off the words after "in" or "near". A kind counts when it is what is looked for ("bakeries in Graz"), not whom
    something is made for ("software for bakeries", "bakery software").
    """
    kinds = tuple(words for words, _ in find_kinds(text) if _is_wanted(text, words))
    where = place_named(text, cities, wider, kinds)
    return LocalQuestion(kinds, where) if kinds and where else None


def _is_wanted(text: str, words: str) -> bool:
    start = text.find(words)
    return not _CUSTOMER.search(text[:start]) and _GOES_ON.match(text[start + len(words) :]) is not None


def place_named(
    text: str, cities: tuple[str, ...] = (), wider: tuple[str, ...] = (), kinds: tuple[str, ...] = ()
) -> str:
    """The place a query names, in its own words where it can be told, with the region or country that is known of it.

    "" when it names none. After one of `kinds` a name needs no "in" ("hotels Graz").
    """
    phrases = [phrase for match in _WHERE.finditer(text) if (phrase := _phrase(text, match.end()))]
    phrases += [name[0].rstrip(".,") for kind in kinds if (name := _NAME.match(text.partition(kind)[2].lstrip()))]
    if phrases:
        known = [place.lower() for place in (*cities, *wider)]
        best = next((p for p in phrases if any(place in p.lower() for place in known)), phrases[0])
        return ", ".join((best, *(place for place in wider if place.lower() not in best.lower())))
    return ", ".join((*cities[:1], *wider))


def _phrase(text: str, start: int) -> str:
    """The name that begins here; of a text all in lower case, the words up to the first that is none of a name."""
    rest = text[start:]
    if name := _NAME.match(rest):
        return name[0].rstrip(".,")
    if text == text.lower() and (plain := _PLAIN_NAME.match(rest)):
        words = plain[0].split()
        stop = next((n for n, word in enumerate(words) if word.strip(",") in _NO_PLACE), len(words))
        return " ".join(words[:stop]).rstrip(",")
    return ""
