"""The wordings of orders to a model, in a dozen languages; they are looked for in folded text (lower case, no accents)."""

import re
from collections.abc import Sequence

Patterns = Sequence[tuple[str, re.Pattern[str]]]

_THING = r"(?:company|vendor|business|firm|start-?up|candidate|supplier|site|website|page|profile|organi[sz]ation|product|entry)"
_MODEL = (
    r"(?:a\.?i\.?|llms?|gpt\w*|chatgpt|claude|gemini|copilot|chatbots?|(?:large )?language models?|neural nets?|"
    r"(?:ai|automated|automatic|machine|virtual|artificial)[ -](?:intelligence |powered )?(?:reviewers?|systems?|agents?|graders?|assistants?|models?|"
    r"evaluators?|readers?|tools?|judges?|summari[sz]ers?|scrapers?|bots?)|graders?|evaluators?|grading (?:systems?|models?|agents?))"
)
_TOP = r"(?:5|five|10|ten|100|full|top|highest|maximum|max|perfect|best(?: possible)?|excellent)"
_OLD = (
    r"(?:previous|prior|above|earlier|preceding|foregoing|existing|original|initial|former|system|developer|your|those|these|the|any|all|other|"
    r"given|grading|safety|current)"
)
_ORDERS = (
    r"(?:instructions?|prompts?|rules|guidelines?|directions?|directives?|commands?|orders|criteria|rubrics?|polic(?:y|ies)|"
    r"constraints|guardrails|training|context|messages?|programming)"
)


def _compiled(kind: str, *texts: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(text)) for text in texts)


_OVERRIDE = (
    # English
    (
        rf"\b(?:ignore|disregard|forget|override|overrule|bypass|discard|neglect|skip|drop|dismiss|suspend|stop following|do not (?:follow|obey|use)|"
        rf"don't (?:follow|obey)|pay no attention to|set aside|erase|delete|cancel) (?:\w+ ){{0,3}}?{_OLD} (?:\w+ ){{0,3}}?{_ORDERS}\b"
    ),
    (
        rf"\b(?:previous|prior|above|earlier|preceding|system) {_ORDERS} (?:\w+ ){{0,4}}?(?:are|were|have been) (?:now )?"
        r"(?:void|invalid|cancel+ed|obsolete|superseded|revoked|outdated|overridden|replaced|lifted|no longer)\b"
    ),
    (
        r"\b(?:ignore|disregard|forget) (?:everything|anything|all)(?: (?:you|that|i|we|was|were|has|have|been|said|told|read|above|before|until|up|to|"
        r"now|this|point|learned|know)){2,}\b"
    ),
    rf"\bnew (?:system |developer |overriding )?(?:instructions?|prompt|orders?|task)(?: (?:for|to) {_MODEL})? ?:",
    r"\b(?:system|admin|developer|root|security) (?:override|overwrite|command|prompt injection)\b ?:",
    # German
    (
        r"\b(?:ignorier\w*|missacht\w*|vergiss|vergesst|vergessen sie|ueberschreib\w*|uberschreib\w*|ubergeh\w*|verwirf|beachte\w* nicht) (?:\w+ ){0,5}?"
        r"(?:anweisung\w*|instruktion\w*|vorgaben?|regeln|befehle?|anordnung\w*|richtlinien|prompts?|kriterien|systemprompt)\b"
    ),
    # French
    (
        r"\b(?:ignor(?:e|ez|er)|oubli(?:e|ez|er)|neglig(?:e|ez|er)|contourn(?:e|ez|er)|ne ten(?:ez|ir|s) pas compte|faites abstraction) (?:\w+['’ ]+){0,6}?"
        r"(?:instructions?|consignes?|regles?|directives?|ordres?|prompts?|criteres?)\b"
    ),
    # Spanish, Portuguese, Italian
    (
        r"\b(?:ignor(?:a|e|ad|ar|en|ate|are|i)|olvid(?:a|e|en|ar)|esque(?:ca|cam|cer)|dimentica\w*|desconsider(?:e|a|ar|em)|omit(?:a|e|ir)|descart(?:e|a|ar)|haz caso omiso|"
        r"hagan? caso omiso|non (?:seguire|considerare)|no sigas|nao siga) (?:\w+['’ ]+){0,6}?"
        r"(?:instruccion\w*|indicacion\w*|instruco\w*|instruc\w*|istruzion\w*|regras?|reglas?|regole|diretrizes|directrices|direttive|ordenes|ordens|ordini|"
        r"prompts?|criterios?|comandos?|comandi)\b"
    ),
    # Dutch, Swedish, Danish, Norwegian, Polish, Czech, Turkish, Indonesian
    r"\b(?:negeer|vergeet) (?:\w+ ){0,5}?(?:instructies?|opdrachten|regels|aanwijzingen|prompts?)\b",
    r"\b(?:ignorera|ignorer|glom|glem|bortse fran) (?:\w+ ){0,5}?(?:instruktion\w*|instruks\w*|anvisning\w*|regler|promptar?)\b",
    r"\b(?:z?ignoruj\w*|zapomnij|pomin) (?:\w+ ){0,5}?(?:instrukc\w*|polecen\w*|zasad\w*|instrukce|pokyny)\b",
    r"\b(?:onceki|yukar[iı]daki|tum) (?:\w+ ){0,4}?(?:talimat\w*|komut\w*|kural\w*) (?:\w+ ){0,2}?(?:yok say|goz ard|unut|dikkate alma)",
    r"\babaikan (?:\w+ ){0,4}?(?:instruksi|perintah|aturan)\b",
)

