// Package config holds the settings of one program, in one struct.
//
// Every setting can be given in three places, under one name: as a flag (--max-rows=500000), as an environment
// variable (CADASTRO_MAX_ROWS=500000), and as a line of the settings file (max-rows = 500000). A flag beats the
// environment, the environment beats the file, the file beats the default. The command line fills the struct through kong,
// with the resolver of [File].
//
// # Where the data lives
//
// The default is ./cadastro-data: who tries the program sees what it made, and removes it with one rm. An
// installed service is told its directory by its unit file (CADASTRO_DATA=/var/lib/cadastro), as such units
// set the environment anyway. A directory hidden in the home folder was turned down: a server has no home.
package config

import (
	"errors"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"time"
	_ "time/tzdata" // one static binary, also where the system has no zones

	"cadastro/internal/errs"
	"cadastro/internal/secret"

	"golang.org/x/text/language"
)

// Config is every setting. Its zero value is of no use: kong fills in the defaults of the tags.
type Config struct {
	Data           string    `help:"Directory for the base and the files." default:"./cadastro-data" env:"CADASTRO_DATA" type:"path" placeholder:"DIR"`
	Database       string    `help:"PostgreSQL URL, or path of a SQLite file. Empty: cadastro.db in the data directory." env:"CADASTRO_DATABASE" placeholder:"URL"`
	Keys           string    `help:"File of the keys that seal secrets, the same for all nodes. Empty: secret.keys in the data directory." name:"key-file" env:"CADASTRO_KEY_FILE" type:"path" placeholder:"FILE"`
	Language       string    `help:"Language for those who chose none: pt-BR, es or en." default:"pt-BR" enum:"pt-BR,es,en" env:"CADASTRO_LANGUAGE"`
	Country        string    `help:"Country of phone numbers and documents that name none (ISO 3166, two letters)." default:"BR" env:"CADASTRO_COUNTRY" placeholder:"CC"`
	TimeZone       string    `help:"Time zone of dates shown (IANA name)." default:"America/Sao_Paulo" env:"CADASTRO_TIME_ZONE" placeholder:"ZONE"`
	Listen         string    `help:"Address of the web server." default:"127.0.0.1:8080" env:"CADASTRO_LISTEN" placeholder:"HOST:PORT"`
	URL            string    `help:"Address under which people reach the server, for links. Empty: made of the listening address." env:"CADASTRO_URL" placeholder:"URL"`
	Grace          Span      `help:"How long requests may take to end when the server stops." default:"20s" env:"CADASTRO_GRACE" placeholder:"TIME"`
	TrustedProxies []Network `help:"Proxies whose X-Forwarded-For and -Proto count." env:"CADASTRO_TRUSTED_PROXIES" placeholder:"NET,..."`
	Max            Max       `embed:"" prefix:"max-"`
	Keep           Keep      `embed:"" prefix:"keep-"`
	Session        Session   `embed:"" prefix:"session-"`
	Limit          Limit     `embed:"" prefix:"limit-"`
	TLS            TLS       `embed:"" prefix:"tls-"`
	ACME           ACME      `embed:"" prefix:"acme-"`
	OIDC           OIDC      `embed:"" prefix:"oidc-"`
	S3             S3        `embed:"" prefix:"s3-"`
	SMTP           SMTP      `embed:"" prefix:"smtp-"`
	Outgoing       Outgoing  `embed:"" prefix:"outgoing-"`
	Metrics        Metrics   `embed:"" prefix:"metrics-"`
	Trace          Trace     `embed:"" prefix:"trace-"`
	Log            Log       `embed:"" prefix:"log-"`
}

