"""Phrasings and the constraints a careful reader takes from them; written before the parser was tuned.

One a line: `query => constraints`, today being 2026-07-01. A constraint is `field value|value` (`in`), `field !value`
(`not_in`), `field >=n` (`min`) or `field <=n` (`max`); `model`, `stage` and `amount` are short for business_model,
funding_stage and funding_amount. Nothing behind the arrow: there is no constraint, however much it looks like one.
"""

import re
from datetime import date

from longlist.model.plan import Constraint

TODAY = date(2026, 7, 1)
_SHORT = {"model": "business_model", "stage": "funding_stage", "amount": "funding_amount"}


def constraints(text: str) -> frozenset[Constraint]:
    """The constraints of the right side of a line."""
    found = set()
    for part in filter(None, (p.strip() for p in text.split(";"))):
        name, _, value = part.partition(" ")
        field = _SHORT.get(name, name)
        bound = re.fullmatch(r"([<>])=([\d_]+)", value)
        if bound:
            found.add(Constraint(field, "min" if bound[1] == ">" else "max", int(bound[2])))  # type: ignore[arg-type]
            continue
        if field == "listed":
            found.add(Constraint("listed", "in", (value == "yes",)))
            continue
        op = "not_in" if value.startswith("!") else "in"
        found.add(Constraint(field, op, tuple(value.removeprefix("!").split("|"))))  # type: ignore[arg-type]
    return frozenset(found)


def table(text: str) -> list[tuple[str, frozenset[Constraint]]]:
    """The lines of a table as (query, constraints)."""
    rows = []
    for line in text.strip().splitlines():
        if line.strip() and not line.startswith("#"):
            query, arrow, right = line.partition("=>")
            assert arrow, line
            rows.append((query.strip(), constraints(right)))
    return rows