_GRADE_ORDER = (
    (
        rf"\b(?:grade|score|rate|mark|evaluate|rank|classify|label|judge|treat|flag|list|put) (?:\w+ ){{0,2}}?(?:this|the|our|that) {_THING} (?:\w+ ){{0,4}}?"
        rf"(?:{_TOP}|first|qualified|relevant|a match|as matching|a perfect)\b"
    ),
    (
        rf"\b(?:give|assign|award|grant|return|output|enter|set|choose|select|write|use|record) (?:\w+ ){{0,6}}?{_TOP}(?: (?:out of|/) ?\w+)?[ ,]"
        r"(?:\w+ ){0,5}?(?:every|all|each) (?:\w+ )?(?:criteri\w+|questions?|categor\w+|requirements?|dimensions?|fields?)\b"
    ),
    rf"\b(?:give|assign|award|grant|return|output|report) (?:\w+ ){{0,3}}?(?:a |an |the )?{_TOP} (?:possible )?(?:grade|score|mark)s?\b",
    rf"\b(?:every|all|each) criteri(?:on|a)\b[^.]{{0,60}}\b(?:grade|score|mark|rat)\w* (?:\w+ ){{0,3}}?{_TOP}\b",
    rf"\b(?:grade|score|mark|rat)\w*\b[^.]{{0,40}}\b{_TOP}\b[^.]{{0,30}}\b(?:on|for|in|across) (?:every|all|each)(?: of the| the)? criteri(?:on|a)\b",
    (
        rf"\b(?:only|correct|right|proper|appropriate|expected|required|final|mandatory) (?:\w+ )?(?:grade|score|rating|mark|verdict)\b"
        rf"[^.]{{0,40}}(?:\bis|=|:|\bmust be|\bshould be) ?[\"']?{_TOP}\b"
    ),
    (
        rf"\b(?:must|should|shall|have to|has to|needs? to|required to|please|always) (?:\w+ ){{0,3}}?(?:grade|score|rate|mark|award|answer|respond|reply|output|return)\b"
        rf"[^.]{{0,40}}\b{_TOP}\b(?:[^.]{{0,20}}\b(?:criteri\w+|grade|score)|(?: \w+){{0,2}} ?[.!]|$| out of)"
    ),
    (
        r"\b(?:this|our) (?:company|vendor|firm|business) (?:must|should|shall|has to|is to|needs to) (?:be |receive |get |always )+(?:\w+ ){0,2}?"
        rf"(?:graded|scored|rated|ranked|marked|listed|qualif\w+|accepted|approved|{_TOP})\b"
    ),
    # German, French, Spanish, Portuguese, Italian, Dutch
    (
        r"\b(?:bewerte|bewerten sie|benote|vergib|vergeben sie|gib|geben sie|stufe) (?:\w+ ){0,6}?(?:mit |die |eine |der )?"
        r"(?:5|funf|hochst\w*|best\w*|volle\w*|maximal\w*)\b[^.]{0,40}(?:kriteri\w+|punkt\w*|note|bewertung|wertung)?"
    ),
    r"\b(?:attribu(?:e|ez)|donn(?:e|ez)|not(?:e|ez)|accord(?:e|ez)|evalu(?:e|ez)) (?:\w+['’ ]+){0,8}?(?:5|cinq|maximale?|maximum|meilleure?|parfaite?|plus haute?)\b",
    (
        r"\b(?:califi(?:ca|que|quen)|punt(?:ua|ue)|otorg(?:a|ue)|asign(?:a|e)|evalu(?:a|e)|dale|dele) (?:\w+ ){0,6}?(?:un |una |la |con )?"
        r"(?:5|cinco|maxim[ao]|mejor|perfect[ao]|mas alta)\b"
    ),
    (
        r"\b(?:atribu(?:a|ir)|avali(?:e|ar)|classifi(?:que|car)|pontu(?:e|ar)|conced(?:a|er)|dê|de a) (?:\w+ ){0,6}?(?:nota |pontuacao )?"
        r"(?:5|cinco|maxim[ao]|mais alta|melhor|perfeit[ao])\b"
    ),
    r"\b(?:assegna\w*|valuta\w*|attribuisci|dai) (?:\w+ ){0,6}?(?:5|cinque|massim[oa]|piu alto|perfetto)\b",
    r"\b(?:beoordeel|geef|ken) (?:\w+ ){0,6}?(?:een |met |de )?(?:5|vijf|hoogste|maximale)\b[^.]{0,30}(?:score|cijfer|criteri\w+|beoordeling)",
)

