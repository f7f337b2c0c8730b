package table

// A kind is one file of the input folder or one sheet of a workbook.
type kind struct {
	name     string   // the file's name without extension, and the JSON key in care.Day
	aliases  []string // other names of the file, Swedish first
	required bool     // reading fails without it
	columns  []column //
}

// A column is one header of a kind.
type column struct {
	name     string   // as written by WriteFolder
	aliases  []string // other headers, Swedish first
	required bool     // the header must be there and no cell may be empty
	form     string   // what a cell holds: "id", "clock", ...; shown in docs/input.md
}

// The kinds in the order in which they are read and written. This list and
// docs/input.md say the same; a test holds them together.
var kinds = []kind{
	{name: "day", aliases: []string{"dag", "planeringsdag"}, columns: []column{
		{name: "key", aliases: []string{"nyckel", "egenskap", "setting"}, required: true, form: "word"},
		{name: "value", aliases: []string{"värde", "varde"}, form: "text"},
	}},
	{name: "municipalities", aliases: []string{"kommuner", "municipality", "kommun"}, columns: []column{
		{name: "id", aliases: []string{"kommunkod", "kod", "code"}, required: true, form: "id"},
		{name: "name", aliases: []string{"namn", "kommun", "kommunnamn"}, form: "text"},
	}},
	{name: "places", aliases: []string{"platser", "place", "plats", "adresspunkter"}, required: true, columns: []column{
		{name: "id", aliases: []string{"plats", "plats id", "place", "place id"}, required: true, form: "id"},
		{name: "lat", aliases: []string{"latitud", "latitude", "wgs84 lat", "bredd", "breddgrad"}, form: "degrees"},
		{name: "lon", aliases: []string{"longitud", "longitude", "long", "lng", "wgs84 lon", "längd", "längdgrad"}, form: "degrees"},
		{name: "n_sweref99tm", aliases: []string{"nord", "norr", "northing", "n", "sweref n", "n sweref", "sweref99tm n", "x sweref99tm"}, form: "metres"},
		{name: "e_sweref99tm", aliases: []string{"öst", "ost", "easting", "e", "sweref e", "e sweref", "sweref99tm e", "y sweref99tm"}, form: "metres"},
		{name: "municipality", aliases: []string{"kommun", "kommunkod"}, form: "id"},
		{name: "leave", aliases: []string{"avgångstid", "tid före körning", "leave min"}, form: "minutes"},
		{name: "arrive", aliases: []string{"ankomsttid", "tid efter körning", "arrive min"}, form: "minutes"},
	}},
	{name: "bases", aliases: []string{"baser", "base", "bas", "hemtjänstlokaler", "lokaler"}, columns: []column{
		{name: "id", aliases: []string{"bas", "lokal", "base", "base id"}, required: true, form: "id"},
		{name: "place", aliases: []string{"plats", "plats id", "place id"}, form: "id"},
		{name: "municipality", aliases: []string{"kommun", "kommunkod"}, form: "id"},
	}},
	{name: "clients", aliases: []string{"brukare", "client", "kunder", "omsorgstagare"}, required: true, columns: []column{
		{name: "id", aliases: []string{"brukare", "brukar id", "client", "client id", "kund"}, required: true, form: "id"},
		{name: "place", aliases: []string{"plats", "plats id", "place id", "bostad"}, required: true, form: "id"},
		{name: "municipality", aliases: []string{"kommun", "kommunkod"}, form: "id"},
		{name: "fixed_contact", aliases: []string{"fast omsorgskontakt", "fast kontakt", "contact", "kontakt"}, form: "id"},
		{name: "blocked", aliases: []string{"spärrade", "spärrad", "blockerade", "blocked carers"}, form: "ids"},
		{name: "languages", aliases: []string{"språk", "language"}, form: "words"},
	}},
	{name: "carers", aliases: []string{"medarbetare", "personal", "carer", "staff"}, required: true, columns: []column{
		{name: "id", aliases: []string{"medarbetare", "medarbetar id", "carer", "carer id", "anställd"}, required: true, form: "id"},
		{name: "profession", aliases: []string{"yrke", "befattning", "titel"}, required: true, form: "profession"},
		{name: "municipality", aliases: []string{"kommun", "kommunkod", "arbetsgivare"}, form: "id"},
		{name: "unit", aliases: []string{"enhet", "grupp", "arbetslag"}, form: "id"},
		{name: "skills", aliases: []string{"kompetenser", "kompetens", "skill"}, form: "words"},
		{name: "languages", aliases: []string{"språk", "language"}, form: "words"},
	}},
	{name: "delegations", aliases: []string{"delegeringar", "delegation", "delegering"}, columns: []column{
		{name: "carer", aliases: []string{"medarbetare", "medarbetar id", "carer id"}, required: true, form: "id"},
		{name: "task", aliases: []string{"uppgift", "insats"}, required: true, form: "word"},
		{name: "unit", aliases: []string{"enhet", "utfärdande enhet", "issuing unit"}, form: "id"},
		{name: "clients", aliases: []string{"brukare", "client", "gäller brukare"}, form: "ids"},
		{name: "from", aliases: []string{"från", "giltig från", "valid from", "from date"}, form: "date"},
		{name: "to", aliases: []string{"till", "giltig till", "valid to", "to date", "until"}, form: "date"},
	}},
	{name: "vehicles", aliases: []string{"fordon", "bilar", "vehicle", "bil"}, columns: []column{
		{name: "id", aliases: []string{"fordon", "bil", "vehicle", "vehicle id"}, required: true, form: "id"},
		{name: "base", aliases: []string{"bas", "lokal", "base id"}, required: true, form: "id"},
		{name: "mode", aliases: []string{"färdsätt", "färdmedel"}, form: "mode"},
	}},
	{name: "shifts", aliases: []string{"pass", "arbetspass", "shift", "schema", "turer"}, required: true, columns: []column{
		{name: "id", aliases: []string{"pass", "pass id", "shift", "shift id"}, required: true, form: "id"},
		{name: "carer", aliases: []string{"medarbetare", "medarbetar id", "carer id", "personal"}, required: true, form: "id"},
		{name: "start", aliases: []string{"start time", "starttid", "börjar", "passets start"}, required: true, form: "clock"},
		{name: "end", aliases: []string{"slut", "end time", "sluttid", "slutar", "passets slut"}, required: true, form: "clock"},
		{name: "base", aliases: []string{"bas", "lokal", "base id"}, form: "id"},
		{name: "from", aliases: []string{"från", "startplats", "from place", "start place"}, form: "id"},
		{name: "to", aliases: []string{"till", "slutplats", "to place", "end place"}, form: "id"},
		{name: "mode", aliases: []string{"färdsätt", "färdmedel"}, form: "mode"},
		{name: "vehicle", aliases: []string{"fordon", "bil", "vehicle id"}, form: "id"},
		{name: "breaks", aliases: []string{"raster", "rast", "break"}, form: "breaks"},
	}},
	{name: "visits", aliases: []string{"besök", "visit", "insatser"}, required: true, columns: []column{
		{name: "id", aliases: []string{"besök", "besöks id", "visit", "visit id"}, required: true, form: "id"},
		{name: "client", aliases: []string{"brukare", "brukar id", "client id", "kund"}, required: true, form: "id"},
		{name: "place", aliases: []string{"plats", "plats id", "place id"}, form: "id"},
		{name: "task", aliases: []string{"uppgift", "insats", "besökstyp"}, form: "word"},
		{name: "duration", aliases: []string{"längd", "tidsåtgång", "besökslängd", "minuter", "minutes", "duration min"}, required: true, form: "minutes"},
		{name: "window", aliases: []string{"tidsfönster", "fönster", "windows", "time window", "time windows", "tid"}, form: "windows"},
		{name: "earliest", aliases: []string{"tidigast", "tidigast start", "från", "from", "window start", "window from"}, form: "clock"},
		{name: "latest", aliases: []string{"senast", "senast start", "till", "to", "window end", "window to"}, form: "clock"},
		{name: "preferred", aliases: []string{"önskad tid", "önskat fönster", "preferred window"}, form: "window"},
		{name: "professions", aliases: []string{"yrken", "yrke", "profession", "yrkeskrav"}, form: "professions"},
		{name: "delegation", aliases: []string{"delegering"}, form: "word"},
		{name: "skills", aliases: []string{"kompetenser", "kompetens", "skill"}, form: "words"},
		{name: "carers", aliases: []string{"antal medarbetare", "antal personal", "number of carers", "bemanning", "dubbelbemanning"}, form: "number"},
		{name: "priority", aliases: []string{"prioritet", "prio"}, form: "priority"},
		{name: "optional", aliases: []string{"valfritt", "kan utgå", "valfri"}, form: "yes/no"},
	}},
	{name: "links", aliases: []string{"kopplingar", "link", "samband"}, columns: []column{
		{name: "first", aliases: []string{"första", "första besök", "first visit"}, required: true, form: "id"},
		{name: "second", aliases: []string{"andra", "andra besök", "second visit"}, required: true, form: "id"},
		{name: "min", aliases: []string{"minst", "minst minuter", "min gap", "min minutes"}, required: true, form: "minutes"},
		{name: "max", aliases: []string{"högst", "högst minuter", "max gap", "max minutes"}, required: true, form: "minutes"},
		{name: "carer", aliases: []string{"medarbetare", "samma medarbetare"}, form: "same/different"},
		{name: "together", aliases: []string{"tillsammans", "båda eller inget"}, form: "yes/no"},
	}},
	{name: "pins", aliases: []string{"låsningar", "låsta", "pin", "låsta besök"}, columns: []column{
		{name: "visit", aliases: []string{"besök", "besöks id", "visit id"}, required: true, form: "id"},
		{name: "shift", aliases: []string{"pass", "pass id", "shift id"}, form: "id"},
		{name: "start", aliases: []string{"starttid", "start time", "klockslag"}, form: "clock"},
	}},
	{name: "agreements", aliases: []string{"avtal", "samverkansavtal", "agreement"}, columns: []column{
		{name: "home", aliases: []string{"hemkommun", "arbetsgivare", "home municipality"}, required: true, form: "id"},
		{name: "serving", aliases: []string{"mottagande", "mottagande kommun", "serving municipality"}, required: true, form: "id"},
		{name: "professions", aliases: []string{"yrken", "yrke", "profession"}, form: "professions"},
	}},
	{name: "history", aliases: []string{"historik", "tidigare besök"}, columns: []column{
		{name: "date", aliases: []string{"datum"}, required: true, form: "date"},
		{name: "client", aliases: []string{"brukare", "brukar id", "client id"}, required: true, form: "id"},
		{name: "carer", aliases: []string{"medarbetare", "medarbetar id", "carer id"}, required: true, form: "id"},
	}},
	{name: "neighbours", aliases: []string{"angränsande pass", "pass andra dagar", "grannpass", "neighbors"}, columns: []column{
		{name: "carer", aliases: []string{"medarbetare", "medarbetar id", "carer id"}, required: true, form: "id"},
		{name: "start", aliases: []string{"starttid", "start time", "börjar"}, required: true, form: "date and clock"},
		{name: "end", aliases: []string{"slut", "sluttid", "end time", "slutar"}, required: true, form: "date and clock"},
	}},
}

