"""Two more tables of phrasings, as different kinds of people type; the right sides were written before they were run."""

# Analysts and founders trying a search engine. Before anything was changed for it the parser read 114
# of its 120 lines.
ANALYSTS = """
Series B fintech startups in Brooklyn founded after 2018 with 50-200 employees => stage series_b; city Brooklyn; founded >=2019; employees >=50; employees <=200
publicly traded semiconductor companies headquartered in Taiwan => listed yes; country Taiwan
companies like Stripe but in Africa => region Africa
YC-backed devtools =>
startups that raised over $10M in 2023 => amount >=10000001
Climate tech startups in California that raised at least $5M => region California; amount >=5000000
AI companies in London with fewer than 100 employees => city London; employees <=99
Biotech companies in the Boston area founded before 2010 => region Greater Boston; founded <=2009
Cybersecurity firms headquartered in Israel with 200+ employees => country Israel; employees >=200
E-commerce platforms in Southeast Asia founded between 2010 and 2015 => region Southeast Asia; founded >=2010; founded <=2015
Private space companies in the United States with over 500 employees => listed no; country United States; employees >=501
SaaS companies acquired by Salesforce => model saas; status acquired
Pre-seed healthcare AI startups in New York City => stage pre_seed; city New York
Electric vehicle manufacturers founded after 2005 => founded >=2006
Open source database companies with Series C funding or later => model open_source; stage series_c|series_d|series_e|series_f|series_g|series_h|growth|late_stage|ipo
Food delivery companies operating in India => country India
Unicorn startups in Germany => country Germany
Marketing agencies in Chicago with 10 to 50 employees => model agency; city Chicago; employees >=10; employees <=50
Publicly listed pharmaceutical companies in Switzerland => listed yes; country Switzerland
edtech startups in Latin America that are still active => region Latin America; status active
Drone startups founded in 2021 => founded >=2021; founded <=2021
Robotics companies in Pittsburgh, Pennsylvania => city Pittsburgh; region Pennsylvania
Bootstrapped SaaS companies with more than 20 employees => stage bootstrapped; model saas; employees >=21
B2B marketplaces in Europe founded since 2015 => model b2b; model marketplace; region Europe; founded >=2015
Consumer hardware startups that have raised Series A => model b2c; model hardware; stage series_a
Nonprofit organizations in education based in Kenya => model nonprofit; country Kenya
Insurtech startups in the UK with between 11 and 50 employees => country United Kingdom; employees >=11; employees <=50
Renewable energy companies in Texas with 1000+ employees => region Texas; employees >=1000
Gaming studios in Montreal => city Montreal
Biotech startups that went public => listed yes
Fintech companies in Nigeria or Kenya founded after 2016 => country Nigeria|Kenya; founded >=2017
Logistics startups outside the US with 50-500 employees => country !United States; employees >=50; employees <=500
Direct-to-consumer brands in Los Angeles => model d2c; city Los Angeles
Seed-stage AI companies in San Francisco => stage seed; city San Francisco
Companies in Toronto building developer tools with under 50 people => city Toronto; employees <=49
legal tech companies founded in the last five years => founded >=2021
Quantum computing companies in Canada or Australia => country Canada|Australia
agritech companies in sub-Saharan Africa with at least 20 employees => region Sub-Saharan Africa; employees >=20
VR/AR companies that shut down => status closed
Proptech companies in Singapore, Hong Kong and Tokyo => city Singapore|Hong Kong|Tokyo
Companies headquartered in Paris working on generative AI => city Paris
Telehealth providers with 500 to 1,000 employees => employees >=500; employees <=1000
Mobile payment companies in Mexico => country Mexico
Late-stage fintech companies in Brazil => stage late_stage; country Brazil
Healthcare companies in the Midwest with 5,000+ employees => region Midwest; employees >=5000
Fashion marketplaces founded before 2015 in France => model marketplace; founded <=2014; country France
Startups in Austin with total funding above $50 million => city Austin; amount >=50000001
Companies that raised a Series A in the Bay Area => stage series_a; region San Francisco Bay Area
video conferencing companies founded pre-2010 => founded <=2009
HR software with less than 50 employees => employees <=49
companies in Denver, CO that do cannabis delivery => city Denver; region Colorado
cloud security vendors in Tel Aviv that raised between $20M and $100M => city Tel Aviv; amount >=20000000; amount <=100000000
privately held food manufacturers in Ohio with 200-1000 employees => listed no; region Ohio; employees >=200; employees <=1000
battery recycling startups =>
companies making lab-grown meat in the Netherlands => country Netherlands
oldest breweries in Germany, founded before 1800 => country Germany; founded <=1799
micro-SaaS businesses run by solo founders => model saas
Show me Nordic climate startups at Seed or Series A => region Nordics; stage seed|series_a
Chinese AI chip companies not listed on a stock exchange => country China; listed no
airlines headquartered in the Middle East => region Middle East
travel startups that were shut down after 2020 => status closed
non-profit hospitals in Minnesota => model nonprofit; region Minnesota
subscription box companies in the UK => model subscription; country United Kingdom
three-year-old AI startups in NYC => founded >=2022; founded <=2024; city New York
medical device companies in Minneapolis with 50 to 250 staff => city Minneapolis; employees >=50; employees <=250
SpaceX competitors in Europe => region Europe
Large enterprise software companies founded in the 1990s => employees >=1001; model software; founded >=1990; founded <=1999
cybersecurity startups from Estonia, Latvia or Lithuania => country Estonia|Latvia|Lithuania
tokenization startups based in Zug => city Zug
payments companies with a headcount above 2,000 => employees >=2001
dating apps acquired by Match Group => status acquired
AI startups, Series A, $5M-$20M raised => stage series_a; amount >=5000000; amount <=20000000
Semiconductor equipment makers in Japan with at least 1,000 workers => country Japan; employees >=1000
Companies from South Korea in the beauty sector => country South Korea; industry beauty
EU-based data privacy companies => region European Union
growth stage edtechs in Indonesia => stage growth; country Indonesia
construction software used in Germany =>
US startups with Indian founders => country United States
platforms helping restaurants in New York manage inventory =>
apps for seniors with more than 1 million users =>
GDPR compliance tools for European companies =>
payroll software for companies with 50-200 employees =>
recruiting platforms for Series A startups =>
market data on publicly traded companies =>
lending to small businesses in Mexico =>
CRM for nonprofits =>
inventory software for e-commerce brands =>
Paris Agreement carbon reporting tools =>
Boston Dynamics alternatives =>
Amazon sellers analytics =>
Office 365 backup vendors =>
21st century history podcasts =>
web3 gaming companies =>
ISO 9001 consultants => model consultancy
401k providers for startups =>
3D printing materials suppliers =>
companies with $100M in annual revenue =>
firms with revenue between $1M and $5M in Spain => country Spain
tools to track SEC filings since 2001 =>
London Stock Exchange data providers =>
COVID-19 testing labs =>
Web 2.0 companies from 2005 => founded >=2005; founded <=2005
Fortune 500 companies' suppliers of packaging =>
companies selling to hospitals with over 500 beds =>
B2C apps in India with 10 million downloads => model b2c; country India
open-source alternatives to Slack => model open_source
data centers in Virginia => region Virginia
satellite imagery startups from Finland with $20M+ raised => country Finland; amount >=20000000
mining companies listed on the TSX => listed yes
oil companies in Alberta, Canada, more than 100 employees => region Alberta; country Canada; employees >=101
startups with exactly 10 employees => employees >=10; employees <=10
companies founded in 2020 or later in the creator economy => founded >=2020
remote companies with employees across Europe =>
neobanks in Brazil that have raised Series D or beyond => country Brazil; stage series_d|series_e|series_f|series_g|series_h|growth|late_stage|ipo
hotel booking sites in Thailand and Vietnam => country Thailand|Vietnam
energy storage startups excluding China => country !China
wineries in Napa, California => city Napa; region California
bike sharing companies that went bankrupt => status closed
AI drug discovery companies, publicly traded, under 500 employees => listed yes; employees <=499
D2C mattress companies acquired since 2018 => model d2c; status acquired
"""