_ADDRESS = (
    (
        rf"\b(?:as (?:the|an?|our|my|your)|you are (?:now )?(?:the|an?)|you,? the|you're an?) (?:\w+ ){{0,2}}?(?:{_MODEL}|judge|assistant|reviewer|rater|assessor)\b"
        r"[ ,:;-]+(?:you|your|must|should|shall|it is|please|and (?:must|should))\b"
    ),
    (
        rf"\b(?:dear|attention|hello|hey|notes? (?:to|for)|notice (?:to|for)|instructions? (?:to|for)|message (?:to|for)|memo (?:to|for)|"
        rf"important(?: notice| information| note)? (?:to|for)|hint (?:to|for)|warning (?:to|for)|reminder (?:to|for)|directive (?:to|for))"
        rf"[ ,:]+(?:\w+ ){{0,2}}?{_MODEL}\b(?= ?[:,.!-]| (?:reading|evaluating|grading|processing|reviewing|parsing|summari\w+|crawling|that|who|and))"
    ),
    rf"\bif you are (?:an? |the )?(?:\w+ )?{_MODEL}\b",
    rf"\bto (?:all |any |the )?{_MODEL} (?:reading|processing|evaluating|grading|reviewing|parsing|summari[sz]ing) this\b",
    r"\b(?:graders?|evaluators?) (?:must|shall|are (?:hereby )?(?:required|instructed|ordered))\b",
    (
        r"\b(?:achtung|hinweis (?:an|fur)|anweisung (?:an|fur)|attention|note (?:a|aux?|pour)|avis aux?|nota (?:para|a|alla|per)|atencion|atencao|aviso (?:para|a|aos)|"
        r"attenzione|istruzioni per|instrucciones para|instrucoes para|instructions pour)[ ,:]+(?:\w+['’ ]+){0,4}?"
        r"(?:ki\b|ki-\w+|ia\b|llm\w*|gpt\w*|sprachmodell\w*|modeles? de langage|modelos? de (?:lenguaje|linguagem)|modell\w* linguistic\w*|bewert\w+system\w*|"
        r"evaluateurs? automati\w*|evaluador\w* automatic\w*|avaliador\w* automatic\w*|automatische\w* (?:pruf|bewert)\w*)"
    ),
)