FIRST = """
# place: country
german saas companies => country Germany; model saas
German banks => country Germany
payroll software vendors in France => country France
French cybersecurity startups => country France
companies based in Japan that make industrial robots => country Japan
robotics firms headquartered in South Korea => country South Korea
HQ in Canada, clean tech => country Canada
solar installers from Spain => country Spain
US-based telehealth companies => country United States
U.S.-headquartered biotech firms => country United States
american craft breweries => country United States
fintechs in the UK => country United Kingdom
UK fintechs => country United Kingdom
british pension administrators => country United Kingdom
insurers located in Switzerland => country Switzerland
swiss private banks => country Switzerland
dutch greenhouse technology firms => country Netherlands
greenhouse builders in holland => country Netherlands
indian edtech => country India
Kenyan agritech startups => country Kenya
brazilian neobanks => country Brazil
companies from Brazil or Argentina selling crop insurance => country Brazil|Argentina
drone makers in Poland, Czechia and Slovakia => country Poland|Czechia|Slovakia
battery companies in South Korea/Japan => country South Korea|Japan
game studios in the US and Canada => country United States|Canada
Where are the wind turbine makers of Denmark? Companies headquartered in Denmark => country Denmark
logistics companies incorporated in Singapore => country Singapore
software houses domiciled in Estonia => country Estonia; model software
Turkish textile manufacturers => country Turkey
textile mills in turkey => country Turkey
ceramics makers in China => country China
Mexico-based last mile delivery => country Mexico
israel based cybersecurity vendors => country Israel
find me 50 companies in italy that make espresso machines => country Italy
list of top 20 Irish medtech companies => country Ireland
I need companies operating out of Vietnam that do electronics assembly => country Vietnam
startups founded in Sweden => country Sweden
companies whose headquarters are in Norway and which farm salmon => country Norway
Their head office must be in Austria. Ski lift manufacturers. => country Austria
Russian search engines => country Russia
companies in New Zealand doing wool => country New Zealand
saudi construction firms => country Saudi Arabia
UAE proptech => country United Arab Emirates
Polish furniture exporters => country Poland
ukrainian outsourcing firms => country Ukraine
Emirati family offices => country United Arab Emirates
Taiwanese semiconductor equipment makers => country Taiwan
south african wineries => country South Africa
# place: region
fintechs in Latin America => region Latin America
LatAm fintech => region Latin America
payment companies operating in Africa => region Africa
venture studios focused on Africa => region Africa
agritech in sub-saharan africa => region Sub-Saharan Africa
european drone companies => region Europe
EU-based cloud hosting providers => region European Union
cloud providers in the European Union => region European Union
SaaS companies in DACH => region DACH; model saas
dach hr tech => region DACH
software firms in german-speaking countries => region DACH; model software
Nordic gaming studios => region Nordics
games studios in the nordics => region Nordics
scandinavian furniture brands => region Scandinavia
Baltic startups => region Baltics
logistics providers in Benelux => region Benelux
Southeast Asian e-wallets => region Southeast Asia
e-wallets across SEA => region Southeast Asia
APAC data centre operators => region APAC
data centres in asia-pacific => region APAC
MENA food delivery => region MENA
GCC-based contractors => region GCC
Middle Eastern airlines => region Middle East
construction companies in the gulf => region GCC
Eastern European nearshoring companies => region Eastern Europe
developers in CEE => region Central and Eastern Europe
companies in Western Europe or North America making heat pumps => region Western Europe|North America
Caribbean rum distillers => region Caribbean
Central Asian mining companies => region Central Asia
lithium miners in south america => region South America
emerging-market lenders, i.e. lenders in emerging markets => region Emerging markets
EMEA system integrators => region EMEA
Companies in European countries that refurbish phones => region Europe
# place: state, area, city
breweries in California => region California
craft distilleries in Texas or Tennessee => region Texas|Tennessee
machine shops in Ohio => region Ohio
roofing contractors in Florida with a website => region Florida
Bavarian machine builders => region Bavaria
automotive suppliers in Bavaria => region Bavaria
ontario cannabis producers => region Ontario
companies in New England making medical devices => region New England
robotics startups in the Bay Area => region San Francisco Bay Area
Silicon Valley chip designers => region Silicon Valley
midwest grain elevators => region Midwest
Scottish distilleries => region Scotland
Catalan cava producers => region Catalonia
accounting firms in queensland => region Queensland
berlin startups => city Berlin
Berlin-based climate tech => city Berlin
climate tech in Berlin, Germany => city Berlin; country Germany
ad agencies in New York => city New York; model agency
ad tech in NYC => city New York
london fintechs => city London
insurtechs in London and Paris => city London|Paris
SF-based AI labs => city San Francisco
companies in Austin, TX building drones => city Austin; region Texas
biotechs near Boston => city Boston
design studios in Copenhagen => city Copenhagen
Bangalore-based IT services => city Bengaluru
it services in mumbai => city Mumbai
Munich insurers => city Munich
startups from Tel Aviv => city Tel Aviv
logistics startups in São Paulo => city São Paulo
# place: negated
payment processors outside the US => country !United States
payment processors not in the US => country !United States
non-US payment processors => country !United States
drone makers excluding China => country !China
drone manufacturers, no Chinese companies => country !China
battery makers not based in China or South Korea => country !China|South Korea
non-European chip makers => region !Europe
chip makers outside of Asia => region !Asia
e-signature vendors outside the US and Western Europe (for example Latin America, Asia) => country !United States; region !Western Europe
European banks except the UK => region Europe; country !United Kingdom
European banks, but not British ones => region Europe; country !United Kingdom
asian e-commerce companies other than in China => region Asia; country !China; model ecommerce
companies anywhere but the US making bicycles => country !United States
cloud providers headquartered outside North America => region !North America
fintechs in Africa, e.g. Nigeria or Kenya => region Africa
startups in emerging markets such as Brazil and India => region Emerging markets
SaaS in Europe, including the UK => region Europe; model saas
avoid companies from India; call centre outsourcers => country !India
never Russian: gas traders => country !Russia
# employees
companies with more than 5,000 employees => employees >=5001
companies with at least 5,000 employees => employees >=5000
5,000+ employees, chemical distributors => employees >=5000
chemical distributors with fewer than 5,000 employees => employees <=4999
law firms with under 50 people => employees <=49
design studios of up to 20 people => employees <=20
IT service firms with 10-50 employees => employees >=10; employees <=50
it firms, 11 to 50 staff => employees >=11; employees <=50
manufacturers with between 50 and 200 workers => employees >=50; employees <=200
accounting firms employing over 1,000 => employees >=1001
a 500-person engineering consultancy => employees >=375; employees <=625; model consultancy
headcount between 200 and 1000, logistics => employees >=200; employees <=1000
logistics companies with a headcount of 51-200 => employees >=51; employees <=200
startups with a team of fewer than ten => employees <=9
teams smaller than 10 people building dev tools => employees <=9
no more than 100 employees; mobile game developers => employees <=100
minimum 250 employees, contract research => employees >=250
max 30 employees, wine importers => employees <=30
around 200 employees, dental labs => employees >=150; employees <=250
hospital chains with 10k+ staff => employees >=10000
consultancies with 100 or more consultants and 50 or fewer partners => model consultancy
packaging firms with <50 employees => employees <=49
packaging firms with >= 50 employees => employees >=50
at least 50 but fewer than 500 employees, medtech => employees >=50; employees <=499
staff of 20 to 40, architects => employees >=20; employees <=40
companies with 50 to 500 emplyees making pumps => employees >=50; employees <=500
companies whose workforce exceeds 10,000, shipping => employees >=10001
less than a dozen employees, cheese makers => employees <=11
more than two hundred employees and print packaging => employees >=201
small software companies => employees <=50; model software
mid-sized German manufacturers => employees >=51; employees <=1000; country Germany
large European insurers => employees >=1001; region Europe
German SMEs making machine tools => employees <=250; country Germany
# founded
cheese makers founded before 1950 => founded <=1949
SaaS companies founded after 2015 => founded >=2016; model saas
AI companies founded since 2020 => founded >=2020
founded in 2015 or later: vertical farms => founded >=2015
vertical farms established in 2015 => founded >=2015; founded <=2015
watchmakers established between 1850 and 1900 => founded >=1850; founded <=1900
fintechs started in the 2010s => founded >=2010; founded <=2019
web agencies started in the 1990s => founded >=1990; founded <=1999; model agency
breweries from before 1900 => founded <=1899
family breweries older than 100 years => founded <=1926
insurers at least 50 years old => founded <=1976
startups less than two years old => founded >=2024
companies younger than 5 years in space tech => founded >=2021
space companies founded in the last 3 years => founded >=2023
space startups launched within the past five years => founded >=2021
banks founded in the 19th century => founded >=1801; founded <=1900
companies incorporated no later than 2000 selling tea => founded <=2000
created from 2018 onwards, e-bike makers => founded >=2018
e-bike makers, founded 2018-2022 => founded >=2018; founded <=2022
since at least 1980 in business: clock repair => founded <=1980
in business for more than 30 years, boat builders => founded <=1996
recently founded vertical AI companies => founded >=2023
founded around 2010, mobile ad networks => founded >=2008; founded <=2012
century-old porcelain makers => founded <=1926
est. 1990 or earlier, freight forwarders => founded <=1990
founded by 2005 at the latest => founded <=2005
not founded before 2010; crypto exchanges => founded >=2010
post-2020 climate startups => founded >=2021
pre-2000 internet companies => founded <=1999
# status
still active browser vendors => status active
photo sharing sites that are still operating => status active
defunct social networks => status closed
social networks that shut down => status closed
companies no longer in business that made mp3 players => status closed
bankrupt airlines => status closed
startups that were acquired, in ad tech => status acquired
acquired analytics startups => status acquired
analytics startups bought by larger companies => status acquired
analytics startups that have not been acquired => status !acquired
companies that are not defunct and make typewriters => status !closed
note taking apps which aren't dead => status !closed
exclude acquired companies: podcast hosts => status !acquired
independent companies making email clients => status active
companies that merged into another company, telecom => status acquired
out of business video rental chains => status closed
no closed or acquired companies; travel startups => status !acquired|closed
# listed
publicly traded shipping companies => listed yes
listed water utilities => listed yes
public companies that make elevators => listed yes
stock exchange listed timber companies => listed yes
NYSE-listed pipeline operators => listed yes
pipeline operators traded on the nasdaq => listed yes
privately held chocolate makers => listed no
private companies building satellites => listed no
chocolate makers that are not publicly traded => listed no
unlisted german steel traders => listed no; country Germany
non-public grain traders => listed no
companies listed on the London Stock Exchange which mine gold => listed yes
# funding
Series A startups in legal tech => stage series_a
seed-stage robotics => stage seed
pre-seed climate startups => stage pre_seed
bootstrapped email tools => stage bootstrapped
startups at series b or c building batteries => stage series_b|series_c
companies that raised more than $10M for lab automation => amount >=10000001
lab automation startups with at least $5 million in funding => amount >=5000000
raised under $2m, parenting apps => amount <=1999999
raised between $5M and $20M in total, quantum => amount >=5000000; amount <=20000000
not venture-backed, self-funded analytics tools => stage bootstrapped
# business model
B2B marketplaces for steel => model b2b; model marketplace
marketplaces for used farm equipment => model marketplace
open source databases => model open_source
open-source alternatives to Slack => model open_source
B2C travel startups => model b2c
direct-to-consumer mattress brands => model d2c
DTC pet food => model d2c
IoT hardware startups => model hardware
digital marketing agencies => model agency
strategy consulting firms => model consultancy
SaaS for dentists => model saas
nonprofits that teach children to code => model nonprofit
subscription box companies => model subscription
fast food franchises => model franchise
online retailers of shoes => model ecommerce
freight software, not marketplaces => model !marketplace
recruiting software companies, no agencies => model !agency
agencies rather than software vendors, influencer marketing => model agency; model !software
billing tools that are not open source => model !open_source
hardware makers, not SaaS, in agriculture => model hardware; model !saas
# several at once
Small US companies that sell scheduling software to clinics => employees <=50; country United States
bootstrapped B2B SaaS companies in Europe with 10-50 employees founded after 2015 => stage bootstrapped; model b2b; model saas; region Europe; employees >=10; employees <=50; founded >=2016
publicly listed Japanese robotics companies founded before 1980 => listed yes; country Japan; founded <=1979
german or austrian manufacturers of cable cars with over 200 employees => country Germany|Austria; employees >=201
independent active Nordic wood-processing companies, more than 100 people => region Nordics; status active; employees >=101
# industry
companies in the pharmaceutical industry => industry pharmaceutical
sector: logistics, country: Spain => industry logistics; country Spain
industry: mining. HQ: Chile => industry mining; country Chile
# nothing: customers' places
software for German banks =>
payroll tools for US hospitals =>
selling to Indian farmers =>
companies that help American families save for college =>
exporters to China =>
sells insurance to customers in Germany =>
tools used by French schools =>
platforms serving UK landlords =>
tutoring apps targeting Chinese students =>
compliance software for the EU market =>
companies shipping parcels to Brazil =>
customs brokers with clients in Mexico =>
translation tools with German support =>
VC funds that invest in African startups =>
agencies that help Western brands enter China => model agency
# nothing: look-alikes of places
Italian restaurants with online booking =>
turkey farms =>
porcelain and fine china shops =>
Danish pastry bakeries =>
nail polish brands =>
reading apps for children =>
mobile game analytics =>
Swiss army knife sellers =>
french press coffee makers =>
English language schools online =>
German shepherd breeders =>
Spanish lessons by video =>
Indian Ocean cruise operators =>
orange juice brands =>
jersey printing shops =>
contact us about data platforms that give us insight =>
split payment tools for most people =>
apps that let us share nice things =>
Amazon sellers =>
Greek yogurt producers =>
# nothing: customers' size
payroll for small businesses =>
CRM for SMBs =>
banking for startups =>
tools for teams of 10-50 people =>
helps enterprises with 10,000+ employees manage devices =>
HR software for companies with fewer than 50 employees =>
small business lenders =>
SME lending platforms =>
insurance for large companies =>
serves mid-market retailers =>
sells to big banks =>
enterprise search software =>
for organisations with more than 500 staff: LMS =>
security awareness training for employees =>
employee engagement platforms =>
# nothing: other numbers
chains with 500 stores =>
apps with 5 million users =>
startups with over 10,000 customers =>
revenue over $50M =>
24/7 support desks =>
Web3 wallets =>
365 day return shoe shops =>
ISO 27001 certified data centres =>
find 50 companies that make drones =>
top 10 CRM vendors =>
100% recycled packaging =>
3D printing bureaus =>
5G antenna makers =>
401k administrators =>
companies making 18650 cells =>
hotels with more than 200 rooms =>
companies with 3 offices =>
fleet operators with 50+ trucks =>
B2B2C insurance =>
Windows 95 emulators =>
2020 census data providers =>
carbon removal by 2030 =>
fund managers with over $1bn under management =>
loans up to $50,000 =>
products under $20 =>
# nothing: look-alikes of status, listing, stage, model, size
operating system vendors =>
active noise cancelling headphones =>
activewear brands =>
customer acquisition software =>
closed-loop recycling =>
dead stock fabric sellers =>
companies that acquired competitors =>
serial acquirers of software firms =>
public transport apps =>
public relations tools =>
public sector procurement software =>
private equity firms =>
private label cosmetics =>
private jet charter =>
listed building restoration =>
tools to list products on Amazon =>
seed oil producers =>
grass seed suppliers =>
seed companies for vegetables =>
series production of castings =>
growth hormones for cattle =>
software for marketplaces =>
payments for SaaS companies =>
tools for agencies =>
banking for nonprofits =>
plugins for e-commerce stores =>
SaaS spend management =>
hardware stores =>
marketplace seller analytics =>
open banking APIs =>
government agencies software =>
consumer lending analytics =>
large language models =>
big data platforms =>
small batch coffee roasters =>
small molecule drug discovery =>
large format printers =>
young adult book publishers =>
old timer car restoration =>
new build home inspectors =>
anti-aging creams for the young =>
bankruptcy law software =>
insolvency practitioners =>
startup accelerators =>
employee stock plan software for pre-IPO and listed companies =>
acquisition financing =>
IPO advisory =>
funding search engines =>
founder matching platforms =>
historical archives of the 1990s =>
museums about the 19th century =>
time tracking for freelancers =>
companies that make things easier =>
"""