# Procurement, M&A, recruiters, journalists; other Englishes, fragments and slips of the keyboard. Before: 92 of
# the 120 lines.
BUYERS = """
We are looking for contract manufacturers of injection-moulded parts located in Portugal or Spain, with at least 50 employees, that can supply automotive customers. => country Portugal|Spain; employees >=50
Please shortlist software vendors bought by hospitals for bed management =>
Which companies make hearing aids and have been taken over by a larger group? => status acquired
RFP: managed print services providers, UK and Ireland, > 100 staff => country United Kingdom|Ireland; employees >=101
Target: founder-owned HVAC distributors; Southeast US; 50-300 employees; est. before 2000 => region US Southeast; employees >=50; employees <=300; founded <=1999
- HQ: Netherlands - Sector: agriculture - Size: 11-50 => country Netherlands; industry agriculture; employees >=11; employees <=50
Kindly provide the list of companies in Bengaluru doing AI for retail having employee strength of 50 to 200 => city Bengaluru; employees >=50; employees <=200
Pls share pharma distributors based out of Ahmedabad or Surat => city Ahmedabad|Surat
which companies is making solar pumps in India and was started after 2010 ? => country India; founded >=2011
I search for companies which produces gearboxes in Italy, not more than 250 employees => country Italy; employees <=250
Searching firms who are specialised on laser welding, from Austria, minimum 30 peoples => country Austria; employees >=30
Recruiter here - need Series A/B healthtechs in Amsterdam hiring nurses => stage series_a|series_b; city Amsterdam
Journalist researching collapsed crypto lenders in Asia => status closed; region Asia
Which British retailers have gone into administration? => country United Kingdom; status closed
Investigating shell companies registered in Panama => country Panama
Any bootstrapped outfits in the Pacific Northwest doing forestry drones? => stage bootstrapped; region Pacific Northwest
Buyer seeks: privately owned machine shops, Michigan / Indiana / Ohio, 20-100 employees => listed no; region Michigan|Indiana|Ohio; employees >=20; employees <=100
Carve-out candidates among German chemical groups listed on the DAX => country Germany; listed yes
Software sold to law firms =>
Products sold by a company rather than given away =>
Tools bought by sales teams, not marketplaces => model !marketplace
Companies whose software is sold to insurers =>
Which startups were sold to Google? => status acquired
firms that were bought out by private equity => status acquired
Consultancies bought by Accenture => model consultancy; status acquired
brands sold in supermarkets across Germany =>
coffee machines bought by offices =>
Parcel lockers that online shops can use =>
Fundraising systems that charities and schools use =>
Accounting packages that small agencies would buy =>
Charities are the main customers; the vendor sells donor databases =>
Vendors whose customers are marketplaces =>
Payment gateways that SaaS companies integrate =>
Tools agencies use to report to clients =>
Hosting for open source projects =>
Suppliers to hardware startups =>
a directory of franchises for sale =>
Analytics for Shopify stores and other e-commerce businesses =>
Legal advice for non-profit boards =>
Printers for consumer brands =>
We want an Irish or Scottish whisky bottler (independent), est. after 1990 => region Ireland|Scotland; founded >=1991
We require an agency in Manchester for PPC; must have under 40 people => model agency; city Manchester; employees <=39
Manufactuers of cleanroom doors in Germny with 50+ employes => employees >=50
Sustainble packaging startups in the Untied Kingdom =>
companies headquatered in Chicago that sells forklifts => city Chicago
Logistcs firms, employees 100-500, country Poland => employees >=100; employees <=500; country Poland
Industry: cybersecurity; Location: Israel; Stage: Series A; Headcount: 20-80 => industry cybersecurity; country Israel; stage series_a; employees >=20; employees <=80
Founded: 2015-2020; HQ: Berlin; Model: SaaS => founded >=2015; founded <=2020; city Berlin; model saas
Location = Canada, employees = 1-10, app developers => country Canada; employees >=1; employees <=10
Not interested in Chinese suppliers: lithium cells for e-bikes => country !China
Avoid agencies; want in-house product companies making kids' games in Sweden => model !agency; country Sweden
Must not be publicly traded and must be at least 15 years old, water treatment chemicals => listed no; founded <=2011
no bigger than 500 people, no older than 10 years, industrial IoT => employees <=500; founded >=2016
Equity REITs that own physical property, not mortgage REITs, with fewer than 500 employees => employees <=499
Hotel operators, not booking sites, founded before 1980 => founded <=1979
Grocery wholesalers (not retailers), in Kenya, at least 100 staff => country Kenya; employees >=100
Firms that lend to farmers, not banks, in Ghana => country Ghana
Manufacturers of ventilators, excluding CPAP, based in Germany and employing more than 200 => country Germany; employees >=201
Dental chains but no franchises, in Texas => model !franchise; region Texas
Caterers in Delhi NCR serving corporates with 1000+ employees => region Delhi
Wholesalers which export rice to West Africa =>
Importers of German kitchen appliances in the UAE => country United Arab Emirates
Translation bureaus that work from Japanese into English =>
Firms advising Chinese buyers on Australian property =>
Insurers covering US pilots =>
Shipbrokers, Athens => city Athens
Bunker fuel traders @ Rotterdam => city Rotterdam
Family offices in Geneva or Zürich, less than 20 persons => city Geneva|Zurich; employees <=19
Mid-cap listed miners, Australia => listed yes; country Australia
Which European airlines are still flying and privately held? => region Europe; listed no
What are the largest privately owned steel makers in Turkey? => listed no; country Turkey
Who makes wheelchairs in the Czech Republic? => country Czechia
Are there any Kenyan companies that recycle plastic? => country Kenya
Where can I find Vietnamese furniture factories with more than 300 workers? => country Vietnam; employees >=301
How many robotics start-ups from Denmark were founded since 2019? => country Denmark; founded >=2019
Startups with 2 founders and 5 employees in Lisbon => employees >=4; employees <=6; city Lisbon
A firm of twenty to forty engineers doing bridge inspections => employees >=20; employees <=40
Suppliers with over 25 years of experience in marine paint => founded <=2001
A company with a 100-year history making clocks => founded <=1926
companies that celebrated their 50th anniversary, toys =>
Companies incorporated in Delaware but headquartered in Toronto => city Toronto
Anything in the Ruhr area making pumps, Mittelstand, 100 to 999 employees => region Ruhr; employees >=100; employees <=999
Sole traders doing piano tuning =>
Non-listed Japanese sake brewers older than a century => listed no; country Japan; founded <=1926
Subsidiaries of Siemens =>
Suppliers to BMW in Bavaria => region Bavaria
Competitors of Lufthansa Cargo outside Europe => region !Europe
Start-ups in stealth mode, quantum, Munich => city Munich
Companies having raised 15 crore or more, agri inputs =>
cos. with >$30m raised, <150 ppl, alt protein => amount >=30000001; employees <=149
seed / series A, climate, DACH, max. 30 FTE => stage seed|series_a; region DACH; employees <=30
fintech | Lagos | founded 2017+ => city Lagos; founded >=2017
b2b saas, nyc, 11-50 => model b2b; model saas; city New York
EdTech Pune => city Pune
waste haulers, tri-state area, family run => region Tri-State Area
medtech (class II devices), Galway, 50 plus staff => city Galway; employees >=50
Cos in Melbourne, VIC w/ 20+ staff doing payroll outsourcing => city Melbourne; region Victoria; employees >=20
Nairobi startups that have raised less than a million dollars => city Nairobi; amount <=999999
profitable B2B software firms, Nordics, no VC => model b2b; model software; region Nordics; stage bootstrapped
organisations doing reforestation in Madagascar => country Madagascar
reforestation NGOs working in Madagascar => model nonprofit; country Madagascar
open source firms selling to the German public sector => model open_source
marketplace for freelance nurses, live in at least 3 US states => model marketplace
tools for HR teams of 10-50 employees =>
training for managers of small companies =>
loans for startups founded less than 2 years ago =>
insurance for listed companies' directors =>
compliance software for companies in the EU =>
ERP for mid-sized manufacturers =>
staffing of nurses for private hospitals in Dubai => city Dubai
office fit-out contractors in Dubai who serve Series A startups => city Dubai
logistics providers serving online retailers in France =>
Spanish companies selling to German supermarkets => country Spain
Danish wind suppliers with clients in Taiwan => country Denmark
A Swiss firm, independent, that sells watches in China => country Switzerland
Companies that used to be public and were taken private => listed no
Old Bailey court reporting services =>
French press coffee makers =>
New Balance resellers =>
Phoenix framework consultancies => model consultancy
"""