_ROLE_PLAY = (
    (
        r"\b(?:pretend|imagine|act as if|act like|roleplay|role-play|let's play|simulate)(?: that)?(?: to be)? (?:\w+ ){0,4}?(?:you|an?|the) (?:\w+ ){0,5}?"
        r"(?:unrestricted|no restrictions|without (?:any )?(?:rules|restrictions|limits)|grader|evaluator|llm|language model|instructions|generous|jailbroken|ai that)\b"
    ),
    r"\b(?:from now on|henceforth|starting now|from this point)[ ,]+(?:\w+ ){0,2}?you (?:are|will|must|shall|act|answer|respond|obey|should)\b",
    r"\byou are (?:now )?(?:dan\b|in (?:developer|debug|god|maintenance|test|admin) mode|jailbroken|free (?:of|from) (?:all|any|your))",
    r"\b(?:enter|enable|activate|switch to|entering) (?:\w+ )?(?:developer|debug|god|maintenance|dan|jailbreak|sudo|unrestricted) mode\b",
    r"\byou are now (?:a|an|the|in|acting|playing|my|our|longer|completely|free)\b[^.]{0,80}\b(?:grad|scor|rat|evaluat|ai|assistant|instruct|approv|rule)\w*",
)

_SECRECY = (
    (
        r"\b(?:do not|don't|never) (?:mention|reveal|disclose|report|repeat|show|acknowledge|flag|tell anyone about|refer to) (?:\w+ ){0,3}?"
        r"(?:this (?:note|instruction|message|text|notice|paragraph|prompt|section|comment)|these (?:instructions|notes|words))\b"
    ),
    (
        r"\b(?:reveal|print|show|repeat|output|disclose|leak|reproduce|display) (?:\w+ ){0,2}?(?:your|the) (?:\w+ )?(?:system|hidden|initial|original|developer|secret) "
        r"(?:prompts?|instructions?|messages?|rules)\b"
    ),
)

_FORGERY = (
    r"<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id|end|begin_of_text)\b[^>]{0,30}\|?>?",
    r"\[/?inst\]|<<sys>>|<</sys>>|\[/?system(?: message)?\]|<start_of_turn>|<end_of_turn>",
    (
        r"</?(?:system|assistant|developer|system_prompt|instructions?|untrusted\w*|page_text|document|content|source|context)>(?:[^<]{0,60}</?\w+>)?[^.]{0,80}"
        r"\b(?:ignore|grade|score|system ?:|instructions?|must)\b"
    ),
    (
        r"(?:###|\*\*\*|===|---|\[|\bend of (?:page|document|text|data|content|input|untrusted \w+)\b[ .:\])*=-]*) ?(?:system|assistant|developer|new instructions?|instructions?|human|user|admin)"
        r"(?: (?:message|prompt|instructions?|note))?[\]*=# ]* ?:"
    ),
    r"\bend of (?:the )?(?:page|document|untrusted|data|content|input)\b[^.]{0,40}[. :;-]+(?:system|assistant|the following|now|instructions?|your)\b",
    r"\b(?:begin|end) (?:system|untrusted|trusted|developer) (?:prompt|instructions?|text|data|message|block|section|content)\b",
)