# A second table, written after the parser read the first, as people in sales, venture capital, mergers and procurement
# type. Before anything was changed for it, the parser read 126 of the 152 lines.
SECOND = """
# sales
need leads: mid-market logistics cos in the midwest, 200-1000 employees => region Midwest; employees >=200; employees <=1000
ICP: B2B SaaS, 50-200 employees, HQ in US or Canada, series A or B => model b2b; model saas; employees >=50; employees <=200; country United States|Canada; stage series_a|series_b
DTC skincare brands in the US doing shopify, <50 ppl => model d2c; country United States; employees <=49
dental groups w/ 10+ locations in texas => region Texas
property managers Florida Georgia Alabama => region Florida|Georgia|Alabama
marketing agencies in London, 10 to 50 staff, not part of a holding => model agency; city London; employees >=10; employees <=50
Manufacturing companies, Ohio, 100-500 employees, family owned => region Ohio; employees >=100; employees <=500
who sells conveyor belts to amazon warehouses in germany =>
hospitals in Ontario with more than 1000 employees => region Ontario; employees >=1001
fintech companies hiring in new york =>
construction software companies NOT based in the US => country !United States
companies in EU using SAP with 1k+ employees => region European Union; employees >=1000
UK accountancy practices up to 25 people => country United Kingdom; employees <=25
recruitment firms Sydney => city Sydney
Austin based startups between 20 and 100 employees => city Austin; employees >=20; employees <=100
law firms in Chicago and Milwaukee, at least 30 lawyers => city Chicago|Milwaukee
ecommerce brands that sell supplements, Canada only => model ecommerce; country Canada
enterprise accounts: european retailers 5000+ employees => region Europe; employees >=5000
telecom operators in francophone west africa => region West Africa
Australian mining services contractors with 250+ staff => country Australia; employees >=250
wineries in france that export to the us => country France
cold storage operators in mexico serving US retailers => country Mexico
freight brokers, headquartered Chicago => city Chicago
german mittelstand, automotive suppliers, revenue above 50m => country Germany
top 100 dutch scale-ups => country Netherlands; stage growth
med spas in Scottsdale AZ => city Scottsdale; region Arizona
logistics co's with headcount > 500 => employees >=501
SMEs in Italy making packaging machines => employees <=250; country Italy
call centers in the Philippines w/ 1,000 or more seats => country Philippines
small agencies (under 15 people) doing webflow sites => model agency; employees <=14
Companies from DACH, 11-50 and 51-200 employees, HR software => region DACH; employees >=11; employees <=200
# venture capital
pre-seed and seed AI infra startups in Europe => stage pre_seed|seed; region Europe
seed stage climate companies founded 2022 or later => stage seed; founded >=2022
Series B+ fintechs in LatAm => stage series_b|series_c|series_d|series_e|series_f|series_g|series_h|growth|late_stage|ipo; region Latin America
African fintech founded in last 5 yrs that raised at least $1m => region Africa; founded >=2021; amount >=1000000
bootstrapped and profitable vertical saas, US, founded before 2018 => stage bootstrapped; model saas; country United States; founded <=2017
dev tools startups, open source, less than 3 years old, not YC => model open_source; founded >=2023
Indian consumer brands that have raised between $2M and $10M => country India; model b2c; amount >=2000000; amount <=10000000
deeptech spinouts from ETH Zurich =>
synthetic biology startups post series A => stage series_a|series_b|series_c|series_d|series_e|series_f|series_g|series_h|growth|late_stage|ipo
robotics companies in Boston or Pittsburgh, founded after 2019, under 30 people => city Boston|Pittsburgh; founded >=2020; employees <=29
unicorns in southeast asia => region Southeast Asia
Nordic gaming studios with fewer than 40 employees that haven't raised VC => region Nordics; employees <=39; stage bootstrapped
space startups outside US and China => country !United States|China
israeli cybersecurity startups still private => country Israel; listed no
new companies doing AI for insurance underwriting => founded >=2021
startups working on fusion energy =>
portfolio companies of climate funds in the UK => country United Kingdom
Tel Aviv seed cos => city Tel Aviv; stage seed
edtech startups that shut down during covid => status closed
neobanks which were acquired by incumbents => status acquired
Berlin/Munich/Hamburg startups in mobility => city Berlin|Munich|Hamburg
quantum computing companies in the UK, France and the Netherlands that are venture backed => country United Kingdom|France|Netherlands
agtech startups focused on East Africa => region East Africa
solo founder saas => model saas
hardware startups in shenzhen => model hardware; city Shenzhen
Web3 gaming cos outside of crypto hubs =>
companies started by ex-Google engineers =>
insurtech in mena or turkey => region MENA|Turkey
consumer social apps founded 2021-2024 => model b2c; founded >=2021; founded <=2024
stealth startups 2025 or newer => founded >=2025
# mergers and acquisitions
family-owned hvac businesses in the southeast us with 20-100 employees, established before 1995 => region US Southeast; employees >=20; employees <=100; founded <=1994
acquisition targets: independent UK IT MSPs, 15-75 staff => country United Kingdom; employees >=15; employees <=75
founder-led software companies in the Benelux, no VC funding => region Benelux; model software; stage bootstrapped
privately-held injection molders in Wisconsin or Minnesota => listed no; region Wisconsin|Minnesota
listed staffing firms in Japan and Korea => listed yes; country Japan|South Korea
publicly-traded shipping cos ex-China => listed yes; country !China
roll-up candidates: vet clinics, Spain/Portugal => country Spain|Portugal
companies operating for over 40 years that make industrial valves => founded <=1986
industrial distributors founded in the 70s or 80s => founded >=1970; founded <=1989
orphan subsidiaries of Japanese conglomerates =>
not owned by private equity, German dental labs => country Germany
carve-outs from large pharma groups =>
boutique investment banks in Zurich and Geneva => employees <=50; city Zurich|Geneva
specialty chemical makers, employees 200 - 2,000, HQ: Germany, Austria, Switzerland => employees >=200; employees <=2000; country Germany|Austria|Switzerland
regional breweries older than 150 years in Bavaria => region Bavaria; founded <=1876
software firms in Poland with between 100 and 300 developers => country Poland; model software
delisted or bankrupt airlines => status closed
NASDAQ listed medical device makers with less than 500 employees => listed yes; employees <=499
companies on the FTSE 250 that run pubs => listed yes
private label food producers in eastern europe => region Eastern Europe
not yet acquired e-signature vendors => status !acquired
competitors of DocuSign based in Europe => region Europe
owner-managed machine builders, Baden-Württemberg, max 250 employees => region Baden-Württemberg; employees <=250
Swiss watch component suppliers established over 50 years ago => country Switzerland; founded <=1976
insurance brokers in Ireland excluding Dublin => country Ireland; city !Dublin
# procurement
suppliers of stainless steel fasteners in Taiwan, ISO 9001 => country Taiwan
corrugated box manufacturers within Ontario and Quebec => region Ontario|Quebec
alternatives to Chinese PCB makers =>
PCB assembly houses in Eastern Europe, not Russia or Belarus => region Eastern Europe; country !Russia|Belarus
packaging vendors near Rotterdam => city Rotterdam
translation agencies for Japanese and Korean => model agency
a supplier of lab gloves from Malaysia => country Malaysia
Vietnamese garment factories with at least 300 workers => country Vietnam; employees >=300
logistics providers with warehouses in Poland =>
who makes hydraulic pumps in northern italy? => country Italy
uniform suppliers that ship to Canada =>
contract manufacturers (CMOs) in India or Bangladesh, minimum order under 1000 units => country India|Bangladesh
women-owned catering companies in Atlanta => city Atlanta
cleaning companies serving hospitals in Manchester =>
catering firms for events of 500 people =>
consultancies that know German tax law => model consultancy
office furniture makers, european, no resellers => region Europe
event agencies in Barcelona that speak English => model agency; city Barcelona
cloud hosting companies with data centers in Frankfurt =>
industrial 3D printing service bureaus in the Netherlands or Belgium => country Netherlands|Belgium
security guards companies across the Gulf states => region GCC
raw milk cheese producers, France, est. before 1980 => country France; founded <=1979
fair trade coffee importers in Scandinavia => region Scandinavia
toy makers other than Chinese ones => country !China
small-scale olive oil producers from Greece => country Greece
# sloppy and others
saas compnies germany => model saas; country Germany
Companies with more then 100 employes in poland doing erp implementation => employees >=101; country Poland
startups in sf => city San Francisco
uk edtech => country United Kingdom
us healthcare it vendors => country United States
AI COMPANIES IN CANADA => country Canada
Fintech Startups In Singapore Founded After 2018 => country Singapore; founded >=2019
crypto exchange in hong kong => country Hong Kong
carpet cleaners in la => city Los Angeles
which companies in norway build autonomous ships? => country Norway
companies similar to Notion but not american => country !United States
I'm looking for mid-sized French luxury brands that aren't owned by LVMH => employees >=51; employees <=1000; country France
tell me about bike brands from portugal founded this decade => country Portugal; founded >=2020
open-source CRM, self-hosted, not freemium => model open_source; model !freemium
marketplaces (not SaaS) for construction materials in Brazil => model marketplace; model !saas; country Brazil
agencies only, no freelancers, for TikTok ads => model agency
telemedicine across Latin America excluding Brazil => region Latin America; country !Brazil
non profit orgs in kenya that provide clean water => model nonprofit; country Kenya
companies with no employees outside founders =>
firms employing between 1,000 and 5,000 in medical imaging => employees >=1000; employees <=5000
edtech for schools in India => country India
B2B payments for African merchants => model b2b
a startup helping nurses find shifts =>
software to manage Airbnb apartments =>
tools for remote teams across Europe =>
tax software for expats in Germany =>
apps for learning Spanish =>
bank in a box for credit unions =>
companies that went public in 2021 => listed yes
crm for real estate agents in dubai => city Dubai
headquartered outside the european union: vpn providers => region !European Union
online pharmacies that closed => status closed
travel agencies in Rome => city Rome
Middle-market lenders =>
big four alternatives in audit =>
European Union policy consultants => model consultancy
New York style bagel chains =>
Swedish death cleaning services =>
Chinese takeaway ordering apps =>
Brazilian jiu jitsu gyms =>
Bank of Georgia competitors =>
"""