# A control, written and run once after all the work on the two tables above: the parser read 56 of its 61 lines (of the
# other five, three had a right side that contradicted the conventions of the earlier tables).
CONTROL = """
Find manufacturing companies in northern Italy with 100-500 employees founded before 1995 => country Italy; employees >=100; employees <=500; founded <=1994
Healthcare SaaS companies based in Nashville, Tennessee that have raised Series B or later => model saas; city Nashville; region Tennessee; stage series_b|series_c|series_d|series_e|series_f|series_g|series_h|growth|late_stage|ipo
B2B fintechs in Poland and the Baltics => model b2b; region Poland|Baltics
consumer packaged goods brands founded in the last 10 years in Colorado => founded >=2016; region Colorado
Companies founded by ex-Googlers in Zurich => city Zurich
AI startups with fewer than 20 employees and more than $5M in funding => employees <=19; amount >=5000001
Defense contractors headquartered in Virginia with over 1000 employees => region Virginia; employees >=1001
privately held logistics companies in the Netherlands founded before 2000 => listed no; country Netherlands; founded <=1999
public cloud security companies =>
publicly traded cloud security companies => listed yes
biotech companies in Cambridge, Massachusetts => city Cambridge; region Massachusetts
biotech companies in Cambridge, UK => city Cambridge; country United Kingdom
space startups founded after SpaceX =>
crypto exchanges that shut down between 2018 and 2022 => status closed
Startups acquired by Microsoft after 2015 => status acquired
Dutch scale-ups with a workforce of 100 to 250 => country Netherlands; stage growth; employees >=100; employees <=250
family-owned wineries in Bordeaux => city Bordeaux
Manufacturers of hearing protection, HQ Sweden or Denmark, turnover above 10 MEUR => country Sweden|Denmark
find companies that sell to Walmart =>
Ukrainian IT outsourcing companies with 1000 or more engineers => country Ukraine
Ride-hailing in Pakistan => country Pakistan
Which Indian unicorns were founded after 2015? => country India; founded >=2016
women's health startups, Series A to C, US => stage series_a|series_b|series_c; country United States
companies with between 250 and 1000 staff that provide IT services to the NHS => employees >=250; employees <=1000
ecommerce enablers in Saudi Arabia => country Saudi Arabia
companies in Seoul or Busan that make cosmetics => city Seoul|Busan
Bay Area robotics companies that raised at least $25 million => region San Francisco Bay Area; amount >=25000000
Electric scooter companies no longer operating => status closed
old German brewing companies, at least 200 years old => founded <=1826; country Germany
hardware companies in Shenzhen selling to Europe => model hardware; city Shenzhen
Japanese game studios listed on the Tokyo Stock Exchange with less than 500 employees => country Japan; listed yes; employees <=499
subscription coffee brands => model subscription
nonprofit organisations fighting malaria in Tanzania => model nonprofit; country Tanzania
Israeli startups acquired for more than $100M => country Israel; status acquired
startups in Lagos with seed funding => city Lagos; stage seed
UK law firms with 50-100 partners => country United Kingdom
hotel chains with more than 100 hotels =>
online grocery startups in Istanbul founded 2015-2021 => city Istanbul; founded >=2015; founded <=2021
AI companies not based in the US or China => country !United States|China
Series C+ companies in logistics automation => stage series_c|series_d|series_e|series_f|series_g|series_h|growth|late_stage|ipo
freelancer marketplaces in Eastern Europe => model marketplace; region Eastern Europe
tutoring marketplaces for Chinese students => model marketplace
open-source companies that raised a seed round in 2022 => model open_source; stage seed
Swiss watchmakers established in the 19th century => country Switzerland; founded >=1801; founded <=1900
companies that make software for Series A startups =>
telecom operators in West Africa with 500+ staff => region West Africa; employees >=500
small business accounting software =>
large language model startups =>
mid-market private equity firms =>
big data analytics vendors in Boston => city Boston
enterprise search companies =>
early-stage biotech in Basel => stage series_a|pre_seed|seed; city Basel
companies employing 10,000 or more in the automotive sector => employees >=10000; industry automotive
cleantech firms from Norway with no more than 15 staff => country Norway; employees <=15
Irish fintechs regulated by the Central Bank => country Ireland
Hungarian or Romanian nearshore developers, 20 to 80 people => country Hungary|Romania; employees >=20; employees <=80
American toy companies founded in the 1950s or earlier => country United States; founded <=1959
D2C and B2B furniture brands in Lithuania => model d2c; model b2b; country Lithuania
mobile app agencies in Kraków => model agency; city Kraków
apps used by German pharmacies =>
Firms with HQ in Luxembourg City => country Luxembourg
"""