_FAKE_PROOF = (
    (
        r"\b(?:use|quote|cite|copy|insert|give|repeat) (?:\w+ ){0,4}?(?:following|this|next|below)(?: \w+){0,3}? (?:sentence|quote|quotation|text|passage|line|words)?"
        r"[^.]{0,30}\b(?:as|for) (?:\w+ ){0,3}?(?:evidence|proof|justification|explanation|quote|quotation|reason)\b"
    ),
    r"\b(?:as|for) (?:the |your )?(?:evidence|proof|justification|quote)[ ,:]+(?:quote|cite|use|copy|write|say|answer)\b",
    r"\b(?:verified|confirmed|certified|approved|validated|pre-?approved) by (?:the )?(?:grader|evaluator|grading \w+|evaluation \w+|openai|anthropic|ai|system administrator|longlist)\b",
    r"\b(?:evaluation|grading|assessment|criteria check|verification) (?:result|outcome|status|verdict|summary)s? ?[:=] ?(?:\w+ ){0,6}?(?:5|five|pass\w*|qualif\w+|all criteria|match)\b",
    r"\b(?:criterion|criteria|criteria_?\d|requirement) ?\w{0,20} ?[:=-]+ ?(?:grade |score )?(?:5|five)(?: ?/ ?5| out of (?:5|five))\b",
    r"\bmeets? (?:all|every|each)(?: of)?(?: the| your)? (?:grading |evaluation |search |possible |listed )?criteri(?:on|a)\b[^.]{0,60}\b(?:grade|score|5|five|qualif|accept|approve|select|shortlist|include)\w*",
)

_WEAK_ANSWER = (
    r"\b(?:valid|only|correct|final|entire) (?:output|answer|response)\b",
    r"\b(?:respond|reply|answer|output|return)(?: only| exactly| just| always| strictly)*(?: with| in| the following| exactly)+ (?:\w+ ){0,4}?(?:json|yes|true|the following|format|\"|\{)",
    r"\byour (?:new |only |real |actual |true |next )?(?:task|instructions?|goal|job|answer|output|response|verdict) (?:is|are|must|should|shall)\b",
)
_WEAK_GRADE = (
    r"[\"'](?:score|grade|rating|relevance|is_match|qualified)[\"'] ?[:=] ?[\"']?(?:5|five|10|100|true|1\.0)\b",
    rf"\b(?:grade|score|rating) ?[:=] ?(?:5|five|{_TOP})\b",
    r"\b(?:every|all|each)(?: of the| the)? (?:grading |evaluation |search )?criteri(?:on|a)\b",
    rf"\b{_TOP} (?:grade|score|marks)\b",
)
_WEAK_ADDRESS = (
    rf"\b(?:for|to|dear|attention|hey|hello) (?:\w+ ){{0,2}}?{_MODEL} ?[:!]",
    r"(?:^|[\n.!?] ?)(?:system|assistant|developer|human) ?: ",
    r"\b(?:please )?(?:obey|comply with|follow) (?:these|this|the following|my|our) (?:new )?(?:instructions?|orders?|commands?|rules)\b",
)
_WEAK_RANK = (
    r"\b(?:rank|place|put|list|recommend|mention|name|include|promote|return) (?:\w+ ){0,4}?(?:first|at the top|above all|before (?:all|any)|as number one|as the only|in every)\b",
    r"\b(?:best|ideal|perfect|right|only) (?:\w+ )?(?:match|company|answer|choice|result) for (?:every|any|all|this|your) (?:quer\w+|search\w*|request|criteri\w+|question)\b",
)