# A third table, again fresh: full sentences, criteria-like briefs, unusual orders. Before anything was changed for it,
# the parser read 137 of the 157 lines.
THIRD = """
# full sentences
We are an M&A boutique and need Swedish industrial companies with at least 100 and at most 400 employees. => country Sweden; employees >=100; employees <=400
Which European cloud providers were founded before 2010 and are still independent? => region Europe; founded <=2009; status active
Show all publicly listed insurers in Asia with a workforce of over 20,000 => listed yes; region Asia; employees >=20001
I want to find companies in the United Kingdom that make pasta and have no more than 60 staff => country United Kingdom; employees <=60
Could you list telecom equipment vendors headquartered in Finland or Sweden? => country Finland|Sweden
Please give me a list of 30 SaaS startups from Estonia => country Estonia; model saas
Our client wants to buy a German packaging company with 50-250 employees that was founded before 1990. => country Germany; employees >=50; employees <=250; founded <=1989
Companies must be headquartered in Canada and employ fewer than 300 people; they should offer fleet telematics => country Canada; employees <=299
The company should be American, privately held and older than 25 years => country United States; listed no; founded <=2001
Any vendor of baby monitors, as long as it isn't Chinese => country !China
Hotels groups which are not listed and not in Spain => listed no; country !Spain
payment companies that operate in at least three African countries =>
Who are the biggest private security companies in South Africa with 10,000+ guards? => country South Africa
Find businesses in Ireland doing horse racing analytics, ideally with 5 to 25 people => country Ireland; employees >=5; employees <=25
I am looking for defunct American airlines => status closed; country United States
An overview of Danish pig farming technology vendors founded between 1960 and 1985 => country Denmark; founded >=1960; founded <=1985
Suppliers of paper bags located anywhere in Europe except Turkey => region Europe; country !Turkey
Startups whose product helps lawyers, based in either London or Manchester => city London|Manchester
Companies from Israel, founded 2016 or after, Series A, that do drone defence => country Israel; founded >=2016; stage series_a
Vietnam or Thailand based seafood processors with more than a thousand workers => country Vietnam|Thailand; employees >=1001
# sizes
Very large logistics companies => employees >=1001
logistics giants in Germany => country Germany
tiny startups building keyboards => employees <=10
10-person design studios => employees >=8; employees <=12
teams of 2-10 building indie games => employees >=2; employees <=10
companies between 1 and 10 employees, pottery => employees >=1; employees <=10
pottery studios, 1-10 employees => employees >=1; employees <=10
size: 51-200, HR tech => employees >=51; employees <=200
HR tech (201-500 employees) => employees >=201; employees <=500
HR tech with 10001+ employees => employees >=10001
company size 1001-5000, aerospace => employees >=1001; employees <=5000
employee count under 100, aerospace => employees <=99
aerospace suppliers with not more than 500 employees => employees <=500
sub-50-employee aerospace suppliers => employees <=49
aerospace, staff: 100 to 1000 => employees >=100; employees <=1000
aerospace with upwards of 5,000 people => employees >=5000
at least five hundred employees, aerospace => employees >=500
aerospace firms whose headcount is over 750 => employees >=751
aerospace firms that employ no fewer than 2000 people => employees >=2000
aerospace firms with somewhere between 100 and 150 employees => employees >=100; employees <=150
aerospace firms of about 80 people => employees >=60; employees <=100
medium-sized Austrian ski makers => employees >=51; employees <=1000; country Austria
big Polish bakeries => employees >=1001; country Poland
# ages
aerospace firms that started up in 2012 => founded >=2012; founded <=2012
aerospace firms set up after 1999 => founded >=2000
aerospace firms created before the 1980s => founded <=1979
aerospace firms founded in or after 2008 => founded >=2008
aerospace firms founded in the early 2000s => founded >=2000; founded <=2003
aerospace firms from the 1960s => founded >=1960; founded <=1969
aerospace firms that have been around for at least 60 years => founded <=1966
aerospace firms more than half a century old => founded <=1976
aerospace startups not older than 4 years => founded >=2022
aerospace startups under 4 years old => founded >=2022
aerospace startups that are at most 10 years old => founded >=2016
aerospace, inception 2014-2016 => founded >=2014; founded <=2016
aerospace, year founded > 2010 => founded >=2011
aerospace, founded: 1995 => founded >=1995; founded <=1995
aerospace startups founded this year => founded >=2026; founded <=2026
aerospace companies dating back to the 1920s => founded >=1920; founded <=1929
aerospace companies founded no earlier than 2003 => founded >=2003
aerospace companies founded up to 1970 => founded <=1970
aerospace companies founded within the last decade => founded >=2016
companies with a history of more than 75 years in coffee => founded <=1951
coffee roasters established in 1900 or earlier => founded <=1900
# status, listing, funding
coffee chains that went bankrupt => status closed
coffee chains which have ceased operations => status closed
coffee startups that got acquired => status acquired
coffee startups, acquired or shut down => status acquired|closed
coffee companies that are currently operating => status active
coffee companies that are neither acquired nor closed => status !acquired|closed
only active coffee companies => status active
inactive or closed coffee companies => status closed
coffee companies quoted on Euronext => listed yes
coffee companies with a stock market listing => listed yes
coffee companies that are public => listed yes
public coffee companies => listed yes
coffee companies, private only => listed no
coffee companies in private hands => listed no
not publicly listed coffee companies => listed no
self-funded coffee apps => stage bootstrapped
coffee apps that never took outside money => stage bootstrapped
seed or series a coffee apps => stage seed|series_a
coffee apps with Series C funding => stage series_c
coffee apps which have raised over 20 million dollars => amount >=20000001
coffee apps with less than $3 million raised => amount <=2999999
coffee apps with total funding between 1 and 5 million USD => amount >=1000000; amount <=5000000
coffee apps that raised a $10m Series B => stage series_b; amount >=10000000
# models
coffee marketplaces => model marketplace
coffee subscriptions sold direct to consumer => model d2c
B2B coffee distributors => model b2b
coffee machine hardware companies => model hardware
open-source coffee roasting software => model open_source
two-sided marketplaces connecting coffee farmers and roasters => model marketplace
software as a service for coffee shops => model saas
e-commerce companies selling coffee => model ecommerce
coffee consultancies => model consultancy
coffee charities in Uganda => model nonprofit; country Uganda
branding agencies for coffee shops => model agency
no marketplaces: coffee brokers => model !marketplace
coffee software excluding open source projects => model !open_source
coffee roasters, B2C only => model b2c
coffee franchises in the Philippines => model franchise; country Philippines
# places
coffee roasters in Washington state => region Washington
coffee roasters in Seattle, Washington => city Seattle; region Washington
coffee roasters on the West Coast => region West Coast
coffee roasters in the Pacific Northwest => region Pacific Northwest
coffee roasters, Melbourne (Australia) => city Melbourne; country Australia
coffee roasters in Georgia (the US state) => region Georgia; country United States
coffee roasters in Tbilisi, Georgia => city Tbilisi; country Georgia
coffee from Ethiopia importers =>
importers of Ethiopian coffee =>
Ethiopian coffee exporters => country Ethiopia
coffee companies across Asia but outside China and Japan => region Asia; country !China|Japan
coffee companies in North and South America => region North America|South America
coffee companies in Central or Eastern Europe => region Central Europe|Eastern Europe
coffee companies in the Americas => region Americas
coffee companies in Oceania => region Oceania
coffee companies in the Netherlands, Belgium, Luxembourg => country Netherlands|Belgium|Luxembourg
coffee companies - Brazil, Colombia => country Brazil|Colombia
coffee companies located in Lagos or Nairobi => city Lagos|Nairobi
coffee companies in Lombardy, Italy => region Lombardy; country Italy
coffee machines made in Italy =>
coffee shops in airports in Germany => country Germany
Hawaiian coffee growers => region Hawaii
coffee traders that are Swiss => country Switzerland
coffee traders (Swiss or German) => country Switzerland|Germany
coffee traders, country = CH => country Switzerland
non-EU coffee traders => region !European Union
coffee traders other than those based in Switzerland => country !Switzerland
coffee traders, but nothing from Switzerland => country !Switzerland
coffee traders minus the Swiss => country !Switzerland
# nothing
coffee for offices with 50 employees =>
coffee delivered to German offices =>
coffee subscription management software =>
coffee loved by Americans =>
Turkish coffee brands =>
Irish coffee mixers =>
public coffee machines in train stations =>
coffee kiosks for private hospitals =>
coffee shop software for franchises =>
coffee shops open 24 hours =>
coffee with 100% arabica =>
coffee pods compatible with machines since 2010 =>
coffee for large families =>
new coffee flavours =>
old fashioned coffee grinders =>
young coffee plants nurseries =>
small coffee cups makers =>
coffee startups mentors network =>
coffee brands that acquired farms =>
operating leases for coffee machines =>
active coffee drinkers community =>
seed-to-cup traceability =>
Series of coffee documentaries =>
coffee brands founded by women =>
founded on fair trade principles =>
coffee sold in 30 countries =>
"""