// S3 is the service that keeps the files, where several nodes share them. Without a bucket they are in the data directory.
type S3 struct {
	Endpoint  string `help:"Address of the S3-compatible service, as https://s3.sa-east-1.amazonaws.com." env:"CADASTRO_S3_ENDPOINT" placeholder:"URL"`
	Region    string `help:"Region of the service. Empty: its own." env:"CADASTRO_S3_REGION" placeholder:"NAME"`
	Bucket    string `help:"Bucket for the files. Empty: files are kept in the data directory." env:"CADASTRO_S3_BUCKET" placeholder:"NAME"`
	Prefix    string `help:"Folder in the bucket." env:"CADASTRO_S3_PREFIX" placeholder:"PATH"`
	AccessKey string `help:"Access key. Empty: the credentials of the environment or of the machine." env:"CADASTRO_S3_ACCESS_KEY" placeholder:"KEY"`
	SecretKey string `help:"Secret key." env:"CADASTRO_S3_SECRET_KEY" placeholder:"KEY" secret:""`
}

// SMTP is the server that takes our mails. Without a host no mail is sent.
type SMTP struct {
	Host     string `help:"Mail server. Empty: no mails." env:"CADASTRO_SMTP_HOST" placeholder:"HOST"`
	Port     int    `help:"Port of the mail server. 0: 587, 465 with tls, 25 with none." default:"0" env:"CADASTRO_SMTP_PORT" placeholder:"N"`
	User     string `help:"User at the mail server." env:"CADASTRO_SMTP_USER" placeholder:"NAME"`
	Password string `help:"Password at the mail server." env:"CADASTRO_SMTP_PASSWORD" placeholder:"PASSWORD" secret:""`
	Security string `help:"How the connection is protected: starttls, tls or none." default:"starttls" enum:"starttls,tls,none" env:"CADASTRO_SMTP_SECURITY"`
	From     string `help:"Address that mails come from." env:"CADASTRO_SMTP_FROM" placeholder:"ADDRESS"`
	FromName string `help:"Name that mails come from." default:"Cadastro" env:"CADASTRO_SMTP_FROM_NAME" placeholder:"NAME"`
}

// Max bounds what one file may cost.
type Max struct {
	FileSize     Size  `help:"Largest file taken in." default:"2GiB" env:"CADASTRO_MAX_FILE_SIZE" placeholder:"SIZE"`
	InflatedSize Size  `help:"Largest size of a file once decompressed." default:"20GiB" env:"CADASTRO_MAX_INFLATED_SIZE" placeholder:"SIZE"`
	Rows         int64 `help:"Most rows in a file." default:"10000000" env:"CADASTRO_MAX_ROWS" placeholder:"N"`
	Columns      int   `help:"Most columns in a file." default:"16384" env:"CADASTRO_MAX_COLUMNS" placeholder:"N"`
	RecordSize   Size  `help:"Largest single record of a text file." default:"1MiB" env:"CADASTRO_MAX_RECORD_SIZE" placeholder:"SIZE"`
	CellSize     Size  `help:"Largest single cell." default:"1MiB" env:"CADASTRO_MAX_CELL_SIZE" placeholder:"SIZE"`
}

// Keep says how long things are kept before they go by themselves.
type Keep struct {
	Results Span `help:"How long result files can be downloaded." default:"7d" env:"CADASTRO_KEEP_RESULTS" placeholder:"TIME"`
	Exports Span `help:"How long export files can be downloaded." default:"7d" env:"CADASTRO_KEEP_EXPORTS" placeholder:"TIME"`
	Undo    Span `help:"How long an import can be undone." default:"30d" env:"CADASTRO_KEEP_UNDO" placeholder:"TIME"`
	Bin     Span `help:"How long a deleted contact can be restored." default:"30d" env:"CADASTRO_KEEP_BIN" placeholder:"TIME"`
	Review  Span `help:"How long a reviewed import waits for its start." default:"1h" env:"CADASTRO_KEEP_REVIEW" placeholder:"TIME"`
}

// Log says what is logged and how.
type Log struct {
	Level  string `help:"Least level that is logged: debug, info, warn or error." default:"info" enum:"debug,info,warn,error" env:"CADASTRO_LOG_LEVEL"`
	Format string `help:"Format of log lines: text or json." default:"text" enum:"text,json" env:"CADASTRO_LOG_FORMAT"`
}