_OTHER_SCRIPTS = (
    # Russian, Ukrainian
    (
        r"(?:игнорируй\w*|проигнорируй\w*|забудь\w*|не обращай\w* внимания на|ігноруй\w*|отмени\w*) (?:\w+ ){0,5}?"
        r"(?:инструкц\w*|указани\w*|правил\w*|команд\w*|інструкц\w*|вказівк\w*|вказівок)"
    ),
    # Chinese, Japanese, Korean
    r"(?:忽略|无视|無視|忘记|忘掉|不要理会|不理會|忽視)[^。！？\n]{0,16}(?:指令|指示|提示|说明|說明|规则|規則|要求|命令)",
    r"(?:指示|命令|プロンプト|ルール|指令|規則)[^。\n]{0,12}(?:無視|忘れ|従わないで|破棄)",
    r"(?:지시|지침|명령|프롬프트|규칙)[^.\n]{0,12}(?:무시|잊어)",
    # Arabic, Hindi
    r"(?:تجاهل|تجاهلوا|انس)[^.\n]{0,24}(?:التعليمات|الاوامر|الأوامر|القواعد|تعليمات)",
    r"(?:निर्देश\w*|निर्देशों|आदेश\w*)[^।\n]{0,20}(?:अनदेखा|नज़रअंदाज़|भूल)",
    # Orders to give the best grade
    r"(?:给|給|打|评|評)[^。\n]{0,16}(?:5 ?分|五分|满分|滿分|最高分)",
    r"(?:すべて|全て|全)[^。\n]{0,12}(?:5|最高)[^。\n]{0,8}(?:評価|点)",
    r"(?:поставь\w*|оцени\w*|присвой\w*)[^.\n]{0,40}(?:\b5\b|пять|высш\w+|максимальн\w+)",
)

ALONE: Patterns = (
    *_compiled("override", *_OVERRIDE),
    *_compiled("grade order", *_GRADE_ORDER),
    *_compiled("address", *_ADDRESS),
    *_compiled("role play", *_ROLE_PLAY),
    *_compiled("secrecy", *_SECRECY),
    *_compiled("forged frame", *_FORGERY),
    *_compiled("forged proof", *_FAKE_PROOF),
)
"""Each of these is an attempt by itself: no honest page about a company's business says so."""

TOGETHER: Patterns = tuple(
    (kind, re.compile("|".join(f"(?:{text})" for text in texts)))
    for kind, texts in (
        ("answer order", _WEAK_ANSWER),
        ("grade order", _WEAK_GRADE),
        ("address", _WEAK_ADDRESS),
        ("rank order", _WEAK_RANK),
    )
)
"""Two of these together are an attempt; one may stand on an honest page."""

OTHER_SCRIPTS: Patterns = _compiled("override", *_OTHER_SCRIPTS)
"""Attempts in other than Latin letters."""

ANCHORS = frozenset(
    word[:5]
    for word in """
    ignore disregard forget override overwrite bypass discard neglect suspend dismiss erase delete pay void superseded
    instructions instruct prompt rules ai guidelines directive obey follow following criterion criteria grade grading score rating rate mark award evaluate evaluator
    grader reviewer judge rank rated ranked label llm llms gpt chatgpt claude gemini copilot chatbot model notice note notes dear attention message
    memo reminder warning pretend imagine roleplay simulate henceforth jailbroken jailbreak dan developer mode mention reveal disclose
    system assistant im_start inst end_of_turn untrusted evidence proof quote cite verified certified verdict respond
    reply answer output return recommend query queries qualified sys start_of_turn now override
    missachten vergiss vergesst vergessen ueberschreib uberschreib ubergeh verwirf beachte anweisung vorgabe regeln befehl bewerte benote vergib
    vergeben hinweis achtung gib geben stufe
    oublie contourne consigne regle attribue donnez donne accorde notez avis modele
    olvida esqueca dimentica desconsidere omita omite caso sigas siga regras reglas regole istruzioni califica puntua otorga asigna dale dele
    nota aviso atencion atencao attenzione atribua avalie classifique pontue conceda assegna valuta attribuisci dai
    negeer vergeet beoordeel geef glom glem bortse zignoruj ignoruj zapomnij pomin talimat komut kural abaikan
    """.split()
)
"""Beginnings (five letters) of words of which every wording in Latin letters has one; nothing is looked for far from them."""

JOINED = re.compile(
    r"ignore(?:all|any|the)?(?:your)?(?:previous|prior|above|earlier)|disregard(?:all|the)?(?:previous|prior)|gradethiscompany|systemprompt"
)
"""Words without the spaces between them, of spelt-out text."""