// The keys of day.csv: what each means is in docs/input.md.
var dayKeys = []column{
	{name: "date", aliases: []string{"datum"}},
	{name: "timezone", aliases: []string{"tidszon", "time zone"}},
	{name: "area", aliases: []string{"område", "name", "namn"}},
	{name: "note", aliases: []string{"anmärkning", "notering"}},
	{name: "season", aliases: []string{"årstid", "säsong"}},
	{name: "speed_percent", aliases: []string{"hastighet procent", "fart procent"}},
	{name: "ice_roads", aliases: []string{"isvägar"}},
	{name: "members", aliases: []string{"medlemmar", "medlemskommuner"}},
}

// namesColumns are the headers of names.csv, the one file that may hold what
// a person is called.
var namesColumns = []column{
	{name: "id", aliases: []string{"brukare", "medarbetare", "client", "carer"}, required: true, form: "id"},
	{name: "name", aliases: []string{"namn"}, required: true, form: "text"},
	{name: "address", aliases: []string{"adress", "gatuadress"}, form: "text"},
	{name: "door_code", aliases: []string{"portkod", "dörrkod", "door"}, form: "text"},
	{name: "key_number", aliases: []string{"nyckelnummer", "nyckel", "key"}, form: "text"},
	{name: "kind", aliases: []string{"typ", "slag"}, form: "client/carer"},
}

// personalHeaders are headers that say a column holds who somebody is. They
// are refused everywhere but in names.csv, whatever the cells hold.
var personalHeaders = []string{
	"namn", "name", "förnamn", "efternamn", "fullständigt namn", "first name", "last name", "full name", "surname",
	"brukarnamn", "brukarens namn", "client name", "medarbetarnamn", "carer name", "personnamn",
	"adress", "address", "gatuadress", "street", "street address", "bostadsadress", "postadress",
	"personnummer", "person nr", "pnr", "personal number", "personal identity number", "samordningsnummer", "födelsedatum", "birth date", "date of birth", "ssn",
	"telefon", "telefonnummer", "mobil", "mobilnummer", "phone", "phone number", "mobile", "tel", "e post", "epost", "email", "e mail",
	"portkod", "dörrkod", "door code", "nyckelnummer", "key number",
}

// kindByName finds a kind by its own name.
func kindByName(name string) *kind {
	for i := range kinds {
		if kinds[i].name == name {
			return &kinds[i]
		}
	}
	return nil
}