# A fourth table, for the measure: typical requests to a company search. Before anything was changed for it, the parser
# read 85 of its 101 lines.
FOURTH = """
Companies building carbon accounting software for manufacturers, headquartered in the Nordics or Germany, with 11-200 employees => region Nordics|Germany; employees >=11; employees <=200
B2B companies providing predictive maintenance to railways outside of China => model b2b; country !China
AI legal research startups in New York or San Francisco that have raised a Series A => city New York|San Francisco; stage series_a
Family-run Italian tile manufacturers exporting to the US, founded before 1970 => country Italy; founded <=1969
Vertical SaaS for veterinary clinics, excluding practice management marketplaces => model saas; model !marketplace
Indian D2C skincare brands founded after 2017 and still independent => country India; model d2c; founded >=2018; status active
Publicly traded European renewable developers with more than 1,000 employees => listed yes; region Europe; employees >=1001
Swiss-based medical robotics companies, under 100 employees => country Switzerland; employees <=99
Consumer apps for sleep, not hardware => model b2c; model !hardware
Open source observability tools that are commercially backed => model open_source
Acquired cybersecurity startups from Israel => status acquired; country Israel
3PL providers in Poland with at least 3 warehouses => country Poland
Contract research organizations based in Asia-Pacific but not in India => region APAC; country !India
Companies selling LIMS to pharma labs, no consultancies please => model !consultancy
Mid-size logistics companies in Mexico and Colombia => employees >=51; employees <=1000; country Mexico|Colombia
Private hospital groups in the Gulf => region GCC
Independent record labels in Nashville => city Nashville
UK-headquartered challenger banks that are not yet profitable => country United Kingdom
Software companies from Argentina serving US clients, 50+ engineers => model software; country Argentina
Women-led femtech startups in Europe, pre-seed to Series A => region Europe; stage pre_seed|seed|series_a
Vegan food producers in Berlin established since 2010 => city Berlin; founded >=2010
Freight forwarders with offices in Shanghai and headquarters in Hamburg => city Hamburg
Coworking operators in Southeast Asia, other than WeWork => region Southeast Asia
Portuguese software consultancies with 20-100 people => country Portugal; model consultancy; employees >=20; employees <=100
Gaming companies listed on the Tokyo Stock Exchange => listed yes
Chinese EV makers listed in Hong Kong => country China; listed yes
Companies with a team of 5 to 15 working on protein design => employees >=5; employees <=15
Startups aged under three years in quantum sensing => founded >=2023
Fintech infrastructure providers in Nigeria, Ghana, Kenya or Egypt => country Nigeria|Ghana|Kenya|Egypt
Tour operators in Peru that don't sell hotel rooms => country Peru
Solar module manufacturers not headquartered in Asia => region !Asia
Large US hospital systems => employees >=1001; country United States
Shopify agencies in Australia or New Zealand => model agency; country Australia|New Zealand
Space tech in Luxembourg => country Luxembourg
HR tech companies that were shut down or acquired since 2020 => status closed|acquired
Industrial automation distributors in the American Midwest => region Midwest
Online marketplaces for second-hand clothes in France and Spain => model marketplace; country France|Spain
Language learning apps, bootstrapped, fewer than 20 employees => stage bootstrapped; employees <=19
Companies whose main customers are European airports =>
Startups selling to American school districts =>
Vendors helping small banks with compliance =>
Data providers covering Chinese private companies =>
Investors in African startups =>
Recruiters placing Indian engineers =>
Travel platforms for trips to Japan =>
Visa services for people moving to Canada =>
Logistics software used by large retailers =>
Analytics for publicly traded companies =>
Tools that let small teams ship faster =>
Platforms for selling a company =>
Insurance for startups with fewer than 10 employees =>
Tax filing for freelancers in the US =>
CRM integrations for acquired companies =>
Payroll providers covering 150+ countries =>
Translators from German to English =>
Restaurants serving Georgian food =>
Tire makers with 20 factories =>
Companies founded by Stanford alumni =>
Databases with active communities =>
Closed captioning services =>
Private tutoring platforms =>
Public safety software =>
Listed ingredients scanners =>
Startup law firms =>
Old masters art dealers =>
Big four accounting alternatives =>
Smart building sensors =>
Young professionals networks =>
Series 7 exam prep =>
Seed treatment chemicals =>
Growth marketing tools =>
Angel investor networks =>
Employee-owned grocery stores =>
Large print book publishers =>
Small engine repair shops =>
Turkey sandwich chains =>
China cabinets retailers =>
Jersey knit fabric mills =>
Brands inspired by Scandinavian design =>
Mexican food trucks =>
Greek life management software =>
Bath bombs and soap makers =>
Nice-looking furniture for renters =>
Makers of Panama hats =>
Polish remover brands =>
companies in the US or Canada not selling to government => country United States|Canada
saas in india 2015+ => model saas; country India; founded >=2015
cybersecurity, israel, 50-100 => country Israel
biotech boston <200 employees => city Boston; employees <=199
uk fintech series b => country United Kingdom; stage series_b
german family businesses machine tools => country Germany
startups paris ai => city Paris
crypto companies dubai => city Dubai
food delivery latam not brazil => region Latin America; country !Brazil
medtech ireland private => country Ireland; listed no
public biotech companies in san diego => listed yes; city San Diego
japan robotics listed => country Japan; listed yes
construction firms texas 500+ employees => region Texas; employees >=500
edtech africa seed => region Africa; stage seed
it outsourcing eastern europe 200-500 people => region Eastern Europe; employees >=200; employees <=500
# words that are verbs elsewhere
customer support startups in Berlin with 10-50 employees => city Berlin; employees >=10; employees <=50
supply chain companies in Germany founded after 2015 => country Germany; founded >=2016
open source companies with fewer than 50 employees in France => model open_source; employees <=49; country France
trade finance providers in Kenya => country Kenya
corporate training companies in Spain, 50+ people => country Spain; employees >=50
recruiting firms with 10-50 employees in Ohio => employees >=10; employees <=50; region Ohio
market research agencies in London => city London
asset tracking companies in Canada, under 100 employees => country Canada; employees <=99
shipping companies in Greece with more than 200 employees => country Greece; employees >=201
help desk vendors in India with 200+ employees => country India; employees >=200
crop insurance companies in Brazil => country Brazil
office supplies distributors in Ohio with 20-200 employees => region Ohio; employees >=20; employees <=200
import export companies in Turkey => country Turkey
lending startups in Mexico founded since 2019 => country Mexico; founded >=2019
"""