// Check tells every setting that cannot work, as errors of kind Invalid with codes "config.…", joined; nil
// where all is well. It puts the country into upper case, and the address into URL where there is none.
func (c *Config) Check() error {
	var found []error
	wrong := func(code string, args ...any) { found = append(found, errs.New(errs.Invalid, code, args...)) }

	if strings.TrimSpace(c.Data) == "" {
		wrong("config.data")
	}
	if u, err := url.Parse(c.Database); c.Postgres() && (err != nil || u.Host == "" && u.Query().Get("host") == "") {
		wrong("config.database") // without the value: it may hold a password
	}
	c.Country = strings.ToUpper(strings.TrimSpace(c.Country))
	if r, err := language.ParseRegion(c.Country); err != nil || len(c.Country) != 2 || !r.IsCountry() {
		wrong("config.country", "value", c.Country)
	}
	if _, err := c.Location(); err != nil {
		wrong("config.time_zone", "value", c.TimeZone)
	}
	if c.URL == "" {
		c.URL = c.addressOf()
	} else if !webAddress(c.URL) {
		wrong("config.url", "value", c.URL)
	}
	c.checkServe(wrong)
	if (c.S3.Bucket == "") != (c.S3.Endpoint == "") {
		wrong("config.s3")
	}
	if c.SMTP.Host != "" && !strings.Contains(c.SMTP.From, "@") {
		wrong("config.smtp_from")
	}
	for _, n := range []struct {
		setting string
		value   int64
	}{
		{"max-file-size", int64(c.Max.FileSize)},
		{"max-inflated-size", int64(c.Max.InflatedSize)},
		{"max-rows", c.Max.Rows},
		{"max-columns", int64(c.Max.Columns)},
		{"max-record-size", int64(c.Max.RecordSize)},
		{"max-cell-size", int64(c.Max.CellSize)},
		{"keep-results", int64(c.Keep.Results)},
		{"keep-exports", int64(c.Keep.Exports)},
		{"keep-undo", int64(c.Keep.Undo)},
		{"keep-bin", int64(c.Keep.Bin)},
		{"keep-review", int64(c.Keep.Review)},
		{"session-idle", int64(c.Session.Idle)},
		{"session-life", int64(c.Session.Life)},
		{"limit-api", int64(c.Limit.API)},
		{"limit-address", int64(c.Limit.Address)},
		{"grace", int64(c.Grace)},
	} {
		if n.value <= 0 {
			wrong("config.not_positive", "setting", n.setting)
		}
	}
	return errors.Join(found...)
}

// Postgres tells whether the base is on PostgreSQL.
func (c *Config) Postgres() bool {
	return strings.HasPrefix(c.Database, "postgres://") || strings.HasPrefix(c.Database, "postgresql://")
}

// DatabaseURL gives what db.Open takes: the PostgreSQL URL or the path of the SQLite file.
func (c *Config) DatabaseURL() string {
	if c.Database == "" {
		return filepath.Join(c.Data, "cadastro.db")
	}
	return c.Database
}

// KeysFile gives the path of the file with the keys that seal secrets.
func (c *Config) KeysFile() string {
	if c.Keys == "" {
		return filepath.Join(c.Data, secret.FileName)
	}
	return c.Keys
}

// BlobDir gives the directory of the files.
func (c *Config) BlobDir() string { return filepath.Join(c.Data, "blobs") }

// Location gives the time zone. Unlike time.LoadLocation it knows no "Local" and no "": the zone of a server
// is an accident.
func (c *Config) Location() (*time.Location, error) {
	if c.TimeZone == "" || c.TimeZone == "Local" {
		return nil, errs.New(errs.Invalid, "config.time_zone", "value", c.TimeZone)
	}
	return time.LoadLocation(c.TimeZone)
}

// LogValue gives the settings worth a line at the start; the database's URL only as the engine's name, since it may hold a password.
func (c *Config) LogValue() slog.Value {
	engine := "sqlite"
	if c.Postgres() {
		engine = "postgres"
	}
	return slog.GroupValue(
		slog.String("data", c.Data), slog.String("engine", engine), slog.String("listen", c.Listen),
		slog.String("language", c.Language), slog.String("country", c.Country), slog.String("time_zone", c.TimeZone),
	)
}
